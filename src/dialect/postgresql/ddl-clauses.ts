import type {
  Check,
  Column,
  Exclusion,
  ForeignKey,
  Identity,
  Index,
  IndexPart,
  Json,
  PrimaryKey,
  Table,
  TableRef,
  Unique,
} from "../../schema/index.ts";
import { defaultSql } from "./physical.ts";
import { quoteName, quoteString, quoteTable } from "./quote.ts";
import { typeName } from "./type-name.ts";

/** The clauses that statements are made of: columns, constraints, index keys. */

/** The value of an option that PostgreSQL alone knows. */
export function option(options: Table["options"], name: string): Json | undefined {
  return options["postgresql"]?.[name];
}

/** A list of quoted names in parentheses. */
export function nameList(names: readonly string[]): string {
  return `(${names.map(quoteName).join(", ")})`;
}

/** The options of an identity column, in parentheses where there are any. */
function identityOptions(identity: Identity, sequence: Json | undefined): string {
  const options = [
    typeof sequence === "string" ? `SEQUENCE NAME ${quoteName(sequence)}` : "",
    identity.start === undefined ? "" : `START WITH ${identity.start}`,
    identity.increment === undefined ? "" : `INCREMENT BY ${identity.increment}`,
    identity.minValue === undefined ? "" : `MINVALUE ${identity.minValue}`,
    identity.maxValue === undefined ? "" : `MAXVALUE ${identity.maxValue}`,
    identity.cache === undefined ? "" : `CACHE ${identity.cache}`,
    identity.cycle === true ? "CYCLE" : "",
  ].filter((each) => each !== "");
  return options.length === 0 ? "" : ` (${options.join(" ")})`;
}

/** What a column has that numbers itself, where nothing else is said. */
export const usualIdentity: Identity = { generation: "by default" };

/** `GENERATED … AS IDENTITY`. */
export function identityClause(identity: Identity, options: Table["options"]): string {
  const said = identityOptions(identity, option(options, "sequence"));
  return `GENERATED ${identity.generation.toUpperCase()} AS IDENTITY${said}`;
}

/** What fills a column: an identity, an expression, a default. */
function filling(column: Column): string {
  const identity = column.identity ?? (column.autoIncrement ? usualIdentity : null);
  if (identity !== null) return ` ${identityClause(identity, column.options)}`;
  if (column.generated !== null) {
    return ` GENERATED ALWAYS AS (${column.generated.expression}) ${column.generated.stored ? "STORED" : "VIRTUAL"}`;
  }
  return column.default === null ? "" : ` DEFAULT ${defaultSql(column.default)}`;
}

/** A column's definition. */
export function columnClause(column: Column): string {
  const collation = column.collation === null ? "" : ` COLLATE ${collationName(column.collation)}`;
  const nullable = column.nullable ? "" : " NOT NULL";
  const serial = column.autoIncrement ? serialType(column) : undefined;
  if (serial !== undefined) return `${quoteName(column.name)} ${serial}${nullable}`;
  return `${quoteName(column.name)} ${typeName(column.type)}${collation}${filling(column)}${nullable}`;
}

const serials: Readonly<Record<string, string>> = {
  smallint: "smallserial",
  integer: "serial",
  bigint: "bigserial",
};

/** `serial` where the column asks for it rather than for an identity. */
function serialType(column: Column): string | undefined {
  return option(column.options, "serial") === true ? serials[column.type.kind] : undefined;
}

/** A collation's name; one that is already qualified and quoted is kept. */
export function collationName(collation: string): string {
  return collation.includes(".") && !collation.includes("-") ? collation : quoteName(collation);
}

function constraintName(name: string | null): string {
  return name === null ? "" : `CONSTRAINT ${quoteName(name)} `;
}

function deferrableClause(deferrable: Unique["deferrable"]): string {
  if (deferrable === null) return "";
  return ` DEFERRABLE INITIALLY ${deferrable.toUpperCase()}`;
}

/** The columns of a key, of which the last may be a period that overlaps no other. */
function keyColumns({ columns, options }: Pick<PrimaryKey, "columns" | "options">): string {
  const overlaps = option(options, "withoutOverlaps") === true ? " WITHOUT OVERLAPS" : "";
  return `(${columns.map(quoteName).join(", ")}${overlaps})`;
}

/** The columns on one side of a foreign key, of which the last may be a period. */
function periodColumns(columns: readonly string[], { options }: ForeignKey): string {
  const period = option(options, "period") === true ? columns.length - 1 : -1;
  return `(${columns.map((name, at) => `${at === period ? "PERIOD " : ""}${quoteName(name)}`).join(", ")})`;
}

/** What of a constraint is said of the index behind it. */
export function indexClauses(options: Table["options"]): string {
  const include = option(options, "include");
  const columns = Array.isArray(include) ? ` INCLUDE ${nameList(include.map(String))}` : "";
  return `${columns}${withClause(option(options, "with"))}`;
}

/** What is said of a constraint beside its definition. */
export function constraintComments(
  table: TableRef,
  { name, options }: { readonly name: string | null; readonly options: Table["options"] },
): readonly string[] {
  const comment = option(options, "comment");
  if (name === null || typeof comment !== "string") return [];
  return [`COMMENT ON CONSTRAINT ${quoteName(name)} ON ${quoteTable(table)} IS ${quoteString(comment)}`];
}

/** A primary key's definition. */
export function primaryKeyClause(key: PrimaryKey): string {
  const said = option(key.options, "deferrable");
  const deferrable = said === "immediate" || said === "deferred" ? said : null;
  return `${constraintName(key.name)}PRIMARY KEY ${keyColumns(key)}${indexClauses(key.options)}${deferrableClause(deferrable)}`;
}

/** A unique constraint's definition. */
export function uniqueClause(unique: Unique): string {
  const nulls = unique.nullsNotDistinct ? " NULLS NOT DISTINCT" : "";
  return `${constraintName(unique.name)}UNIQUE${nulls} ${keyColumns(unique)}${indexClauses(unique.options)}${deferrableClause(unique.deferrable)}`;
}

/** Whether a constraint holds for the rows that are there, or at all. */
function validityClause(options: Table["options"]): string {
  if (option(options, "notEnforced") === true) return " NOT ENFORCED";
  return option(options, "notValid") === true ? " NOT VALID" : "";
}

/** A check's definition. */
export function checkClause(check: Check): string {
  const inherit = option(check.options, "noInherit") === true ? " NO INHERIT" : "";
  const valid = validityClause(check.options);
  return `${constraintName(check.name)}CHECK (${check.expression})${inherit}${valid}`;
}

/** A foreign key's definition. */
export function foreignKeyClause(key: ForeignKey): string {
  const columns = option(key.options, "onDeleteColumns");
  const listed = Array.isArray(columns) ? ` ${nameList(columns.map(String))}` : "";
  const onDelete = key.onDelete === "no action" ? "" : ` ON DELETE ${key.onDelete.toUpperCase()}${listed}`;
  const onUpdate = key.onUpdate === "no action" ? "" : ` ON UPDATE ${key.onUpdate.toUpperCase()}`;
  const match = key.match === "simple" ? "" : ` MATCH ${key.match.toUpperCase()}`;
  const valid = validityClause(key.options);
  const references = `${quoteTable(key.references)} ${periodColumns(key.references.columns, key)}`;
  return `${constraintName(key.name)}FOREIGN KEY ${periodColumns(key.columns, key)} REFERENCES ${references}${match}${onDelete}${onUpdate}${deferrableClause(key.deferrable)}${valid}`;
}

/** An exclusion constraint's definition. */
export function exclusionClause(exclusion: Exclusion): string {
  const elements = exclusion.elements.map((each) => `${indexPartClause(each.part)} WITH ${each.operator}`);
  const where = exclusion.where === null ? "" : ` WHERE (${exclusion.where})`;
  return `${constraintName(exclusion.name)}EXCLUDE USING ${exclusion.method} (${elements.join(", ")})${indexClauses(exclusion.options)}${where}${deferrableClause(exclusion.deferrable)}`;
}

/** One key of an index. */
export function indexPartClause(part: IndexPart): string {
  const key = part.column === null ? `(${part.expression ?? ""})` : quoteName(part.column);
  const collation = part.collation === null ? "" : ` COLLATE ${collationName(part.collation)}`;
  const operatorClass = part.operatorClass === null ? "" : ` ${part.operatorClass}`;
  const order = part.order === "desc" ? " DESC" : "";
  const nulls = part.nulls === null ? "" : ` NULLS ${part.nulls.toUpperCase()}`;
  return `${key}${collation}${operatorClass}${order}${nulls}`;
}

/** `CREATE INDEX`, without the semicolon. */
export function createIndexStatement(table: Pick<Table, "schema" | "name">, index: Index): string {
  const unique = index.unique ? "UNIQUE " : "";
  const concurrently = option(index.options, "concurrently") === true ? "CONCURRENTLY " : "";
  const method = index.method === null ? "" : ` USING ${index.method}`;
  const include = index.include.length === 0 ? "" : ` INCLUDE ${nameList(index.include)}`;
  const nulls = index.nullsNotDistinct ? " NULLS NOT DISTINCT" : "";
  const parameters = withClause(option(index.options, "with"));
  const where = index.where === null ? "" : ` WHERE ${index.where}`;
  const parts = index.parts.map(indexPartClause).join(", ");
  return `CREATE ${unique}INDEX ${concurrently}${quoteName(index.name)} ON ${quoteTable(table)}${method} (${parts})${include}${nulls}${parameters}${where}`;
}

/** `WITH (…)` for storage parameters. */
export function withClause(parameters: Json | undefined): string {
  if (parameters === undefined || parameters === null || typeof parameters !== "object") return "";
  const list = Object.entries(parameters).map(([name, value]) => `${name} = ${String(value)}`);
  return list.length === 0 ? "" : ` WITH (${list.join(", ")})`;
}

/** Statements that set how a column is kept and counted: storage, compression, statistics target. */
export function columnSettings(
  table: TableRef,
  column: Pick<Column, "name" | "type">,
  from: Table["options"],
  to: Table["options"],
): readonly string[] {
  const settings = [
    ["storage", "STORAGE", usualStorage(column.type)],
    ["compression", "COMPRESSION", "default"],
    ["statistics", "STATISTICS", "-1"],
  ] as const;
  const place = `${quoteTable(table)} ALTER COLUMN ${quoteName(column.name)}`;
  const alter = `ALTER TABLE ${place}`;
  // What has its columns from this table counts them in its own way.
  const only = `ALTER TABLE ONLY ${place}`;
  const [before, after] = [parametersOf(from), parametersOf(to)];
  const reset = Object.keys(before).filter((name) => !(name in after));
  return [
    ...settings
      .filter(([key]) => option(from, key) !== option(to, key))
      .map(
        ([key, word, usual]) =>
          `${key === "statistics" ? only : alter} SET ${word} ${String(option(to, key) ?? usual)}`,
      ),
    ...(reset.length === 0 ? [] : [`${alter} RESET (${reset.join(", ")})`]),
    ...(JSON.stringify(before) === JSON.stringify(after) || Object.keys(after).length === 0
      ? []
      : [`${alter} SET${withClause(after).slice(5)}`]),
  ];
}

function parametersOf(options: Table["options"]): { readonly [name: string]: Json } {
  return (option(options, "with") ?? {}) as { readonly [name: string]: Json };
}

/** How values of a type are kept unless said otherwise; only new servers have a word for that. */
function usualStorage(type: Column["type"]): string {
  switch (type.kind) {
    case "numeric":
      return "MAIN";
    case "char":
    case "varchar":
    case "text":
    case "bytes":
    case "json":
    case "jsonb":
    case "array":
      return "EXTENDED";
    case "native":
      return "DEFAULT";
    case "user":
      return usualStorage(type.base);
    default:
      return "PLAIN";
  }
}

/** Statements that say of a column what its definition cannot: settings and comment. */
export function columnExtras(table: TableRef, column: Column): readonly string[] {
  const comment =
    column.comment === null
      ? []
      : [
          `COMMENT ON COLUMN ${quoteTable(table)}.${quoteName(column.name)} IS ${quoteString(column.comment)}`,
        ];
  return [...columnSettings(table, column, {}, column.options), ...comment];
}

/** The statements that add a column, whole. */
export function addColumnStatements(table: TableRef, column: Column): readonly string[] {
  return [
    `ALTER TABLE ${quoteTable(table)} ADD COLUMN ${columnClause(column)}`,
    ...columnExtras(table, column),
  ];
}

/** The statements that make an index, with its comment. */
export function createIndexStatements(table: TableRef, index: Index): readonly string[] {
  const name = quoteTable({ schema: table.schema, name: index.name });
  return [
    createIndexStatement(table, index),
    ...(index.comment === null ? [] : [`COMMENT ON INDEX ${name} IS ${quoteString(index.comment)}`]),
    ...Object.entries((option(index.options, "statistics") ?? {}) as Readonly<Record<string, number>>).map(
      ([key, target]) => `ALTER INDEX ${name} ALTER COLUMN ${key} SET STATISTICS ${target}`,
    ),
  ];
}
