import type { DriverValue } from "../dialect/index.ts";
import { fill } from "./deferred.ts";
import type { Entry } from "./entry.ts";
import { relationsOf } from "./mapped-relation.ts";
import { unloadRelation } from "./relation-value.ts";
import type { Unit } from "./unit.ts";

/** Gives an object the values of its row; what the program changed meanwhile stays, unless `all`. */
export function renew(unit: Unit, entry: Entry, row: readonly DriverValue[], all: boolean): void {
  const { mapper, values, snapshot } = entry;
  unit.rememberRead(entry);
  const next: DriverValue[] = [...row];
  for (const column of mapper.columns) {
    const value = row[column.index];
    const old = snapshot[column.index] as DriverValue;
    if (value === undefined) next[column.index] = old;
    else if (entry.unloaded?.has(column) === true) fill(entry, column, value);
    else if (all || (value !== old && column.isSame(values[column.property], old))) {
      values[column.property] = column.decode(value);
    }
  }
  entry.snapshot = mapper.keep(next);
  entry.epoch = unit.epoch;
  if (entry.relations === null) return;
  for (const relation of relationsOf(mapper).values()) {
    if (relation.meta.keyOn !== "local" || !entry.relations.has(relation.property)) continue;
    const moved = relation.local.some(({ index }) => entry.snapshot[index] !== snapshot[index]);
    if (moved) unloadRelation(entry, relation.property);
  }
}
