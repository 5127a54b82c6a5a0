import type { Connection, Dialect, DriverValue } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { compileFragment, SqlFragment } from "../sql/index.ts";
import { bringIn, isLeftOut } from "./deferred.ts";
import type { Entry } from "./entry.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { EncodedRow, Key, Mapper } from "./mapper.ts";
import { encodeParameters } from "./parameters.ts";
import { returnsUpdates } from "./returning.ts";
import { withColumn } from "./row-code.ts";
import type { SetToSql } from "./statements.ts";
import type { Unit } from "./unit.ts";

/** Columns of a stored object that differ from its row; null where none does. */
export function changedColumns(entry: Entry): readonly MappedColumn[] | null {
  const { mapper, snapshot, values, flagged, unloaded } = entry;
  if (flagged === null && unloaded === null) {
    const changed = mapper.changes(values, snapshot);
    if (changed !== undefined) return changed;
  }
  let changed: readonly MappedColumn[] | null = null;
  for (const column of mapper.columns) {
    if (!column.field.computed && isChanged(entry, column)) changed = withColumn(changed, column);
  }
  return changed;
}

function isChanged(entry: Entry, column: MappedColumn): boolean {
  const { snapshot, values, flagged, unloaded } = entry;
  if (unloaded?.has(column) === true) return !isLeftOut(entry, column);
  if (flagged?.has(column.property) === true) return true;
  return !column.isSame(values[column.property], snapshot[column.index] as DriverValue);
}

const none: Changes["computed"] = [];

/** What one UPDATE sets: columns to the object's values, and columns to what the database computes. */
export interface Changes {
  readonly set: readonly MappedColumn[];
  readonly computed: readonly { readonly column: MappedColumn; readonly fragment: SqlFragment }[];
}

/** One row that is about to be changed: what is set, and all that it held and will hold. */
export interface RowChange extends Changes {
  readonly entry: Entry;
  readonly before: EncodedRow;
  readonly row: EncodedRow;
  readonly key: Key;
}

/** What an update of an entry sets: the changed columns, and those that change with every update. */
export function changeOf(entry: Entry, changed: readonly MappedColumn[]): RowChange {
  const { mapper, values, snapshot: before } = entry;
  const { set, computed } = withAutomatic(entry, changed);
  const row = before.slice();
  for (let at = 0; at < set.length; at += 1) {
    const column = set[at] as MappedColumn;
    row[column.index] = column.encode(values[column.property]);
  }
  const key = mapper.keyOf(row);
  if (key === null)
    throw new AthanorError("SESSION.KEY_CHANGED", { model: mapper.meta.name, key: keyOf(entry) });
  return { entry, before, set, computed, row, key };
}

/** Columns that the database computes while it changes a row. */
export function filledBy({ entry, computed }: RowChange): readonly MappedColumn[] {
  if (computed.length === 0) return entry.mapper.computed;
  return [...entry.mapper.computed, ...computed.map(({ column }) => column)];
}

/** Writes the changed columns of one row, and those that change with every update; reads back what it computes. */
export async function updateRow(
  connection: Connection,
  unit: Unit,
  entry: Entry,
  changed: readonly MappedColumn[],
): Promise<void> {
  await writeChange(connection, unit, changeOf(entry, changed));
}

/** Writes the change of one row, and reads back what the database computes. */
export async function writeChange(connection: Connection, unit: Unit, change: RowChange): Promise<void> {
  const { entry } = change;
  const { mapper } = entry;
  const filled = filledBy(change);
  const { sql, params, returns } = statementOf(entry, change, change.row, filled);
  const result = await connection.query(sql, params);
  if (result.changes !== 1) throw stale(entry, "changed");
  const back = returns ? result.rows[0] : await readBack(connection, mapper, change.row, filled);
  settleChange(unit, change, filled, back);
}

/** The row is changed: `back` is what the database computed of it. */
export function settleChange(
  unit: Unit,
  { entry, set, row, key }: RowChange,
  filled: readonly MappedColumn[],
  back: readonly DriverValue[] | undefined,
): void {
  const { mapper, values } = entry;
  if (back !== undefined && filled.length > 0) {
    for (const [i, column] of filled.entries()) {
      row[column.index] = back[i] as DriverValue;
      values[column.property] = column.decode(back[i] as DriverValue);
    }
  }
  unit.remember(entry);
  entry.snapshot = mapper.keep(row);
  if (entry.unloaded !== null) for (const column of [...set, ...filled]) bringIn(entry, column);
  entry.flagged = null;
  entry.epoch = unit.epoch;
  rekey(unit, entry, key);
}

/** Columns that are set to SQL as the text of it, with the parameters, which come before all others. */
export function compiled(
  computed: Changes["computed"],
  dialect: Dialect,
): { readonly set: readonly SetToSql[]; readonly params: DriverValue[] } {
  const params: DriverValue[] = [];
  const set = computed.map(({ column, fragment }): SetToSql => {
    const before = params.length;
    const placeholder = (n: number): string => dialect.query.placeholder(before + n);
    const { sql, parameters } = compileFragment(fragment.expression, { ...dialect.query, placeholder });
    params.push(...encodeParameters(parameters, dialect));
    return { column, sql, parameters: parameters.length };
  });
  return { set, params };
}

/** The UPDATE of one row; of others that set the same columns to nothing but values, the text is the same. */
export function statementOf(
  { mapper, snapshot }: Entry,
  { set, computed }: Changes,
  row: EncodedRow,
  filled: readonly MappedColumn[],
): { readonly sql: string; readonly params: DriverValue[]; readonly returns: boolean } {
  const { dialect, version } = mapper;
  const toSql = compiled(computed, dialect);
  const params = toSql.params;
  for (const column of set) params.push(row[column.index] as DriverValue);
  for (const column of mapper.key) params.push(snapshot[column.index] as DriverValue);
  if (version !== null) params.push(snapshot[version.index] as DriverValue);
  const returns = returnsUpdates(dialect.capabilities);
  const sql = mapper.statements.update(set, version !== null, returns ? filled : [], toSql.set);
  return { sql, params, returns };
}

/** For databases whose UPDATE gives nothing back. */
async function readBack(
  connection: Connection,
  mapper: Mapper,
  row: EncodedRow,
  filled: readonly MappedColumn[],
): Promise<readonly DriverValue[] | undefined> {
  if (filled.length === 0) return undefined;
  const sql = mapper.statements.selectByKey(filled, false);
  return (await connection.query(sql, mapper.keyParts(row))).rows[0];
}

function rekey(unit: Unit, entry: Entry, key: Key): void {
  if (key === entry.key) return;
  unit.unregister(entry);
  unit.register(entry, key);
}

/** The changed columns, with the version and what `onUpdateFactory` gives where the program said nothing. */
function withAutomatic(entry: Entry, changed: readonly MappedColumn[]): Changes {
  const { mapper, values, snapshot } = entry;
  const { version, automatic } = mapper;
  if (automatic.length === 0 && version === null) return { set: changed, computed: none };
  const set = changed.filter((column) => column !== version);
  const computed: { column: MappedColumn; fragment: SqlFragment }[] = [];
  for (const column of automatic) {
    if (changed.includes(column)) continue;
    const value = column.field.makeOnUpdate?.();
    if (value instanceof SqlFragment) computed.push({ column, fragment: value });
    else {
      values[column.property] = value;
      set.push(column);
    }
  }
  if (version !== null) {
    values[version.property] = nextVersion(version.decode(snapshot[version.index] as DriverValue));
    set.push(version);
  }
  return { set, computed };
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
