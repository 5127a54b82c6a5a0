import type { Connection, DriverValue } from "../dialect/index.ts";
import type { AthanorError } from "../errors/index.ts";
import { inChunks } from "./chunks.ts";
import { keyText } from "./key-text.ts";
import { lockVersions } from "./lock-rows.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { Mapper } from "./mapper.ts";
import { compiled, filledBy, type RowChange, stale } from "./update.ts";

/** Rows of a list that is joined: few kinds of statement are kept prepared, and more rows gain nothing. */
export const rowsOfList = 50;

/** Whether many rows can be written from lists of values that the table is joined with. */
export function takesLists({ entry, computed }: RowChange, filled: readonly MappedColumn[]): boolean {
  const { dialect, version } = entry.mapper;
  const isListed = dialect.capabilities.updateFromValues === true;
  return isListed && version === null && computed.length === 0 && filled.length === 0;
}

/** As many rows as lists of `rowsOfList` hold, each list with one statement. Throws `SESSION.STALE` as `updateByKey` does. */
export async function updateFromLists(connection: Connection, changes: readonly RowChange[]): Promise<void> {
  const [{ entry, set }] = changes as [RowChange];
  const { mapper } = entry;
  const sql = mapper.statements.updateFromValues(set, rowsOfList);
  const starts = Array.from({ length: changes.length / rowsOfList }, (_, list) => list * rowsOfList);
  const lists = starts.map((start) => listed(changes, start, set));
  const results = (await connection.repeat?.(sql, lists)) ?? [];
  for (const [at, start] of starts.entries()) {
    if (results[at]?.changes === rowsOfList) continue;
    throw await goneOf(connection, mapper, changes.slice(start, start + rowsOfList));
  }
}

/** The values of a list of rows, each with its key. */
function listed(changes: readonly RowChange[], start: number, set: readonly MappedColumn[]): DriverValue[] {
  const params: DriverValue[] = [];
  for (let at = start; at < start + rowsOfList; at += 1) {
    const { entry, before, row } = changes[at] as RowChange;
    const { key } = entry.mapper;
    for (let i = 0; i < set.length; i += 1) params.push(row[(set[i] as MappedColumn).index] as DriverValue);
    for (let i = 0; i < key.length; i += 1)
      params.push(before[(key[i] as MappedColumn).index] as DriverValue);
  }
  return params;
}

/**
 * Many rows with one statement where a database takes no arrays: each column is set to a `CASE` over the key. Unlike
 * rows of a derived table its values take the column's character set and type, as they do alone. Answers what the
 * database computed of each row. Throws `SESSION.STALE` for the first row that is gone, or has another version.
 */
export async function updateByKey(
  connection: Connection,
  changes: readonly RowChange[],
): Promise<readonly (readonly DriverValue[])[]> {
  const [first] = changes as [RowChange];
  const { mapper } = first.entry;
  const entries = changes.map(({ entry }) => entry);
  if (mapper.version !== null) await lockVersions(connection, mapper, mapper.version, entries, "changed");
  const most = mapper.statements.rowsAtOnce(first.set.length * (mapper.key.length + 1) + mapper.key.length);
  for (let start = 0; start < changes.length; start += most) {
    await updateChunk(connection, mapper, changes.slice(start, start + most));
  }
  const filled = filledBy(first);
  if (filled.length === 0) return changes.map(() => []);
  const there = await readByKey(connection, mapper, filled, changes);
  return changes.map(({ entry, row }) => {
    const back = there.get(keyText(mapper, mapper.keyParts(row)));
    if (back === undefined) throw stale(entry, "changed");
    return back;
  });
}

async function updateChunk(
  connection: Connection,
  mapper: Mapper,
  changes: readonly RowChange[],
): Promise<void> {
  const [{ set, computed }] = changes as [RowChange];
  const keys = changes.map(({ entry }) => mapper.keyParts(entry.snapshot));
  const toSql = compiled(computed, mapper.dialect);
  const params = toSql.params;
  for (const { index } of set) {
    for (const [at, { row }] of changes.entries()) {
      params.push(...(keys[at] as readonly DriverValue[]), row[index] as DriverValue);
    }
  }
  params.push(...keys.flat());
  const sql = mapper.statements.updateByKey(set, changes.length, toSql.set);
  const result = await connection.query(sql, params);
  if (result.changes !== changes.length) throw await goneOf(connection, mapper, changes);
}

/** The error of the first row that is not there. */
async function goneOf(
  connection: Connection,
  mapper: Mapper,
  changes: readonly RowChange[],
): Promise<AthanorError> {
  const there = await readByKey(connection, mapper, [], changes);
  const gone = changes.find(({ entry }) => !there.has(keyText(mapper, mapper.keyParts(entry.snapshot))));
  return stale((gone ?? (changes[0] as RowChange)).entry, "changed");
}

/** Some columns of the rows that are there, by the text of their keys. */
async function readByKey(
  connection: Connection,
  mapper: Mapper,
  columns: readonly MappedColumn[],
  changes: readonly RowChange[],
): Promise<ReadonlyMap<string, readonly DriverValue[]>> {
  const { statements, key } = mapper;
  const found = new Map<string, readonly DriverValue[]>();
  await inChunks(
    changes.map(({ row }) => mapper.keyParts(row)),
    statements,
    async (count, params) => {
      const { rows } = await connection.query(
        statements.selectColumns([...key, ...columns], key, count),
        params,
      );
      for (const row of rows) found.set(keyText(mapper, row), row.slice(key.length));
    },
  );
  return found;
}
