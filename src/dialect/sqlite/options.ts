import type { DialectOptions, Json } from "../../schema/index.ts";
import type { Conflict, ParsedKey } from "./parse-table.ts";

/**
 * The options that SQLite alone has, under the key `sqlite`:
 * - of a table: `strict`, `withoutRowid`;
 * - of a column: `autoincrement` (numbers are never used again), `notNullConflict`;
 * - of a primary key or unique constraint: `conflict`, `order` and `collations` (one entry to a column).
 */

/** The value of an option of SQLite. */
export function option(options: DialectOptions, name: string): Json | undefined {
  return options["sqlite"]?.[name];
}

/** Options of SQLite without those that are off; none at all is no entry. */
export function sqliteOptions(values: { readonly [name: string]: Json }): DialectOptions {
  const set = Object.entries(values).filter(([, value]) => value !== null && value !== false);
  return set.length === 0 ? {} : { sqlite: Object.fromEntries(set) };
}

/** A conflict clause, or null where the usual holds. */
export function conflictOption(options: DialectOptions, name: string): Conflict {
  const value = option(options, name);
  return typeof value === "string" ? (value.toLowerCase() as Conflict) : null;
}

/** The options of a key whose columns are ordered or compared in a way of their own. */
export function keyOptions(keys: readonly ParsedKey[], conflict: Conflict): DialectOptions {
  const ordered = keys.some((key) => key.order === "desc");
  const collated = keys.some((key) => key.collation !== null);
  return sqliteOptions({
    conflict,
    order: ordered ? keys.map((key) => key.order) : null,
    collations: collated ? keys.map((key) => key.collation) : null,
  });
}

/** One entry of a list option. */
export function optionAt(options: DialectOptions, name: string, at: number): string | null {
  const list = option(options, name);
  const value = Array.isArray(list) ? list[at] : null;
  return typeof value === "string" ? value : null;
}

/** A collation's name in one spelling; null for the usual one. */
export function collationForm(name: string | null): string | null {
  if (name === null) return null;
  const upper = name.toUpperCase();
  if (upper === "BINARY") return null;
  return upper === "NOCASE" || upper === "RTRIM" ? upper : name;
}
