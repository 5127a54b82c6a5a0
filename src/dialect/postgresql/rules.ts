import type { ColumnType, DefaultValue, DialectOptions } from "../../schema/index.ts";
import type { DiffRules } from "../design.ts";
import { typeName } from "./type-name.ts";

/** Both sides are PostgreSQL's own canonical form, so texts are compared as they are. */
export const rules: DiffRules = {
  sameType: (a: ColumnType, b: ColumnType): boolean => typeName(a) === typeName(b) && sameValues(a, b),
  sameOptions,
  typePinnedByKeys: (a: ColumnType, b: ColumnType): boolean => family(a) !== family(b),
  sameDefault: (a: DefaultValue | null, b: DefaultValue | null): boolean =>
    JSON.stringify(a) === JSON.stringify(b),
  sameExpression: (a: string, b: string): boolean => a === b,
  describeType: typeName,
};

/** Types whose values can be compared with each other, so that a foreign key holds while one side changes. */
function family(type: ColumnType): string {
  switch (type.kind) {
    case "smallint":
    case "integer":
    case "bigint":
    case "numeric":
      return "number";
    case "char":
    case "varchar":
    case "text":
      return "text";
    default:
      return typeName(type);
  }
}

/**
 * A column numbered by `serial` is as good as one with an identity where nobody asks which; and what the sequence of an
 * identity is called counts where somebody says it: a table that got another name has left it behind.
 */
function sameOptions(from: DialectOptions, to: DialectOptions): boolean {
  const { serial: had, sequence: called, ...before } = from["postgresql"] ?? {};
  const { serial: wanted, sequence: name, ...after } = to["postgresql"] ?? {};
  return (
    (wanted === undefined || wanted === had) &&
    (name === undefined || name === called) &&
    JSON.stringify(before) === JSON.stringify(after)
  );
}

function sameValues(a: ColumnType, b: ColumnType): boolean {
  if (a.kind === "array" && b.kind === "array") return sameValues(a.of, b.of);
  if (a.kind !== "enum" || b.kind !== "enum") return true;
  return JSON.stringify(a.values) === JSON.stringify(b.values);
}
