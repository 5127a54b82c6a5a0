import type { DriverValue } from "../dialect/index.ts";
import { tableKey } from "../schema/index.ts";
import type { Entry } from "./entry.ts";
import { partText } from "./key-text.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { Unit } from "./unit.ts";
import type { Updates } from "./updates.ts";

/** Rows that are about to change. */
interface Changing {
  readonly sourced: readonly Entry[];
  readonly updates: Updates;
}

/**
 * Entries to be deleted that can go only after rows that stay have been given another parent than them; and what
 * those in turn reference.
 */
export function leftRows(unit: Unit, { sourced, updates }: Changing): ReadonlySet<Entry> {
  const left = new Set<Entry>();
  if (unit.doomed.size === 0) return left;
  const moved = new Set(sourced.filter(({ stays }) => stays));
  for (const { mapper, changed, entries } of updates.alike) {
    if (!changed.some(({ field }) => mapper.isForeign(field))) continue;
    for (const entry of entries) moved.add(entry);
  }
  const doomed = Map.groupBy(unit.doomed, ({ mapper }) => tableKey(mapper.meta.table));
  const byColumns = new Map<string, ReadonlyMap<string, Entry>>();
  const next = [...moved];
  for (const entry of next) {
    for (const { properties, target, targetColumns } of entry.mapper.meta.foreignKeys) {
      const table = tableKey(target);
      const id = `${table} ${targetColumns.join()}`;
      const known = byColumns.get(id) ?? byValues(doomed.get(table) ?? [], targetColumns);
      byColumns.set(id, known);
      const columns = properties.map((property) => entry.mapper.column(property));
      const parent = known.get(valuesOf(entry, columns));
      if (parent === undefined || left.has(parent)) continue;
      left.add(parent);
      next.push(parent);
    }
  }
  return left;
}

function byValues(entries: readonly Entry[], names: readonly string[]): ReadonlyMap<string, Entry> {
  return new Map(
    entries.map((entry) => {
      const columns = names.flatMap(
        (name) => entry.mapper.columns.find(({ field }) => field.column === name) ?? [],
      );
      return [valuesOf(entry, columns), entry];
    }),
  );
}

/** What the row holds, as text: a driver may give one number in several types. */
function valuesOf({ snapshot }: Entry, columns: readonly MappedColumn[]): string {
  return columns.map(({ index }) => partText(snapshot[index] as DriverValue)).join("\n");
}
