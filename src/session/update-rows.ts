import type { Columnwise, Connection, DriverValue } from "../dialect/index.ts";
import { countingOnTypes, type TypesHost, typesOf } from "./column-types.ts";
import type { Entry } from "./entry.ts";
import { keyText } from "./key-text.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { EncodedRow, Mapper } from "./mapper.ts";
import { returnsUpdates } from "./returning.ts";
import { inTurn, writesUnique } from "./unique-columns.ts";
import type { Unit } from "./unit.ts";
import {
  changeOf,
  compiled,
  filledBy,
  type RowChange,
  settleChange,
  stale,
  statementOf,
  updateRow,
  writeChange,
} from "./update.ts";
import { rowsOfList, takesLists, updateByKey, updateFromLists } from "./update-by-key.ts";
import { type AlikeUpdates, sameColumns, type Updates } from "./updates.ts";

/** Rows of one statement at most. */
const mostTogether = 10_000;

const nothing: readonly DriverValue[] = [];

/** Called for each row whose foreign keys may have changed, with what it was before. */
type Moved = (unit: Unit, entry: Entry, columns: readonly MappedColumn[], before: EncodedRow) => void;

/** Whose the database is, and the objects in it. */
interface Host extends TypesHost {
  readonly unit: Unit;
}

/**
 * Writes the changed columns of many rows: those that change alike with one statement, or with one that is run again
 * and again, as the database has it. Where the order of rows counts, since they may hand a unique value on, all are
 * written one by one, who gives a value up before who takes it.
 */
export async function updateRows(
  connection: Connection,
  host: Host,
  updates: Updates,
  moved: Moved,
): Promise<void> {
  const isOrdered =
    updates.size > 1 && updates.alike.some(({ mapper, changed }) => writesUnique(mapper, changed));
  const turns = isOrdered ? inTurn(updates.byEntry()) : null;
  if (updates.size > 1 && turns === null) {
    for (const alike of updates.alike) await updateAlike(connection, host, alike, moved);
    return;
  }
  for (const [entry, columns] of turns ?? updates.byEntry()) {
    const before = entry.snapshot;
    await updateRow(connection, host.unit, entry, columns);
    moved(host.unit, entry, columns, before);
  }
}

async function updateAlike(
  connection: Connection,
  host: Host,
  { mapper, changed, entries }: AlikeUpdates,
  moved: Moved,
): Promise<void> {
  const mayMove = mapper.writesForeign(changed);
  for (let start = 0; start < entries.length; start += mostTogether) {
    const changes = changesOf(entries.slice(start, start + mostTogether), changed);
    const lists = mapper.automatic.length === 0 ? [changes] : alikeOf(changes);
    for (const alike of lists) await writeAlike(connection, host, alike);
    if (mayMove) for (const { entry, before } of changes) moved(host.unit, entry, changed, before);
  }
}

// Loops over thousands of rows are functions of their own: V8 compiles them once, whatever becomes of those that wait.

function changesOf(entries: readonly Entry[], changed: readonly MappedColumn[]): readonly RowChange[] {
  const changes: RowChange[] = [];
  for (let at = 0; at < entries.length; at += 1) changes.push(changeOf(entries[at] as Entry, changed));
  return changes;
}

/** Changes that set the same columns, to the same SQL where it is SQL: most often all of them do. */
function alikeOf(changes: readonly RowChange[]): readonly (readonly RowChange[])[] {
  const lists: RowChange[][] = [];
  for (const change of changes) {
    const list = lists.find(([first]) => first !== undefined && isAlike(first, change));
    if (list === undefined) lists.push([change]);
    else list.push(change);
  }
  return lists;
}

function isAlike(a: RowChange, b: RowChange): boolean {
  return (
    sameColumns(a.set, b.set) &&
    a.computed.length === b.computed.length &&
    a.computed.every(({ column, fragment }, at) => {
      const other = b.computed[at];
      return other?.column === column && other.fragment === fragment;
    })
  );
}

async function writeAlike(connection: Connection, host: Host, changes: readonly RowChange[]): Promise<void> {
  const [first] = changes as [RowChange];
  const rows = changes.length === 1 ? null : await updateAll(connection, host, changes);
  if (rows === null) {
    for (const change of changes) await writeChange(connection, host.unit, change);
    return;
  }
  settleAll(host.unit, changes, filledBy(first), rows);
}

function settleAll(
  unit: Unit,
  changes: readonly RowChange[],
  filled: readonly MappedColumn[],
  rows: readonly (readonly DriverValue[])[],
): void {
  for (let at = 0; at < changes.length; at += 1)
    settleChange(unit, changes[at] as RowChange, filled, rows[at]);
}

/** What came back for each row; null where these rows cannot be written but one by one, and nothing was done. */
async function updateAll(
  connection: Connection,
  host: Host,
  changes: readonly RowChange[],
): Promise<readonly (readonly DriverValue[])[] | null> {
  const [first] = changes as [RowChange];
  const { mapper } = first.entry;
  const { columnwise, capabilities } = mapper.dialect;
  if (columnwise !== undefined) return updateTogether(connection, host, columnwise, changes);
  if (connection.repeat === undefined) return updateByKey(connection, changes);
  const filled = filledBy(first);
  if (filled.length > 0 && !returnsUpdates(capabilities)) return null;
  if (!takesLists(first, filled)) return updateEach(connection, changes);
  const others = changes.length % rowsOfList;
  const listed = changes.length - others;
  if (listed > 0) await updateFromLists(connection, changes.slice(0, listed));
  if (others > 0) await updateEach(connection, changes.slice(listed));
  return [];
}

/** One statement, run for each row. */
async function updateEach(
  connection: Connection,
  changes: readonly RowChange[],
): Promise<readonly (readonly DriverValue[])[]> {
  const [first] = changes as [RowChange];
  const { mapper } = first.entry;
  const { sql, params } = statementOf(first.entry, first, first.row, filledBy(first));
  const matched = matchedColumns(mapper);
  const prefix = params.slice(0, params.length - first.set.length - matched.length);
  const lists = new Array<readonly DriverValue[]>(changes.length);
  for (let at = 0; at < changes.length; at += 1) {
    const { entry, set, row } = changes[at] as RowChange;
    const list = prefix.slice();
    for (let i = 0; i < set.length; i += 1) list.push(row[(set[i] as MappedColumn).index] as DriverValue);
    for (let i = 0; i < matched.length; i += 1) {
      list.push(entry.snapshot[(matched[i] as MappedColumn).index] as DriverValue);
    }
    lists[at] = list;
  }
  const results = (await connection.repeat?.(sql, lists)) ?? [];
  for (let at = 0; at < changes.length; at += 1) {
    if (results[at]?.changes !== 1) throw stale((changes[at] as RowChange).entry, "changed");
  }
  return results.map(({ rows }) => rows[0] ?? nothing);
}

/** The columns by which a row is found: its key, and its version where it has one. */
function matchedColumns({ key, version }: Mapper): readonly MappedColumn[] {
  return version === null ? key : [...key, version];
}

/** One statement for all rows. */
async function updateTogether(
  connection: Connection,
  host: Host,
  columnwise: Columnwise,
  changes: readonly RowChange[],
): Promise<readonly (readonly DriverValue[])[] | null> {
  const [{ entry, set, computed }] = changes as [RowChange];
  const { mapper } = entry;
  const toSql = compiled(computed, mapper.dialect);
  if (toSql.params.length > 0) return null;
  const types = await typesOf(connection, host, mapper, columnwise);
  const parameter = ({ index, field }: MappedColumn, rowOf: (change: RowChange) => EncodedRow): DriverValue =>
    columnwise.parameter(
      changes.map((change) => rowOf(change)[index] as DriverValue),
      types.get(field.column),
    );
  const params = [
    ...set.map((column) => parameter(column, ({ row }) => row)),
    ...matchedColumns(mapper).map((column) => parameter(column, ({ before }) => before)),
  ];
  if (params.includes(null)) return null;
  const filled = filledBy(changes[0] as RowChange);
  const { statements, version } = mapper;
  const sql = statements.updateMany(columnwise, types, set, version !== null, filled, toSql.set);
  if (sql === null) return null;
  return countingOnTypes(host, async () => {
    const { rows } = await connection.query(sql, params);
    return byRow(mapper, changes, rows, filled.length > 0);
  });
}

/** What came back, in the order of the rows. Throws `SESSION.STALE` for the first that did not. */
function byRow(
  mapper: Mapper,
  changes: readonly RowChange[],
  rows: readonly (readonly DriverValue[])[],
  isRead: boolean,
): readonly (readonly DriverValue[])[] {
  if (!isRead && rows.length === changes.length) return changes.map(() => nothing);
  const byKey = new Map(rows.map((row) => [keyText(mapper, row), row.slice(mapper.key.length)]));
  return changes.map(({ entry }) => {
    const row = byKey.get(keyText(mapper, mapper.keyParts(entry.snapshot)));
    if (row === undefined) throw stale(entry, "changed");
    return row;
  });
}
