import type { Connection, Dialect, DriverValue } from "../dialect/index.ts";
import { isAthanorError } from "../errors/index.ts";
import { type Column, findTable, type Schema, type Table, tableLabel } from "../schema/index.ts";
import { wordsOf } from "../sql/index.ts";
import { sampleValue, sampleVariants } from "./sample-value.ts";
import { quoteTable } from "./statements.ts";

/** A row as the driver takes it, by column. */
type Row = ReadonlyMap<string, DriverValue>;

/** What of a database is filled with rows. */
export interface SampleOptions {
  readonly dialect: Dialect;
  /** What is there, Athanor's own tables left out. */
  readonly schema: Schema;
  /** Rows for each table that is empty. */
  readonly count: number;
}

/**
 * Puts rows into every table that has none, parents before children, references to rows that are there. Answers the
 * tables that took none: a check or a type that nobody here understands is in the way, or a circle of references.
 */
export async function fillWithSamples(
  connection: Connection,
  { dialect, schema, count }: SampleOptions,
): Promise<readonly string[]> {
  const filled = new Set<string>();
  let waiting = [...schema.tables];
  const refused: string[] = [];
  while (waiting.length > 0) {
    const ready = waiting.filter((table) => parentsOf(table, schema).every((name) => filled.has(name)));
    const next = ready.length > 0 ? ready : waiting.slice(0, 1);
    for (const table of next) {
      const name = tableLabel(table);
      if (!(await fillTable(connection, dialect, table, count))) refused.push(name);
      filled.add(name);
    }
    waiting = waiting.filter((table) => !next.includes(table));
  }
  return refused;
}

/** The tables whose rows have to be there first. */
function parentsOf(table: Table, schema: Schema): readonly string[] {
  return table.foreignKeys
    .filter((key) => findTable(schema, key.references) !== undefined)
    .map((key) => tableLabel(key.references))
    .filter((name) => name !== tableLabel(table));
}

async function fillTable(
  connection: Connection,
  dialect: Dialect,
  table: Table,
  count: number,
): Promise<boolean> {
  const { rows } = await connection.query(`SELECT COUNT(*) FROM ${quoteTable(dialect, table)}`);
  if (Number(rows[0]?.[0]) > 0) return true;
  const parents = await parentKeys(connection, dialect, table);
  for (let variant = 0; variant < sampleVariants; variant++) {
    let kept = 0;
    for (let n = 0; n < count; n++) {
      const row = rowFor(dialect, table, n, variant, parents);
      if (row !== null && (await insert(connection, dialect, table, row))) kept += 1;
    }
    if (kept > 0) return true;
  }
  return false;
}

/** For each foreign key, the keys of rows that are there. */
async function parentKeys(
  connection: Connection,
  dialect: Dialect,
  table: Table,
): Promise<readonly (readonly (readonly DriverValue[])[])[]> {
  const found: (readonly (readonly DriverValue[])[])[] = [];
  for (const { references } of table.foreignKeys) {
    const columns = references.columns.map((name) => dialect.query.quote(name)).join(", ");
    const sql = `SELECT ${columns} FROM ${quoteTable(dialect, references)}`;
    found.push((await connection.query(sql)).rows);
  }
  return found;
}

/** The n-th row; null where a column needs a value that nobody can make up. */
function rowFor(
  dialect: Dialect,
  table: Table,
  n: number,
  variant: number,
  parents: readonly (readonly (readonly DriverValue[])[])[],
): Row | null {
  const row = new Map<string, DriverValue>();
  for (const column of table.columns) {
    if (column.generated !== null || column.identity !== null || column.autoIncrement) continue;
    const value = sampleValue(column.type, n, variant);
    if (value !== undefined) row.set(column.name, encode(dialect, column, value));
    else if (!column.nullable && column.default === null) return null;
  }
  for (const [at, key] of table.foreignKeys.entries()) {
    const targets = parents[at] ?? [];
    const target = targets[n % Math.max(targets.length, 1)];
    for (const [i, name] of key.columns.entries()) {
      const nullable = table.columns.find((column) => column.name === name)?.nullable === true;
      if (target === undefined && !nullable) return null;
      row.set(name, target?.[i] ?? null);
    }
  }
  return row;
}

function encode(dialect: Dialect, column: Column, value: unknown): DriverValue {
  return dialect.codec(column.type).encode(value);
}

/** Whether the database took the row. */
async function insert(connection: Connection, dialect: Dialect, table: Table, row: Row): Promise<boolean> {
  const { quote, placeholder } = dialect.query;
  const names = [...row.keys()];
  const target = `INSERT INTO ${quoteTable(dialect, table)}`;
  const sql =
    names.length === 0
      ? `${target}${wordsOf(dialect.query).noValues}`
      : `${target} (${names.map(quote).join(", ")}) VALUES (${names.map((_, i) => placeholder(i + 1)).join(", ")})`;
  try {
    await connection.query(sql, [...row.values()]);
    return true;
  } catch (error) {
    if (isAthanorError(error) && error.code !== "DATABASE.CONNECTION") return false;
    throw error;
  }
}
