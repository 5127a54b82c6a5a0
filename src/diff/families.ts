import type { Operation } from "../operation/index.ts";
import { applyAll } from "../operation/index.ts";
import { equal } from "../schema/equal.ts";
import { detached, parentsOf } from "../schema/family.ts";
import { findTable, type Schema, type Table } from "../schema/index.ts";

/** Tables that become a part of others, or no longer are: they stand alone while their columns change. */
export interface FamilyOperations {
  readonly leave: readonly Operation[];
  readonly join: readonly Operation[];
  /** Both sides with these tables by themselves. */
  readonly before: Schema;
  readonly after: Schema;
}

/** What takes tables out of the families that they leave, and puts them into those that they join. */
export function diffFamilies(before: Schema, after: Schema): FamilyOperations {
  const moved = after.tables.flatMap((now) => {
    const old = findTable(before, now);
    return old === undefined || equal(parentsOf(old), parentsOf(now)) ? [] : [{ old, now }];
  });
  if (moved.length === 0) return { leave: [], join: [], before, after };
  const leave = moved.flatMap(({ old }) => optionChanges(old, detached(old, before)));
  const alone = new Map(moved.map(({ now }) => [now, detached(now, after)]));
  return {
    leave,
    join: moved.flatMap(({ now }) => optionChanges(alone.get(now)!, now)),
    before: applyAll(before, leave),
    after: { ...after, tables: after.tables.map((table) => alone.get(table) ?? table) },
  };
}

/** What gives a table the options of another, dialect by dialect. */
export function optionChanges(from: Table, to: Table): Operation[] {
  const dialects = [...new Set([...Object.keys(from.options), ...Object.keys(to.options)])].sort();
  return dialects
    .filter((dialect) => !equal(from.options[dialect] ?? {}, to.options[dialect] ?? {}))
    .map((dialect) => ({
      kind: "setTableOptions",
      table: { schema: to.schema, name: to.name },
      dialect,
      from: from.options[dialect] ?? {},
      to: to.options[dialect] ?? {},
    }));
}
