import type { DriverValue } from "../dialect/index.ts";
import type { Entry } from "./entry.ts";
import { partText } from "./key-text.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { Mapper } from "./mapper.ts";

/** What no two rows of a table may have alike. */
interface Unique {
  readonly keys: readonly (readonly MappedColumn[])[];
  /** Whether it may depend on any other column too. */
  readonly isOpen: boolean;
}

const uniqueOf = new WeakMap<Mapper, Unique>();

function uniqueKeys(mapper: Mapper): Unique {
  const known = uniqueOf.get(mapper);
  if (known !== undefined) return known;
  const { primaryKey, uniques, indexes, exclusions } = mapper.meta.stored.toTable();
  const owned = indexes.filter(({ unique }) => unique);
  const lists = [
    primaryKey?.columns ?? [],
    ...uniques.map(({ columns }) => columns),
    ...owned.map(({ parts }) => parts.flatMap(({ column }) => column ?? [])),
  ];
  const columnsOf = (names: readonly string[]): readonly MappedColumn[] =>
    mapper.columns.filter(({ field }) => names.includes(field.column));
  const isOpen =
    exclusions.length > 0 ||
    owned.some(({ where, parts }) => where !== null || parts.some(({ column }) => column === null)) ||
    mapper.computed.some(({ field }) => lists.some((names) => names.includes(field.column)));
  const unique = { keys: lists.map(columnsOf).filter((columns) => columns.length > 0), isOpen };
  uniqueOf.set(mapper, unique);
  return unique;
}

/** Whether an update of these columns may give a value up, or take one, that no two rows may have. */
export function writesUnique(mapper: Mapper, changed: readonly MappedColumn[]): boolean {
  const { keys } = uniqueKeys(mapper);
  return isUnforeseen(mapper) || changed.some((column) => keys.some((key) => key.includes(column)));
}

/** Whether nobody knows before an update what it will write to a unique key. */
function isUnforeseen(mapper: Mapper): boolean {
  const { keys, isOpen } = uniqueKeys(mapper);
  const own = mapper.version === null ? mapper.automatic : [...mapper.automatic, mapper.version];
  return isOpen || own.some((column) => keys.some((key) => key.includes(column)));
}

/**
 * Updates in an order in which each unique value has been given up by the row that had it before another takes it.
 * Rows that want each other's values stay as they come: no order would do. Null where nobody waits for anybody, and
 * rows keep the keys by which one statement finds them all.
 */
export function inTurn<C extends readonly MappedColumn[]>(
  updates: ReadonlyMap<Entry, C>,
): Iterable<readonly [Entry, C]> | null {
  const givers = giversOf(updates);
  const isAlone = ([{ mapper }, changed]: readonly [Entry, C]): boolean =>
    isUnforeseen(mapper) || changed.some((column) => mapper.key.includes(column));
  if (givers.size === 0 && ![...updates].some(isAlone)) return null;
  const seen = new Set<Entry>();
  const list: (readonly [Entry, C])[] = [];
  for (const first of updates.keys()) {
    // Depth first, without recursion: a chain may be as long as the list.
    const path = seen.has(first) ? [] : [first];
    seen.add(first);
    for (let entry = path.at(-1); entry !== undefined; entry = path.at(-1)) {
      const giver = givers.get(entry)?.find((each) => !seen.has(each));
      if (giver !== undefined) {
        seen.add(giver);
        path.push(giver);
        continue;
      }
      path.pop();
      list.push([entry, updates.get(entry) as C]);
    }
  }
  return list;
}

/** For each row that takes unique values, the rows of the same updates that give them up. */
function giversOf(
  updates: ReadonlyMap<Entry, readonly MappedColumn[]>,
): ReadonlyMap<Entry, readonly Entry[]> {
  const holders = new Map<readonly MappedColumn[], Map<string, Entry>>();
  each(updates, (entry, key, { old }) => {
    const entries = holders.get(key) ?? new Map<string, Entry>();
    entries.set(old, entry);
    holders.set(key, entries);
  });
  const givers = new Map<Entry, Entry[]>();
  each(updates, (entry, key, { now }) => {
    const giver = holders.get(key)?.get(now);
    if (giver !== undefined) givers.set(entry, [...(givers.get(entry) ?? []), giver]);
  });
  return givers;
}

/** What a row had and will have in a unique key, as text. */
interface Passage {
  readonly old: string;
  readonly now: string;
}

function each(
  updates: ReadonlyMap<Entry, readonly MappedColumn[]>,
  visit: (entry: Entry, key: readonly MappedColumn[], passage: Passage) => void,
): void {
  for (const [entry, changed] of updates) {
    for (const key of uniqueKeys(entry.mapper).keys) {
      if (!key.some((column) => changed.includes(column))) continue;
      const old = textOf(key.map((column) => column.respell(entry.snapshot[column.index] as DriverValue)));
      const now = textOf(key.map((column) => column.encode(entry.values[column.property])));
      if (old !== now) visit(entry, key, { old, now });
    }
  }
}

/** To a database small letters may be the same as large ones: to wait in vain does no harm. */
function textOf(values: readonly DriverValue[]): string {
  return values.map(partText).join("\n").toLowerCase();
}
