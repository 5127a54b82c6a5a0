import type { DriverValue } from "../connection.ts";

const least = BigInt(Number.MIN_SAFE_INTEGER);
const most = BigInt(Number.MAX_SAFE_INTEGER);

/** A number where it holds the integer, else the bigint. */
export function safeInteger(value: number | bigint): number | bigint {
  return typeof value === "bigint" && value >= least && value <= most ? Number(value) : value;
}

/** Bigints of a row that a number can hold become numbers, in place. */
export function safeRow(row: DriverValue[]): readonly DriverValue[] {
  for (let i = 0; i < row.length; i += 1) {
    const value = row[i];
    if (typeof value === "bigint") row[i] = safeInteger(value);
  }
  return row;
}
