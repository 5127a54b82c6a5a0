import type { DriverValue } from "./connection.ts";

/** Whether a bigint is the integer that the driver gave, as a number where one holds it. */
export function isSameInteger(value: unknown, given: DriverValue): boolean {
  if (typeof value !== "bigint" || (typeof given !== "number" && typeof given !== "bigint")) return false;
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and the number of the same size are one value
  return value == given;
}
