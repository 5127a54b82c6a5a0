import { mentionedNames, mentions } from "../../schema/expression.ts";
import {
  type Check,
  type Column,
  type DialectOptions,
  type ForeignKey,
  findColumn,
  type Index,
  type IndexPart,
  type PrimaryKey,
  type Table,
  type TableRef,
  type Unique,
} from "../../schema/index.ts";
import { bare, isLiteral, isPresentMoment, serverExpression } from "./expression.ts";
import { type Binding, isMariadb, unusedIndexWord } from "./flavor.ts";
import { option, saidOfIndex, textOption } from "./options.ts";
import { keysOfClause, periodOfKey } from "./period.ts";
import { isColumnCheck, isLong, isPlace, momentDigits, physicalType } from "./physical.ts";
import { quoteName, quoteString } from "./quote.ts";
import { typeName } from "./type-name.ts";

/** The clauses that statements are made of: columns, constraints, index keys. */

/** A table's name, quoted; that of another database with the database before it. */
export function quoteTable(table: TableRef): string {
  return table.schema === null
    ? quoteName(table.name)
    : `${quoteName(table.schema)}.${quoteName(table.name)}`;
}

/** A list of quoted names in parentheses. */
export function nameList(names: readonly string[]): string {
  return `(${names.map(quoteName).join(", ")})`;
}

/**
 * A default as SQL. The present moment gets as many digits as the column has; other expressions parentheses. Double
 * quotes stay the server's own, round strings: neutral text has no names in a default.
 */
export function defaultSql(column: Column, binding: Binding): string | null {
  const value = column.default;
  if (value === null) return null;
  const physical = physicalType(column.type, binding);
  const long = isLong(physical) && !isMariadb(binding);
  if (value.kind === "literal") {
    if (value.value === null) return "NULL";
    const text = typeof value.value === "string" ? quoteString(value.value) : String(value.value);
    return long ? `(${text})` : text;
  }
  const sql = bare(value.sql);
  const digits = momentDigits(physical);
  if (digits !== null && isPresentMoment(sql)) return presentMoment(digits);
  if (isLiteral(sql) && (!long || /^null$/i.test(sql))) return sql;
  return `(${sql})`;
}

/** The present moment with so many digits after the second. */
export function presentMoment(digits: number): string {
  return digits === 0 ? "CURRENT_TIMESTAMP" : `CURRENT_TIMESTAMP(${digits})`;
}

/** The expression of ON UPDATE, with as many digits as the column has. */
export function onUpdateSql(column: Column, binding: Binding): string | null {
  const written = textOption(column.options, "onUpdate");
  if (written === null) return null;
  const digits = momentDigits(physicalType(column.type, binding));
  return digits === null ? written : presentMoment(digits);
}

/** The check that is part of the definition of a column, where there is one. */
export function checkOfColumn(column: Column, table: Table): Check | undefined {
  return table.checks.find((check) => isColumnCheck(check) && ownerOf(check, table) === column.name);
}

/** A check keeps its name where its column is renamed: then the column is the one that it speaks of. */
function ownerOf(check: Check, table: Table): string | undefined {
  const named = check.name === null ? undefined : findColumn(table, check.name);
  if (named !== undefined && mentions(check.expression, named.name)) return named.name;
  const mentioned = mentionedNames(check.expression).map((name) => findColumn(table, name));
  return mentioned.find((column) => column !== undefined)?.name ?? named?.name;
}

/** How a column is defined beside what it is. */
export interface ColumnForm {
  /** Whether the server numbers the column, which it does only for the beginning of a key. */
  readonly numbered: boolean;
}

/** A column's definition, its name first. */
export function columnClause(column: Column, table: Table, binding: Binding, form: ColumnForm): string {
  const sql = column.type.kind === "native" ? column.type.sql : typeName(column.type, binding);
  const charset = textOption(column.options, "charset");
  const parts = [
    quoteName(column.name),
    sql,
    option(column.options, "compressed") === true ? "COMPRESSED" : "",
    charset === null || /\bcharacter set\b/i.test(sql) ? "" : `CHARACTER SET ${charset}`,
    column.collation === null ? "" : `COLLATE ${column.collation}`,
  ];
  const check = checkOfColumn(column, table);
  const rest =
    column.generated === null ? plainParts(column, binding, form) : generatedParts(column, table, binding);
  parts.push(
    ...rest,
    spatialReference(column),
    option(column.options, "invisible") === true ? "INVISIBLE" : "",
    option(column.options, "unversioned") === true ? "WITHOUT SYSTEM VERSIONING" : "",
    column.comment === null ? "" : `COMMENT ${quoteString(column.comment)}`,
    check === undefined ? "" : `CHECK (${serverExpression(check.expression, table.columns)})`,
  );
  return parts.filter((part) => part !== "").join(" ");
}

function plainParts(column: Column, binding: Binding, form: ColumnForm): string[] {
  const value = defaultSql(column, binding);
  const onUpdate = onUpdateSql(column, binding);
  // A timestamp is NOT NULL unless it is told otherwise, on some servers.
  const mayBeNull = physicalType(column.type, binding).startsWith("timestamp") ? "NULL" : "";
  return [
    column.nullable ? mayBeNull : "NOT NULL",
    value === null ? "" : `DEFAULT ${value}`,
    onUpdate === null ? "" : `ON UPDATE ${onUpdate}`,
    form.numbered ? "AUTO_INCREMENT" : "",
  ];
}

function generatedParts(column: Column, table: Table, binding: Binding): string[] {
  const generated = column.generated!;
  if (isOfPeriod(column)) return [`GENERATED ALWAYS AS ${generated.expression}`];
  const expression = serverExpression(generated.expression, table.columns);
  return [
    `GENERATED ALWAYS AS (${expression}) ${generated.stored ? "STORED" : "VIRTUAL"}`,
    column.nullable || isMariadb(binding) ? "" : "NOT NULL",
  ];
}

/** Whether the server fills a column with when a version of the row began or ended. */
export function isOfPeriod({ generated }: Column): boolean {
  return /^row (?:start|end)$/i.test(generated?.expression ?? "");
}

function spatialReference(column: Column): string {
  const srid = option(column.options, "srid");
  return srid === undefined || srid === null ? "" : `SRID ${Number(srid)}`;
}

function constraintName(name: string | null): string {
  return name === null ? "" : `CONSTRAINT ${quoteName(name)} `;
}

/** A primary key's definition. */
export function primaryKeyClause(key: PrimaryKey, table: Table): string {
  const columns = keysOfClause(key.columns, (name) => name, quoteName, periodOfKey(key, table));
  return `PRIMARY KEY (${columns})${keptBy(key.options)}`;
}

/** A unique constraint's definition. */
export function uniqueClause(unique: Unique): string {
  return `UNIQUE KEY ${unique.name === null ? "" : `${quoteName(unique.name)} `}${nameList(unique.columns)}${keptBy(unique.options)}`;
}

/** How the server is asked to keep the index of a key. */
export function keptBy(options: DialectOptions): string {
  const { using, blockSize } = saidOfIndex(options);
  return [
    using === null ? "" : ` USING ${String(using).toUpperCase()}`,
    blockSize === null ? "" : ` KEY_BLOCK_SIZE=${Number(blockSize)}`,
  ].join("");
}

/** A check's definition. */
export function checkClause(check: Check, table: Table): string {
  const enforced = option(check.options, "notEnforced") === true ? " NOT ENFORCED" : "";
  return `${constraintName(check.name)}CHECK (${serverExpression(check.expression, table.columns)})${enforced}`;
}

/** A foreign key's definition. */
export function foreignKeyClause(key: ForeignKey): string {
  const onDelete = key.onDelete === "no action" ? "" : ` ON DELETE ${key.onDelete.toUpperCase()}`;
  const onUpdate = key.onUpdate === "no action" ? "" : ` ON UPDATE ${key.onUpdate.toUpperCase()}`;
  const references = `${quoteTable(key.references)} ${nameList(key.references.columns)}`;
  return `${constraintName(key.name)}FOREIGN KEY ${nameList(key.columns)} REFERENCES ${references}${onDelete}${onUpdate}`;
}

/** How much of a long value an index holds that does not say: what every row format can hold of any character set. */
const usualPrefix = 191;

/** What a point takes, all of which a plain index holds, by its length. */
const pointBytes = 25;

/** What an index is beside plain and unique: `fulltext` or `spatial`, which MySQL makes of any over a place. */
export function kindOf(index: Index, table: Table, binding: Binding): string | null {
  const kind = textOption(index.options, "kind");
  if (kind !== null || isMariadb(binding) || index.parts.length !== 1) return kind;
  const column = findColumn(table, index.parts[0]?.column ?? "");
  return column !== undefined && isPlace(physicalType(column.type, binding)) ? "spatial" : null;
}

/** How much of a value a part of an index holds; null is all. A key of a unique index holds it all, where it can. */
export function prefixOf(part: IndexPart, index: Index, table: Table, binding: Binding): number | null {
  const column = part.column === null ? undefined : findColumn(table, part.column);
  if (column === undefined || kindOf(index, table, binding) !== null) return null;
  const physical = physicalType(column.type, binding);
  if (physical === "point") return Math.min(part.length ?? pointBytes, pointBytes);
  if (isLong(physical)) return part.length ?? (index.unique ? null : usualPrefix);
  const [, size] = /^(?:var)?(?:char|binary)\((\d+)\)/.exec(physical) ?? [];
  return size === undefined || part.length === null || part.length >= Number(size) ? null : part.length;
}

/** An index's definition, as a part of CREATE and ALTER TABLE. */
export function indexClause(index: Index, table: Table, binding: Binding): string {
  const kind = kindOf(index, table, binding)?.toUpperCase() ?? (index.unique ? "UNIQUE" : "");
  // By hash is how a table in memory keeps an index that says nothing.
  const says = saidOfIndex(index.options).using === null && index.method !== null;
  const method = says && index.method !== "hash" ? ` USING ${index.method.toUpperCase()}` : "";
  const parser = textOption(index.options, "parser");
  const unused = option(index.options, "unused") === true ? unusedIndexWord(binding) : null;
  const parts = keysOfClause(
    index.parts,
    (part) => part.column,
    (part) => indexPartClause(part, index, table, binding),
    periodOfKey(index, table),
  );
  const rest = [
    keptBy(index.options),
    index.comment === null ? "" : ` COMMENT ${quoteString(index.comment)}`,
    parser === null ? "" : ` WITH PARSER ${quoteName(parser)}`,
    unused === null ? "" : ` ${unused}`,
  ].join("");
  return `${kind === "" ? "" : `${kind} `}KEY ${quoteName(index.name)}${method} (${parts})${rest}`;
}

function indexPartClause(part: IndexPart, index: Index, table: Table, binding: Binding): string {
  const length = prefixOf(part, index, table, binding);
  const key =
    part.column === null
      ? `(${serverExpression(bare(part.expression ?? ""), table.columns)})`
      : `${quoteName(part.column)}${length === null ? "" : `(${length})`}`;
  return part.order === "desc" && kindOf(index, table, binding) === null ? `${key} DESC` : key;
}
