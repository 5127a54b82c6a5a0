import type { Connection, DriverValue } from "../dialect/index.ts";
import { inChunks } from "./chunks.ts";
import type { Entry } from "./entry.ts";
import { lockVersions } from "./lock-rows.ts";
import type { MappedColumn } from "./mapped-column.ts";
import { relationsOf } from "./mapped-relation.ts";
import type { Mapper } from "./mapper.ts";
import type { Unit } from "./unit.ts";
import { stale } from "./update.ts";

/** Deletes rows of one model. A row that has a version is deleted only as it was read. */
export async function deleteRows(
  connection: Connection,
  unit: Unit,
  mapper: Mapper,
  entries: readonly Entry[],
): Promise<void> {
  const { version, statements, key } = mapper;
  if (version !== null && connection.repeat !== undefined) {
    await deleteEach(connection, version, mapper, entries);
  } else {
    if (version !== null) await lockVersions(connection, mapper, version, entries, "deleted");
    const keys = entries.map((entry) => mapper.keyParts(entry.snapshot));
    await inChunks(keys, statements, async (count, params) => {
      await connection.query(statements.deleteWhere(key, count), params);
    });
  }
  for (const entry of entries) unit.frame.deleted.add(entry);
}

/** One statement, run for each row. */
async function deleteEach(
  connection: Connection,
  version: MappedColumn,
  mapper: Mapper,
  entries: readonly Entry[],
): Promise<void> {
  const lists = entries.map(({ snapshot }) => [
    ...mapper.keyParts(snapshot),
    snapshot[version.index] as DriverValue,
  ]);
  const results = (await connection.repeat?.(mapper.statements.delete(true), lists)) ?? [];
  const missed = entries.find((_, at) => results[at]?.changes !== 1);
  if (missed !== undefined) throw stale(missed, "deleted");
}

/** Rows of link tables that hold the keys of rows about to go, unless the database sees to them itself. */
export async function deleteLinks(
  connection: Connection,
  mapper: Mapper,
  entries: readonly Entry[],
): Promise<void> {
  for (const { link, meta } of relationsOf(mapper).values()) {
    if (link === null || meta.passiveDeletes || link.onDelete === "cascade") continue;
    const columns = link.local.map((pair) => pair.link);
    const keys = entries.map((entry) =>
      link.local.map(({ own }) => entry.snapshot[own.index] as DriverValue),
    );
    await inChunks(keys, link.mapper.statements, async (count, params) => {
      await connection.query(link.mapper.statements.deleteWhere(columns, count), params);
    });
  }
}

/** Sets foreign keys of rows to NULL, where they hold one of the lists of values. */
export async function clearKeys(
  connection: Connection,
  mapper: Mapper,
  columns: readonly MappedColumn[],
  keys: readonly (readonly DriverValue[])[],
): Promise<void> {
  await inChunks(keys, mapper.statements, async (count, params) => {
    await connection.query(mapper.statements.clearWhere(columns, count), params);
  });
}
