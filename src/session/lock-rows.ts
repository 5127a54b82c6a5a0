import type { Connection, DriverValue } from "../dialect/index.ts";
import { inChunks } from "./chunks.ts";
import type { Entry } from "./entry.ts";
import { keyText } from "./key-text.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { Mapper } from "./mapper.ts";
import { stale } from "./update.ts";

/**
 * Locks the rows of these objects until the transaction ends, and makes sure that each has the version with which it was
 * read: what is done to all of them afterwards by one statement, which does not say whom it missed, misses nobody.
 * Throws `SESSION.STALE` for the first object whose row is another now, or gone.
 */
export async function lockVersions(
  connection: Connection,
  mapper: Mapper,
  version: MappedColumn,
  entries: readonly Entry[],
  action: "changed" | "deleted",
): Promise<void> {
  const { statements, key, dialect } = mapper;
  const found = new Set<string>();
  const keys = entries.map((entry) => mapper.keyParts(entry.snapshot));
  await inChunks(keys, statements, async (count, params) => {
    const sql = statements.selectColumns([...key, version], key, count, dialect.capabilities.rowLocks);
    const { rows } = await connection.query(sql, params);
    for (const row of rows) found.add(textOf(mapper, row, version, row[key.length] as DriverValue));
  });
  const missed = entries.find(({ snapshot }) => {
    const read = snapshot[version.index] as DriverValue;
    return !found.has(textOf(mapper, mapper.keyParts(snapshot), version, read));
  });
  if (missed !== undefined) throw stale(missed, action);
}

function textOf(
  mapper: Mapper,
  key: readonly DriverValue[],
  version: MappedColumn,
  value: DriverValue,
): string {
  return `${keyText(mapper, key)}\n${String(version.respell(value))}`;
}
