import type { Connection, Dialect, DiffRules, DriverValue } from "../dialect/index.ts";
import type { Operation } from "../operation/index.ts";
import { findTable, type Schema, sameTable, type Table, type TableRef, tableLabel } from "../schema/index.ts";
import { quoteTable } from "./statements.ts";

/** A table that stands before a migration and after it, and those of its columns that hold the same type of values. */
export interface KeptTable {
  readonly before: Table;
  readonly after: Table;
  /** Names before and after. */
  readonly columns: readonly { readonly before: string; readonly after: string }[];
}

/** The rows of tables by their names, each by its columns. */
export type TableRows = ReadonlyMap<string, readonly ReadonlyMap<string, unknown>[]>;

/** What a migration starts from and leads to. */
interface Ends {
  readonly before: Schema;
  readonly after: Schema;
  readonly rules: DiffRules;
}

/**
 * What of the tables has to come through `upgrade`. Tables that a statement of its own or a step of code may change the
 * rows of, there or in `also`, are left out, whatever they are meant to do.
 */
export function keptTables(
  upgrade: readonly Operation[],
  also: readonly Operation[],
  { before: from, after: to, rules }: Ends,
): readonly KeptTable[] {
  const all = [...upgrade, ...also];
  if (all.some((operation) => operation.kind === "run")) return [];
  const statements = all.flatMap((operation) => (operation.kind === "execute" ? [operation.sql] : []));
  const touched = (name: string): boolean =>
    statements.some((sql) => sql.toLowerCase().includes(name.toLowerCase()));
  return from.tables.flatMap((before): readonly KeptTable[] => {
    const names = followed(upgrade, before);
    const after = findTable(to, names.table);
    if (after === undefined || touched(before.name) || touched(after.name)) return [];
    if (upgrade.some((each) => each.kind === "dropTable" && sameTable(each.name, names.table))) return [];
    const columns = before.columns.flatMap((column) => {
      const name = names.column(column.name);
      const there = after.columns.find((other) => other.name === name);
      const same =
        there !== undefined &&
        column.generated === null &&
        there.generated === null &&
        rules.sameType(column.type, there.type);
      return same && !isReplaced(all, names.table, name) ? [{ before: column.name, after: name }] : [];
    });
    return [{ before, after, columns }];
  });
}

/** Where a table and its columns are after renames. */
function followed(
  operations: readonly Operation[],
  start: TableRef,
): { readonly table: TableRef; readonly column: (name: string) => string } {
  let table = start;
  const columns = new Map<string, string>();
  for (const operation of operations) {
    if (operation.kind === "renameTable" && sameTable(operation.from, table)) table = operation.to;
    if (operation.kind !== "renameColumn" || !sameTable(operation.table, table)) continue;
    const [original = operation.from] = [...columns].find(([, now]) => now === operation.from) ?? [];
    columns.set(original, operation.to);
  }
  return { table, column: (name) => columns.get(name) ?? name };
}

/** Whether a column of that name goes and another one comes, or its values are told to change. */
function isReplaced(operations: readonly Operation[], table: TableRef, name: string): boolean {
  return operations.some(
    (operation) =>
      (operation.kind === "dropColumn" && sameTable(operation.table, table) && operation.name === name) ||
      (operation.kind === "alterColumn" &&
        sameTable(operation.table, table) &&
        operation.name === name &&
        (operation.using !== null || operation.values !== undefined)),
  );
}

/** All rows of all tables. */
export async function readTableRows(
  connection: Connection,
  dialect: Dialect,
  schema: Schema,
): Promise<TableRows> {
  const found = new Map<string, readonly ReadonlyMap<string, unknown>[]>();
  for (const table of schema.tables) {
    const names = table.columns.map((column) => column.name);
    const list = names.map((name) => dialect.query.quote(name)).join(", ");
    const { rows } = await connection.query(`SELECT ${list || "1"} FROM ${quoteTable(dialect, table)}`);
    found.set(
      tableLabel(table),
      rows.map((row) => new Map(names.map((name, at) => [name, plain(row[at] ?? null)]))),
    );
  }
  return found;
}

function plain(value: DriverValue): unknown {
  if (typeof value === "bigint") return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
}

/**
 * What became of the rows of kept columns, for people: a line for each table that lost or changed some. `side` says by
 * which names the second reading goes.
 */
export function lostRows(
  kept: readonly KeptTable[],
  first: TableRows,
  second: TableRows,
  side: "before" | "after",
): readonly string[] {
  return kept.flatMap((table) => {
    const label = tableLabel(table.before);
    const before = counted(first.get(label) ?? [], table, "before");
    const after = counted(second.get(tableLabel(table[side])) ?? [], table, side);
    const total = sum(before);
    const missing = [...before].reduce(
      (n, [row, count]) => n + Math.max(0, count - (after.get(row) ?? 0)),
      0,
    );
    if (missing === 0) return [];
    const gone = total - Math.min(total, sum(after));
    return gone > 0
      ? [`${label}: ${gone} of ${total} rows are gone`]
      : [`${label}: ${missing} of ${total} rows have other values in columns that are kept`];
  });
}

/** How many rows have the same values in the kept columns. */
function counted(
  rows: TableRows extends ReadonlyMap<string, infer R> ? R : never,
  { columns }: KeptTable,
  side: "before" | "after",
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const text = JSON.stringify(columns.map((column) => row.get(column[side])));
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
