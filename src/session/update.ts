import type { Connection, DriverValue } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import type { Entry } from "./entry.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { EncodedRow, Key } from "./mapper.ts";
import type { Unit } from "./unit.ts";

/** Columns of a stored object that differ from its row. */
export function changedColumns(entry: Entry): MappedColumn[] | null {
  const { mapper, snapshot, values, flagged } = entry;
  let changed: MappedColumn[] | null = null;
  const { columns } = mapper;
  for (let i = 0; i < columns.length; i += 1) {
    const column = columns[i] as MappedColumn;
    if (column.field.computed) continue;
    const isFlagged = flagged?.has(column.property) === true;
    if (!isFlagged && column.isSame(values[column.property], snapshot[i] as DriverValue)) continue;
    changed ??= [];
    changed.push(column);
  }
  return changed;
}

/** Writes the changed columns of one row, and those that change with every update. */
export async function updateRow(
  connection: Connection,
  unit: Unit,
  entry: Entry,
  changed: readonly MappedColumn[],
): Promise<void> {
  const { mapper, values } = entry;
  const before = entry.snapshot;
  const set = withAutomatic(entry, changed);
  const guarded = mapper.version !== null;
  const { returning } = mapper.dialect.capabilities;
  const sql = mapper.statements.update(set, guarded, returning ? mapper.computed : []);
  const row: EncodedRow = [...before];
  for (const column of set) row[column.index] = column.encode(values[column.property]);
  const key = mapper.keyOf(row);
  if (key === null)
    throw new AthanorError("SESSION.KEY_CHANGED", { model: mapper.meta.name, key: keyOf(entry) });
  const params = set.map((column) => row[column.index] as DriverValue);
  for (const column of mapper.key) params.push(before[column.index] as DriverValue);
  if (mapper.version !== null) params.push(before[mapper.version.index] as DriverValue);
  const result = await connection.query(sql, params);
  if (result.changes !== 1) throw stale(entry, "changed");
  const [back] = result.rows;
  for (const [i, column] of mapper.computed.entries()) {
    if (back === undefined) break;
    row[column.index] = back[i] as DriverValue;
    values[column.property] = column.decode(back[i] as DriverValue);
  }
  unit.remember(entry);
  entry.snapshot = mapper.keep(row);
  entry.flagged = null;
  entry.epoch = unit.epoch;
  rekey(unit, entry, key);
}

function rekey(unit: Unit, entry: Entry, key: Key): void {
  if (key === entry.key) return;
  unit.unregister(entry);
  unit.register(entry, key);
}

/** The changed columns, with the version and what `onUpdateFactory` gives where the program said nothing. */
function withAutomatic(entry: Entry, changed: readonly MappedColumn[]): readonly MappedColumn[] {
  const { mapper, values, snapshot } = entry;
  const { version } = mapper;
  const automatic = mapper.columns.filter(
    (column) => column === version || (column.field.makeOnUpdate !== undefined && !changed.includes(column)),
  );
  for (const column of automatic) {
    values[column.property] =
      column === version
        ? nextVersion(column.decode(snapshot[column.index] as DriverValue))
        : column.field.makeOnUpdate?.();
  }
  return automatic.length === 0 ? changed : [...changed.filter((column) => column !== version), ...automatic];
}

function nextVersion(version: unknown): unknown {
  if (typeof version === "bigint") return version + 1n;
  return typeof version === "number" ? version + 1 : 1;
}

/** The error of a row that is no longer what it was when it was read. */
export function stale(entry: Entry, action: string): AthanorError<"SESSION.STALE"> {
  return new AthanorError("SESSION.STALE", { model: entry.mapper.meta.name, key: keyOf(entry), action });
}

function keyOf({ mapper, snapshot }: Entry): string {
  return mapper.keyParts(snapshot).map(String).join(", ");
}
