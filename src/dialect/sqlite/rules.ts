import { equal } from "../../schema/equal.ts";
import type { ColumnType, DefaultValue } from "../../schema/index.ts";
import { tokenize } from "../../schema/lexer.ts";
import type { DiffRules } from "../design.ts";
import { canonicalType } from "./canonical.ts";
import { comparisonForm, defaultForm, isConstant } from "./expression.ts";
import { sqliteRules } from "./parse-cursor.ts";
import { typeAffinity, typeName } from "./type-name.ts";

/** What SQLite cannot tell apart. */
export const rules: DiffRules = {
  sameType: (a: ColumnType, b: ColumnType): boolean => equal(canonicalType(a), canonicalType(b)),
  sameDefault,
  sameExpression: (a: string, b: string): boolean => a === b || comparisonForm(a) === comparisonForm(b),
  describeType: (type: ColumnType): string =>
    type.kind === "enum" ? `ENUM (${type.values.join(", ")})` : typeName(type),
};

function sameDefault(a: DefaultValue | null, b: DefaultValue | null, type: ColumnType): boolean {
  const left = defaultForm(a);
  const right = defaultForm(b);
  if (left === null || right === null || left === right) return left === right;
  if (!isConstant(left) || !isConstant(right)) return comparisonForm(left) === comparisonForm(right);
  return equal(stored(left, type), stored(right, type));
}

/** The value of a literal once it is in a column of that type: the affinity may make a number of a text, or back. */
function stored(sql: string, type: ColumnType): string | number {
  const tokens = tokenize(sql, sqliteRules);
  const last = tokens.at(-1)!;
  const word = last.text.toLowerCase();
  const affinity = typeAffinity(type);
  if (word === "true" || word === "false") return stored(word === "true" ? "1" : "0", type);
  const isText = last.kind === "string";
  const text = isText ? last.value : sql.replaceAll(/[\s+]/g, "");
  if (affinity === "blob") return isText ? `'${text}` : Number(text);
  if (affinity === "text") return text;
  const isNumber = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(text);
  return isNumber && Number.isSafeInteger(Math.trunc(Number(text))) ? Number(text) : text;
}
