import { addTo, calculations, roundDecimal } from "./decimal-arithmetic.ts";
import { decimalFunction, decimalKey } from "./decimal-key.ts";
import type { DriverDatabase } from "./driver-database.ts";

/** The name under which LIKE that respects case is known to SQL: `athanor_like(text, pattern)`. */
export const likeFunction: string = "athanor_like";
/** The name under which LIKE that ignores case, in every alphabet, is known to SQL. */
export const ilikeFunction: string = "athanor_ilike";

/** The names under which arithmetic of exact decimals is known to SQL, by their operators. */
export const calculationFunctions: Readonly<Record<keyof typeof calculations, string>> = {
  "+": "athanor_add",
  "-": "athanor_subtract",
  "*": "athanor_multiply",
  "/": "athanor_divide",
};
/** The name under which rounding of exact decimals is known to SQL: `athanor_round(decimal, digits)`. */
export const roundFunction: string = "athanor_round";
/** The names under which sums and extremes of exact decimals are known to SQL. */
export const aggregateFunctions: Readonly<Record<string, string>> = {
  sum: "athanor_sum",
  min: "athanor_min",
  max: "athanor_max",
};

/** Makes the functions that queries of this dialect use known to a connection. */
export function registerFunctions(database: DriverDatabase): void {
  const options = { deterministic: true } as const;
  database.function(decimalFunction, options, decimalKey);
  database.function(likeFunction, options, matcher("su"));
  database.function(ilikeFunction, options, matcher("siu"));
  for (const [operator, name] of Object.entries(calculationFunctions)) {
    database.function(name, options, calculations[operator as keyof typeof calculations]);
  }
  database.function(roundFunction, options, roundDecimal);
  const { sum = "", min = "", max = "" } = aggregateFunctions;
  database.aggregate(sum, { start: null, step: addTo });
  database.aggregate(min, { start: null, step: (least, value) => extreme(least, value, -1) });
  database.aggregate(max, { start: null, step: (most, value) => extreme(most, value, 1) });
}

function extreme(before: string | null, value: unknown, sign: 1 | -1): string | null {
  if (value === null) return before;
  if (before === null) return String(value);
  const [a, b] = [decimalKey(before) ?? "", decimalKey(value) ?? ""];
  return (a < b ? -1 : 1) === sign || a === b ? before : String(value);
}

/** Patterns whose regular expressions are kept. */
const keptPatterns = 64;

function matcher(flags: string): (text: unknown, pattern: unknown) => number | null {
  const kept = new Map<string, RegExp>();
  return (text, pattern) => {
    if (text === null || pattern === null) return null;
    const source = String(pattern);
    let regexp = kept.get(source);
    if (regexp === undefined) {
      if (kept.size >= keptPatterns) kept.clear();
      regexp = likePattern(source, flags);
      kept.set(source, regexp);
    }
    return regexp.test(String(text)) ? 1 : 0;
  };
}

/** A LIKE pattern as a regular expression: `%` is any text, `_` one character, a backslash takes the next as it is. */
export function likePattern(pattern: string, flags: string): RegExp {
  const source = pattern.replaceAll(/\\(.)|[%_]|[\\^$.*+?()[\]{}|/]/gsu, (found, escaped?: string) => {
    if (escaped !== undefined) return escaped.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
    if (found === "%") return ".*";
    return found === "_" ? "." : `\\${found}`;
  });
  return new RegExp(`^${source}$`, flags);
}
