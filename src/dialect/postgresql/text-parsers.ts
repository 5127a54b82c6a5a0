import type { DriverValue } from "../connection.ts";
import { integerOf } from "./gather.ts";

/** Type oids that the driver may turn into values without loss: int2, int4, oid, float4, float8. */
const numeric: ReadonlySet<number> = new Set([21, 23, 26, 700, 701]);
const int8 = 20;
const bool = 16;

/** What reads the server's text of a type, by its oid; null of what stays text, for the codecs. */
export function parserOf(oid: number): ((text: string) => DriverValue) | null {
  if (oid === bool) return isTrue;
  if (numeric.has(oid)) return Number;
  return oid === int8 ? integerOf : null;
}

/** The same as the drivers take it. */
export const textParsers = {
  getTypeParser: (oid: number): ((text: string) => unknown) => parserOf(oid) ?? asText,
};

function isTrue(text: string): boolean {
  return text === "t";
}

function asText(text: string): string {
  return text;
}
