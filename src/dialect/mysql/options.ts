import type { DialectOptions, Json } from "../../schema/index.ts";

/**
 * The options that the servers of this family alone have, all under the key `mysql`. What is at its default is left
 * out.
 * - of a table: `engine`, `charset`, `collation`, `rowFormat` and every other option of CREATE TABLE, in camel case
 *   (`keyBlockSize`, `statsPersistent`, …);
 * - of a column: `charset`, `onUpdate` (`CURRENT_TIMESTAMP(6)`), `invisible`, `compressed`, `srid`;
 * - of an index: `kind` (`fulltext` or `spatial`), `parser`, `unused` (no query uses it: INVISIBLE or IGNORED);
 * - of a primary key or unique index: `withoutOverlaps` (no two rows hold at one time, by the table's `periodFor`);
 * - of a check: `column` (part of the definition of a column, which MariaDB keeps apart), `notEnforced`.
 */

/** The value of an option of this family. */
export function option(options: DialectOptions, name: string): Json | undefined {
  return options["mysql"]?.[name];
}

/** The value of an option that is text. */
export function textOption(options: DialectOptions, name: string): string | null {
  const value = option(options, name);
  return typeof value === "string" && value !== "" ? value : null;
}

/** Options of this family without those that are off; none at all is no entry. */
export function mysqlOptions(values: { readonly [name: string]: Json }): DialectOptions {
  const set = Object.entries(values).filter(([, value]) => value !== null && value !== false);
  return set.length === 0 ? {} : { mysql: Object.fromEntries(set) };
}
