import type { Check, Column } from "../../schema/index.ts";
import { isIdentifier, isWord, tokenize } from "../../schema/lexer.ts";
import { sqliteRules } from "./parse-cursor.ts";
import { quoteName, quoteString } from "./quote.ts";

/** SQLite has no enums: one is a text column with a check of a certain name and form, which is read back as one. */

/** The name of the check that stands in for an enum. */
export function enumCheckName(table: string, column: string): string {
  return `ck_${table}_${column}_enum`;
}

/** The expression of that check. */
export function enumExpression(column: string, values: readonly string[]): string {
  return `${quoteName(column)} IN (${values.map(quoteString).join(", ")})`;
}

/** The column and values of a check that stands in for an enum; null for any other check. */
export function readEnumCheck(check: Check): { column: string; values: readonly string[] } | null {
  if (check.name === null || !/^ck_.*_enum$/.test(check.name)) return null;
  const [column, word, open, ...rest] = tokenize(check.expression, sqliteRules);
  if (!isIdentifier(column) || !isWord(word, "in") || open?.text !== "(") return null;
  if (rest.pop()?.text !== ")") return null;
  const wellFormed = rest.every((token, at) => (at % 2 === 0 ? token.kind === "string" : token.text === ","));
  if (!wellFormed || (rest.length > 0 && rest.length % 2 === 0)) return null;
  return { column: column.value, values: rest.filter((_, at) => at % 2 === 0).map((token) => token.value) };
}

/** Columns with their enums lifted out of the checks, and the checks that are left. */
export function liftEnums(
  columns: readonly Column[],
  checks: readonly Check[],
): { columns: readonly Column[]; checks: readonly Check[] } {
  const lifted = new Map<string, readonly string[]>();
  const left = checks.filter((check) => {
    const found = readEnumCheck(check);
    const column = columns.find((each) => each.name === found?.column);
    if (found === null || column?.type.kind !== "text" || lifted.has(column.name)) return true;
    lifted.set(column.name, found.values);
    return false;
  });
  return {
    checks: left,
    columns: columns.map((column) => {
      const values = lifted.get(column.name);
      return values === undefined
        ? column
        : { ...column, type: { kind: "enum", name: null, schema: null, values } };
    }),
  };
}
