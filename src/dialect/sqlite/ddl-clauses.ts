import type {
  Check,
  Column,
  DefaultValue,
  ForeignKey,
  Index,
  IndexPart,
  PrimaryKey,
  Table,
  Unique,
} from "../../schema/index.ts";
import { enumCheckName, enumExpression } from "./enum-check.ts";
import { isConstant, literalSql, needsNoParentheses } from "./expression.ts";
import { collationForm, conflictOption, option, optionAt } from "./options.ts";
import { quoteName } from "./quote.ts";
import { typeClause, typeName } from "./type-name.ts";

/** The clauses that statements are made of: columns, constraints, index keys. */

const constraintName = (name: string | null): string =>
  name === null ? "" : `CONSTRAINT ${quoteName(name)} `;

const nameList = (names: readonly string[]): string => `(${names.map(quoteName).join(", ")})`;

/** The values of an enum, whether a column's own type or the base of a user's. */
export function enumValues(type: Column["type"]): readonly string[] | null {
  if (type.kind === "user") return enumValues(type.base);
  return type.kind === "enum" ? type.values : null;
}

/** Whether SQLite numbers the column: its declared type makes it another name for the row id. */
export function isRowIdColumn(table: Table, column: Column): boolean {
  if (option(table.options, "withoutRowid") === true) return false;
  if (table.primaryKey?.columns.length !== 1 || table.primaryKey.columns[0] !== column.name) return false;
  if (column.autoIncrement || column.identity !== null) return true;
  return isInteger(table, column) && !isDescending(table.primaryKey);
}

function isInteger(table: Table, column: Column): boolean {
  return typeName(column.type, option(table.options, "strict") === true).toUpperCase() === "INTEGER";
}

const isDescending = (key: PrimaryKey): boolean => optionAt(key.options, "order", 0) === "desc";

/**
 * A key of one INTEGER that is no other name for the row id: descending, and said of the column itself. Said of the
 * table, SQLite takes it for the row id (https://www.sqlite.org/lang_createtable.html#rowid).
 */
function isDescendingKey(table: Table, column: Column): boolean {
  const key = table.primaryKey;
  const alone = key?.columns.length === 1 && key.columns[0] === column.name;
  const rowless = option(table.options, "withoutRowid") === true;
  return alone && isDescending(key) && isInteger(table, column) && !rowless && !isRowIdColumn(table, column);
}

/** A default as SQL. */
export function defaultSql(value: DefaultValue): string {
  return value.kind === "expression" ? value.sql : literalSql(value.value);
}

/** Whether every row that stands can be given the default by `ALTER TABLE ADD COLUMN`. */
export function isConstantDefault(value: DefaultValue): boolean {
  return value.kind === "literal" || isConstant(value.sql);
}

function defaultClause(value: DefaultValue | null): string {
  if (value === null) return "";
  const sql = defaultSql(value);
  return ` DEFAULT ${needsNoParentheses(sql) ? sql : `(${sql})`}`;
}

function conflictClause(options: Column["options"], name: string): string {
  const conflict = conflictOption(options, name);
  return conflict === null ? "" : ` ON CONFLICT ${conflict.toUpperCase()}`;
}

/** A column's definition. The check of an enum stands with its column. */
export function columnClause(column: Column, table: Table): string {
  const strict = option(table.options, "strict") === true;
  const type = isRowIdColumn(table, column) ? "INTEGER" : typeClause(typeName(column.type, strict));
  const values = enumValues(column.type);
  const collation = collationForm(column.collation);
  return [
    quoteName(column.name),
    type === "" ? "" : ` ${type}`,
    collation === null ? "" : ` COLLATE ${quoteName(collation)}`,
    column.nullable ? "" : ` NOT NULL${conflictClause(column.options, "notNullConflict")}`,
    column.generated === null ? defaultClause(column.default) : generatedClause(column.generated),
    values === null
      ? ""
      : ` CONSTRAINT ${quoteName(enumCheckName(table.name, column.name))} CHECK (${enumExpression(column.name, values)})`,
  ].join("");
}

function generatedClause(generated: NonNullable<Column["generated"]>): string {
  return ` GENERATED ALWAYS AS (${generated.expression}) ${generated.stored ? "STORED" : "VIRTUAL"}`;
}

function keyList(columns: readonly string[], options: Unique["options"]): string {
  return columns
    .map((column, at) => {
      const collation = optionAt(options, "collations", at);
      const order = optionAt(options, "order", at) === "desc" ? " DESC" : "";
      return `${quoteName(column)}${collation === null ? "" : ` COLLATE ${quoteName(collation)}`}${order}`;
    })
    .join(", ");
}

/** A primary key's definition. */
export function primaryKeyClause(table: Table): string | null {
  const key = table.primaryKey;
  if (key === null) return null;
  const auto = table.columns.some(
    (column) => isRowIdColumn(table, column) && option(column.options, "autoincrement") === true,
  );
  const list = keyList(key.columns, key.options);
  return `${constraintName(key.name)}PRIMARY KEY (${list}${auto ? " AUTOINCREMENT" : ""})${conflictClause(key.options, "conflict")}`;
}

function descendingKeyClause({ name, options }: PrimaryKey): string {
  return ` ${constraintName(name)}PRIMARY KEY DESC${conflictClause(options, "conflict")}`;
}

/** A unique constraint's definition. */
export function uniqueClause(unique: Unique): string {
  const list = keyList(unique.columns, unique.options);
  return `${constraintName(unique.name)}UNIQUE (${list})${conflictClause(unique.options, "conflict")}`;
}

/** A check's definition. */
export function checkClause(check: Check): string {
  return `${constraintName(check.name)}CHECK (${check.expression})`;
}

/** What a foreign key refers to, as it stands after a column or after FOREIGN KEY. */
export function referencesClause(key: ForeignKey): string {
  const columns = key.references.columns.length === 0 ? "" : ` ${nameList(key.references.columns)}`;
  return [
    `REFERENCES ${quoteName(key.references.name)}${columns}`,
    key.onDelete === "no action" ? "" : ` ON DELETE ${key.onDelete.toUpperCase()}`,
    key.onUpdate === "no action" ? "" : ` ON UPDATE ${key.onUpdate.toUpperCase()}`,
    key.match === "simple" ? "" : ` MATCH ${key.match.toUpperCase()}`,
    key.deferrable === null ? "" : ` DEFERRABLE INITIALLY ${key.deferrable.toUpperCase()}`,
  ].join("");
}

/** A foreign key's definition. */
export function foreignKeyClause(key: ForeignKey): string {
  return `${constraintName(key.name)}FOREIGN KEY ${nameList(key.columns)} ${referencesClause(key)}`;
}

/** A foreign key as part of the column it is on. */
export function inlineForeignKey(key: ForeignKey): string {
  return ` ${constraintName(key.name)}${referencesClause(key)}`;
}

/** A check as part of a column. */
export function inlineCheck(check: Check): string {
  return ` ${checkClause(check)}`;
}

/** `CREATE TABLE`; a table that is made to take another's place is made `as` a name of its own for the while. */
export function createTableStatement(table: Table, as: string = table.name): string {
  const inline = table.columns.find((column) => isDescendingKey(table, column));
  const key = inline === undefined ? primaryKeyClause(table) : null;
  const clauses = [
    ...table.columns.map(
      (column) =>
        columnClause(column, table) + (column === inline ? descendingKeyClause(table.primaryKey!) : ""),
    ),
    ...(key === null ? [] : [key]),
    ...table.uniques.map(uniqueClause),
    ...table.checks.map(checkClause),
    ...table.foreignKeys.map(foreignKeyClause),
  ];
  const options = [
    option(table.options, "strict") === true ? "STRICT" : "",
    option(table.options, "withoutRowid") === true ? "WITHOUT ROWID" : "",
  ].filter((word) => word !== "");
  const suffix = options.length === 0 ? "" : ` ${options.join(", ")}`;
  return `CREATE TABLE ${quoteName(as)} (\n  ${clauses.join(",\n  ")}\n)${suffix}`;
}

function partClause(part: IndexPart): string {
  const collation = part.collation === null ? "" : ` COLLATE ${quoteName(part.collation)}`;
  const key = part.column === null ? `(${part.expression ?? ""})` : quoteName(part.column);
  return `${key}${collation}${part.order === "desc" ? " DESC" : ""}`;
}

/** CREATE INDEX. */
export function createIndexStatement(table: string, index: Index): string {
  const unique = index.unique ? "UNIQUE " : "";
  const where = index.where === null ? "" : ` WHERE ${index.where}`;
  const parts = index.parts.map(partClause).join(", ");
  return `CREATE ${unique}INDEX ${quoteName(index.name)} ON ${quoteName(table)} (${parts})${where}`;
}
