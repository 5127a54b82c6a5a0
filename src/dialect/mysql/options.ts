import { equal } from "../../schema/equal.ts";
import type { DialectOptions, Json } from "../../schema/index.ts";

/**
 * The options that the servers of this family alone have, all under the key `mysql`. What is at its default is left
 * out.
 * - of a table: `engine`, `charset`, `collation`, `rowFormat` and every other option of CREATE TABLE, in camel case
 *   (`keyBlockSize`, `statsPersistent`, …), and `checkOrder`, the names of checks where they are not in the order of these;
 * - of a column: `charset`, `onUpdate` (`CURRENT_TIMESTAMP(6)`), `invisible`, `compressed`, `srid`;
 * - of an index: `kind` (`fulltext` or `spatial`), `parser`, `unused` (no query uses it: INVISIBLE or IGNORED);
 * - of a key or an index, and of a foreign key that has an index of its own: `using` (`btree`, `hash`) and `blockSize`, where
 *   somebody says so;
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

/** What is said of the index that a key has, or that is one. */
export function saidOfIndex(options: DialectOptions): { readonly using: Json; readonly blockSize: Json } {
  const using = textOption(options, "using")?.toLowerCase() ?? null;
  return {
    using: using === "btree" || using === "hash" ? using : null,
    blockSize: option(options, "blockSize") ?? null,
  };
}

/** What no catalog has, so that a database that was read says nothing of it. */
const unread: ReadonlySet<string> = new Set([
  "using",
  "blockSize",
  "dataDirectory",
  "indexDirectory",
  "checkOrder",
]);

/** Whether options of tables, keys or indexes are one, where those that only the statement tells may be left unsaid. */
export function sameBesides(a: DialectOptions, b: DialectOptions): boolean {
  const counting = (own: DialectOptions, other: DialectOptions): DialectOptions => {
    const entries = Object.entries(own["mysql"] ?? {});
    const counted = entries.filter(
      ([name, value]) => !(unread.has(name) && option(other, name) === undefined) && !isUsual(name, value),
    );
    return mysqlOptions(Object.fromEntries(counted));
  };
  return equal(counting(a, b), counting(b, a));
}

/** What Aria gives a table that does not ask for it, and leaves behind where the table goes to another engine. */
export function isUsual(name: string, value: Json): boolean {
  return (name === "pageChecksum" || name === "transactional") && String(value === true ? 1 : value) === "1";
}
