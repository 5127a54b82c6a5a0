import type { DiffRules } from "../dialect/index.ts";
import { diff } from "../diff/index.ts";
import { describe } from "../operation/index.ts";
import type { Schema } from "../schema/index.ts";
import { unlike } from "./align.ts";
import { comparable } from "./compare.ts";

/** What turns one catalog into another of the same database, a line each; the order of columns does not count. */
export function differencesBetween(from: Schema, to: Schema, rules: DiffRules): readonly string[] {
  return [...diff(comparable(from), comparable(to), rules).map(describe), ...unlike(from, to)];
}
