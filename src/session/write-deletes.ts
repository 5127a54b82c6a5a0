import type { Connection, DriverValue } from "../dialect/index.ts";
import { type Clearing, type Consequences, holders, partOf } from "./cascade.ts";
import { clearKeys, deleteLinks, deleteRows } from "./delete.ts";
import { dropStaleRelations } from "./drop-stale.ts";
import type { Entry } from "./entry.ts";
import { relationsOf } from "./mapped-relation.ts";
import { orderByReference, type RowValues } from "./order.ts";
import { loadRelation, members, relationValue } from "./relation-value.ts";
import type { Unit } from "./unit.ts";

/** Deletes the rows of those entries to be deleted that are meant, and does what their going brings with it. */
export async function writeDeletes(
  connection: Connection,
  unit: Unit,
  { clearings, byDatabase }: Consequences,
  isMeant: (entry: Entry) => boolean,
): Promise<void> {
  const doomed = [...unit.doomed].filter(isMeant);
  if (doomed.length === 0) return;
  for (const all of clearings) {
    const clearing = partOf(all, isMeant);
    await clearKeys(connection, clearing.mapper, clearing.columns, clearing.keys);
    forgetKeys(unit, clearing);
  }
  const { batches, postponed } = orderByReference(doomed, storedValues);
  for (const { entry, columns } of postponed) {
    const key = entry.mapper.keyParts(entry.snapshot);
    await connection.query(entry.mapper.statements.update(columns, false, []), [
      ...columns.map(() => null),
      ...key,
    ]);
  }
  for (const { mapper, entries } of [...batches].reverse()) {
    await deleteLinks(connection, mapper, entries);
    await deleteRows(connection, unit, mapper, entries);
  }
  for (const all of byDatabase) {
    const consequence = partOf(all, isMeant);
    if (consequence.action === "set null") forgetKeys(unit, consequence);
    else for (const entry of holders(unit, consequence)) unit.frame.deleted.add(entry);
  }
  for (const entry of unit.frame.deleted) markDeleted(unit, entry);
  dropDeleted(unit);
}

function storedValues({ snapshot }: Entry): RowValues {
  return { value: (column) => snapshot[column.index] as DriverValue, parents: [] };
}

/** Rows that stayed have lost a foreign key: so have their objects. */
function forgetKeys(unit: Unit, clearing: Clearing): void {
  for (const entry of holders(unit, clearing)) {
    unit.remember(entry);
    entry.snapshot = [...entry.snapshot];
    for (const { index, property } of clearing.columns) {
      entry.snapshot[index] = null;
      entry.values[property] = null;
    }
    dropStaleRelations(entry, clearing.columns);
  }
}

function markDeleted(unit: Unit, entry: Entry): void {
  if (entry.state === "deleted") return;
  const { key } = entry;
  unit.forget(entry);
  entry.key = key;
  entry.state = "deleted";
  entry.doomed = false;
}

/** Deleted objects leave the collections that hold them. */
function dropDeleted(unit: Unit): void {
  const gone = new Set([...unit.frame.deleted].map(({ instance }) => instance));
  for (const entry of unit.related) {
    for (const { property } of relationsOf(entry.mapper).values()) {
      const value = relationValue(entry.instance, property);
      if (value === undefined || !members(value).some((member) => gone.has(member))) continue;
      unit.remember(entry);
      const left = Array.isArray(value) ? value.filter((member) => !gone.has(member)) : null;
      loadRelation(entry, property, left);
    }
  }
}
