import type { ColumnType, DefaultValue } from "../../schema/index.ts";
import type { DiffRules } from "../design.ts";
import { typeName } from "./type-name.ts";

/** Both sides are PostgreSQL's own canonical form, so texts are compared as they are. */
export const rules: DiffRules = {
  sameType: (a: ColumnType, b: ColumnType): boolean => typeName(a) === typeName(b) && sameValues(a, b),
  sameDefault: (a: DefaultValue | null, b: DefaultValue | null): boolean =>
    JSON.stringify(a) === JSON.stringify(b),
  sameExpression: (a: string, b: string): boolean => a === b,
  describeType: typeName,
};

function sameValues(a: ColumnType, b: ColumnType): boolean {
  if (a.kind === "array" && b.kind === "array") return sameValues(a.of, b.of);
  if (a.kind !== "enum" || b.kind !== "enum") return true;
  return JSON.stringify(a.values) === JSON.stringify(b.values);
}
