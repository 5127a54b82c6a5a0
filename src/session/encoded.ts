import { isDeepStrictEqual } from "node:util";
import type { DriverValue } from "../dialect/connection.ts";

/** Whether two values are one to the driver. */
export function sameEncoded(a: DriverValue, b: DriverValue): boolean {
  if (a === b) return true;
  if (typeof a === "object" && typeof b === "object" && a !== null && b !== null) {
    if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
    return isDeepStrictEqual(a, b);
  }
  const integers =
    (typeof a === "bigint" || typeof b === "bigint") && typeof a !== "string" && typeof b !== "string";
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and the number of the same size are one value
  return integers && a == b;
}
