import type { Connection, DriverValue } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { isLazyColumn, lazyColumn, ModelInstance } from "../model/index.ts";
import { inChunks } from "./chunks.ts";
import type { Entry } from "./entry.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { Key } from "./mapper.ts";
import type { Unit } from "./unit.ts";

/** Puts awaitables in the place of columns that were not read. */
export function leaveOut(entry: Entry, columns: readonly MappedColumn[]): void {
  const { instance, mapper, values } = entry;
  entry.unloaded ??= new Set();
  for (const column of columns) {
    const { property } = column;
    entry.unloaded.add(column);
    if (isLazyColumn(values[property])) continue;
    values[property] = lazyColumn({
      model: mapper.meta.name,
      property,
      load: async () => {
        const link = ModelInstance.linkOf(instance as ModelInstance);
        if (link === null) throw new AthanorError("MODEL.DETACHED", { model: mapper.meta.name, property });
        return link.loadColumn(instance, property);
      },
    });
  }
}

/** Whether a column was not read, and the program has not assigned it since. */
export function isLeftOut(entry: Entry, column: MappedColumn): boolean {
  return entry.unloaded?.has(column) === true && isLazyColumn(entry.values[column.property]);
}

/** A column that was not read has a value now. */
export function bringIn(entry: Entry, column: MappedColumn): void {
  entry.unloaded?.delete(column);
  if (entry.unloaded?.size === 0) entry.unloaded = null;
}

/** Reads a column of several objects in one query. What the program assigned meanwhile stays. */
export async function loadColumn(
  connection: Connection,
  unit: Unit,
  entries: readonly Entry[],
  column: MappedColumn,
): Promise<void> {
  const [first] = entries;
  if (first === undefined) return;
  const { mapper } = first;
  const { key, statements } = mapper;
  const lists = entries.map((entry) => mapper.keyParts(entry.snapshot));
  await inChunks(lists, statements, async (count, params) => {
    const sql = statements.selectColumns([...key, column], key, count);
    for (const row of (await connection.query(sql, params)).rows) {
      const entry = unit.find(mapper, mapper.keyOfParts(row.slice(0, key.length) as Key[]));
      if (entry === undefined || entry.unloaded?.has(column) !== true) continue;
      fill(entry, column, row[key.length] as DriverValue);
    }
  });
}

/** Takes over what the database has for a column that was not read. */
export function fill(entry: Entry, column: MappedColumn, value: DriverValue): void {
  const { values, mapper } = entry;
  if (isLazyColumn(values[column.property])) values[column.property] = column.decode(value);
  const snapshot = [...entry.snapshot];
  snapshot[column.index] = value;
  entry.snapshot = mapper.keep(snapshot);
  bringIn(entry, column);
}
