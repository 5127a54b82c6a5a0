import type { DdlWriter, DesignDialect, Dialect, DriverValue } from "../dialect/index.ts";
import type { ColumnType, Table, TableRef } from "../schema/index.ts";

/** A statement with its parameters. */
export interface BoundStatement {
  readonly sql: string;
  readonly params: readonly DriverValue[];
}

/** What a part of a script is written for. */
export interface ScriptTarget {
  readonly dialect: Dialect;
  readonly design: DesignDialect;
}

/** A value that stands in a statement as SQL, not as a parameter. */
export interface Verbatim {
  readonly sql: string;
}

/** Values of a row by column name. */
export type Row = Readonly<Record<string, unknown>>;

/** How values get into the text of a statement: as parameters, or as literals in a script. */
export interface ValueWriter {
  write(value: unknown, type: ColumnType): string;
}

/** Whether a value is SQL to be written as it is. */
export function isVerbatim(value: unknown): value is Verbatim {
  return typeof value === "object" && value !== null && "sql" in value;
}

/** A table's name, quoted. */
export function quoteTable(dialect: Dialect, ref: TableRef): string {
  const name = dialect.query.quote(ref.name);
  return ref.schema === null ? name : `${dialect.query.quote(ref.schema)}.${name}`;
}

/** Collects parameters while a statement is written. */
export class ParameterWriter implements ValueWriter {
  readonly params: DriverValue[] = [];
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  write(value: unknown, type: ColumnType): string {
    if (isVerbatim(value)) return value.sql;
    this.params.push(value === null || value === undefined ? null : this.#dialect.codec(type).encode(value));
    return this.#dialect.query.placeholder(this.params.length);
  }
}

/** Writes values as literals, for scripts. */
export class LiteralWriter implements ValueWriter {
  readonly #target: ScriptTarget;

  constructor(target: ScriptTarget) {
    this.#target = target;
  }

  write(value: unknown, type: ColumnType): string {
    if (isVerbatim(value)) return value.sql;
    if (value === null || value === undefined) return "NULL";
    return literalText(this.#target.design.ddl, this.#target.dialect.codec(type).encode(value));
  }
}

/** What a driver takes, as a literal of a script. */
export function literalText(ddl: DdlWriter, value: DriverValue): string {
  if (value === null) return "NULL";
  if (value instanceof Uint8Array) return ddl.literal?.(value) ?? `X'${Buffer.from(value).toString("hex")}'`;
  if (typeof value !== "string" && !(value instanceof Date)) return String(value).toUpperCase();
  const text = typeof value === "string" ? value : value.toISOString();
  return ddl.literal?.(text) ?? `'${text.replaceAll("'", "''")}'`;
}

/** INSERT of one row into `table`. */
export function insertRow(dialect: Dialect, table: Table, row: Row, values: ValueWriter): string {
  const columns = table.columns.filter((column) => row[column.name] !== undefined);
  const names = columns.map((column) => dialect.query.quote(column.name)).join(", ");
  const written = columns.map((column) => values.write(row[column.name], column.type)).join(", ");
  return `INSERT INTO ${quoteTable(dialect, table)} (${names}) VALUES (${written})`;
}

/** UPDATE of the rows where `key` is `value`. */
export function updateRow(dialect: Dialect, table: Table, row: Row, key: Row, values: ValueWriter): string {
  const sets = equalities(dialect, table, row, values).join(", ");
  const where = equalities(dialect, table, key, values).join(" AND ");
  return `UPDATE ${quoteTable(dialect, table)} SET ${sets} WHERE ${where}`;
}

/** DELETE of the rows where `key` is `value`. */
export function deleteRow(dialect: Dialect, table: Table, key: Row, values: ValueWriter): string {
  const where = equalities(dialect, table, key, values).join(" AND ");
  return `DELETE FROM ${quoteTable(dialect, table)} WHERE ${where}`;
}

function equalities(dialect: Dialect, table: Table, row: Row, values: ValueWriter): string[] {
  return table.columns
    .filter((column) => row[column.name] !== undefined)
    .map((column) => `${dialect.query.quote(column.name)} = ${values.write(row[column.name], column.type)}`);
}

/** SELECT of whole rows, in order of a column. */
export function selectRows(dialect: Dialect, table: Table, orderBy: string): string {
  const names = table.columns.map((column) => dialect.query.quote(column.name)).join(", ");
  return `SELECT ${names} FROM ${quoteTable(dialect, table)} ORDER BY ${dialect.query.quote(orderBy)}`;
}
