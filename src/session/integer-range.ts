import type { DriverValue } from "../dialect/index.ts";

/** Consecutive integers, both ends among them. */
export interface IntegerRange {
  readonly first: number;
  readonly last: number;
}

/** Values that can be a range. */
const fewest = 3;

/** Lists of one value, each there once, as a range, which the keys of all rows of a table most often are; else null. */
export function integerRangeOf(lists: readonly (readonly DriverValue[])[]): IntegerRange | null {
  if (lists.length < fewest) return null;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < lists.length; at += 1) {
    const list = lists[at] as readonly DriverValue[];
    const [value] = list;
    if (list.length !== 1 || typeof value !== "number" || !Number.isInteger(value)) return null;
    if (value < first) first = value;
    if (value > last) last = value;
  }
  return last - first === lists.length - 1 ? { first, last } : null;
}
