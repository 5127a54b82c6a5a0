import type { DriverValue, Result } from "../connection.ts";

/** What such a statement begins with. */
const opening = "WITH athanor_written AS (";

/**
 * A statement that writes rows and returns one column of integers, as one that gives all of them in one value: a row for
 * each takes the server and the driver longer than the number in it.
 */
export function gather(sql: string, column: string): string {
  return `${opening}${sql}) SELECT array_agg(${column}) FROM athanor_written`;
}

/** The rows that the statement would have given by itself, which is what everybody else sees of it. */
export function ungather(sql: string, result: Result): Result {
  if (!sql.startsWith(opening)) return result;
  const [list = null] = result.rows[0] ?? [];
  const items = typeof list === "string" ? list.slice(1, -1).split(",") : [];
  const rows = items.map((item) => [integerOf(item)]);
  return { columns: result.columns, rows, changes: rows.length, lastInsertId: null };
}

/** A number where one holds the integer. */
export function integerOf(text: string): DriverValue & (number | bigint) {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}
