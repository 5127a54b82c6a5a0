import { decimalFunction, decimalKey } from "./decimal-key.ts";
import type { DriverDatabase } from "./driver-database.ts";

/** The name under which LIKE that respects case is known to SQL: `athanor_like(text, pattern)`. */
export const likeFunction: string = "athanor_like";
/** The name under which LIKE that ignores case, in every alphabet, is known to SQL. */
export const ilikeFunction: string = "athanor_ilike";

/** Makes the functions that queries of this dialect use known to a connection. */
export function registerFunctions(database: DriverDatabase): void {
  const options = { deterministic: true } as const;
  database.function(decimalFunction, options, decimalKey);
  database.function(likeFunction, options, matcher("su"));
  database.function(ilikeFunction, options, matcher("siu"));
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
