import type { DialectOptions, Index, PrimaryKey, Table, Unique } from "../../schema/index.ts";
import { option } from "./options.ts";
import { quoteName } from "./quote.ts";

/**
 * For how long a row says something holds: `PERIOD FOR booking (since, until)` of a table, and keys of which no two rows
 * hold at one time (`WITHOUT OVERLAPS`). The server keeps such a key over the period's columns, the end first.
 */
export interface Period {
  readonly name: string;
  readonly start: string;
  readonly end: string;
}

/** The option of a table that says its period: `{ booking: ["since", "until"] }`. */
export const periodOption = "periodFor";

/** The period of a table; null where it has none. */
export function periodOf({ options }: Pick<Table, "options">): Period | null {
  const said = option(options, periodOption);
  if (typeof said !== "object" || said === null) return null;
  const [name, columns] = Object.entries(said)[0] ?? [];
  if (name === undefined || !Array.isArray(columns)) return null;
  return { name, start: String(columns[0]), end: String(columns[1]) };
}

/** The period as the option of a table says it. */
export function asOption({ name, start, end }: Period): { readonly [name: string]: readonly string[] } {
  return { [name]: [start, end] };
}

/** The clause that gives a table its period. */
export function periodClause({ name, start, end }: Period): string {
  return `PERIOD FOR ${quoteName(name)} (${quoteName(start)}, ${quoteName(end)})`;
}

/** The period of a key of which no two rows hold at one time; null for other keys. */
export function periodOfKey({ options }: { readonly options: DialectOptions }, table: Table): Period | null {
  return option(options, "withoutOverlaps") === true ? periodOf(table) : null;
}

/**
 * The columns of a key as the server keeps them. Where a table keeps its history and says when a version ended, that
 * belongs to each of its keys.
 */
export function keptColumns(key: PrimaryKey | Unique, table: Table): readonly string[] {
  const period = periodOfKey(key, table);
  if (period === null) return [...key.columns, ...endOfVersion(table, key.columns)];
  const { start, end } = period;
  return [...key.columns.filter((name) => name !== start && name !== end), end, start];
}

/** The parts of an index as the server keeps them. */
export function keptParts(index: Index, table: Table): Index["parts"] {
  const period = periodOfKey(index, table);
  const bare = { expression: null, order: "asc", nulls: null, collation: null, operatorClass: null } as const;
  if (period === null) {
    const own = index.parts.map(({ column }) => column);
    const more = index.unique ? endOfVersion(table, own) : [];
    return [...index.parts, ...more.map((column) => ({ ...bare, column, length: null }))];
  }
  const { start, end } = period;
  return [
    ...index.parts.filter(({ column }) => column !== start && column !== end),
    ...[end, start].map((column) => ({ ...bare, column, length: null })),
  ];
}

/** When a version ended, where the table says it and the key does not have it. */
function endOfVersion({ options }: Table, columns: readonly (string | null)[]): readonly string[] {
  const said = option(options, "period");
  const end = Array.isArray(said) && option(options, "systemVersioned") === true ? said[1] : undefined;
  return typeof end === "string" && !columns.includes(end) ? [end] : [];
}

/** The keys of a key's clause: those that are not the period's, and the period where there is one. */
export function keysOfClause<T>(
  keys: readonly T[],
  columnOf: (key: T) => string | null,
  clauseOf: (key: T) => string,
  period: Period | null,
): string {
  if (period === null) return keys.map(clauseOf).join(", ");
  const own = keys.filter((key) => columnOf(key) !== period.start && columnOf(key) !== period.end);
  return [...own.map(clauseOf), `${quoteName(period.name)} WITHOUT OVERLAPS`].join(", ");
}
