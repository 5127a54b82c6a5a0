/** Rows of generated schemas, in and out of a database. */
import type { Connection, DesignDialect, Dialect, DriverValue } from "../../src/dialect/index.ts";
import { diff } from "../../src/diff/index.ts";
import { runPlan } from "../../src/migrate/run-plan.ts";
import { plan } from "../../src/plan/index.ts";
import {
  emptySchema,
  findColumn,
  findObject,
  findTable,
  type Schema,
  type Table,
} from "../../src/schema/index.ts";
import type { GeneratedRows } from "./generate-rows.ts";

/** Drops every table and object of `known`, which is what is there where that is known. */
export async function clear(
  connection: Connection,
  design: DesignDialect,
  known: Schema | null = null,
): Promise<void> {
  const state = known ?? (await design.inspector.inspect(connection));
  await runPlan(plan(diff(state, emptySchema, design.rules), state, design), connection);
}

/** Puts the rows in, the references after everything they can refer to. */
export async function insertRows(
  connection: Connection,
  dialect: Dialect,
  schema: Schema,
  rows: GeneratedRows,
): Promise<void> {
  for (const references of [false, true]) {
    for (const table of schema.tables) {
      for (const row of rows[table.name] ?? []) {
        if (references) await link(connection, dialect, table, row);
        else await insert(connection, dialect, table, row);
      }
    }
  }
}

function named(dialect: Dialect, table: Table): string {
  const { quote } = dialect.query;
  return (table.schema === null ? "" : `${quote(table.schema)}.`) + quote(table.name);
}

type Row = GeneratedRows[string][number];

function encoded(dialect: Dialect, table: Table, row: Row, name: string): DriverValue {
  const column = findColumn(table, name);
  const value = row[name];
  return value === null || value === undefined || column === undefined
    ? null
    : dialect.codec(column.type).encode(value);
}

async function insert(connection: Connection, dialect: Dialect, table: Table, row: Row): Promise<void> {
  const links = new Set(table.foreignKeys.flatMap((key) => key.columns));
  const names = Object.keys(row).filter((name) => !links.has(name));
  const { quote, placeholder } = dialect.query;
  const list = names.map(quote).join(", ");
  const values = names.map((_, at) => placeholder(at + 1)).join(", ");
  const params = names.map((name) => encoded(dialect, table, row, name));
  await connection.query(`INSERT INTO ${named(dialect, table)} (${list}) VALUES (${values})`, params);
}

async function link(connection: Connection, dialect: Dialect, table: Table, row: Row): Promise<void> {
  const links = table.foreignKeys.flatMap((key) => key.columns);
  const keys = (table.primaryKey?.columns ?? []).filter((name) => row[name] !== undefined);
  if (links.length === 0 || keys.length === 0) return;
  const { quote, placeholder } = dialect.query;
  const sets = links.map((name, at) => `${quote(name)} = ${placeholder(at + 1)}`).join(", ");
  const where = keys
    .map((name, at) => `${quote(name)} = ${placeholder(links.length + at + 1)}`)
    .join(" AND ");
  const params = [...links, ...keys].map((name) => encoded(dialect, table, row, name));
  await connection.query(`UPDATE ${named(dialect, table)} SET ${sets} WHERE ${where}`, params);
}

/** The values of some columns of all rows, decoded by the types the table has now. */
export async function readRows(
  connection: Connection,
  dialect: Dialect,
  table: Table,
  names: readonly string[],
): Promise<readonly (readonly unknown[])[]> {
  const { quote } = dialect.query;
  const list = names.length === 0 ? "1" : names.map(quote).join(", ");
  const { rows } = await connection.query(`SELECT ${list} FROM ${named(dialect, table)}`);
  if (names.length === 0) return rows.map(() => []);
  return rows.map((row) =>
    names.map((name, at) => {
      const value = row[at] ?? null;
      const column = findColumn(table, name);
      return value === null || column === undefined ? value : dialect.codec(column.type).decode(value);
    }),
  );
}

/** A column that goes and comes back stands at the end: the order of columns is no part of the law. */
export function byColumnName(schema: Schema): Schema {
  return {
    ...schema,
    tables: schema.tables.map((table) => ({
      ...table,
      columns: table.columns.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    })),
  };
}

/**
 * What is there, with options that nobody asks about as they are wanted: a column numbered in an older way is as good,
 * and so is any order of triggers of one moment, where none is said.
 */
export function asAsked(there: Schema, wanted: Schema, { rules }: DesignDialect): Schema {
  return {
    ...there,
    objects: there.objects.map((object) => {
      const { precedes: _, ...options } = object.options;
      const precedes = findObject(wanted, object)?.options["precedes"];
      return { ...object, options: precedes === undefined ? options : { ...options, precedes } };
    }),
    tables: there.tables.map((table) => {
      const other = findTable(wanted, table);
      return {
        ...table,
        columns: table.columns.map((column) => {
          const to = other && findColumn(other, column.name);
          const same = to !== undefined && rules.sameOptions?.(column.options, to.options) === true;
          return same ? { ...column, options: to.options } : column;
        }),
      };
    }),
  };
}
