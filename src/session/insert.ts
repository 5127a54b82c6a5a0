import type { Connection, DriverValue } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import type { Entry } from "./entry.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { EncodedRow, Key, Mapper } from "./mapper.ts";
import type { Unit } from "./unit.ts";

/** A row about to be inserted. */
interface NewRow {
  readonly entry: Entry;
  readonly row: EncodedRow;
}

/** Rows whose statements have the same columns. */
interface Shape {
  readonly rows: NewRow[];
  readonly written: readonly MappedColumn[];
  /** Columns that the database fills. */
  readonly filled: readonly MappedColumn[];
}

/** Inserts rows of one model, many with each statement, and reads back what the database fills. */
export async function insertRows(
  connection: Connection,
  unit: Unit,
  mapper: Mapper,
  entries: readonly Entry[],
): Promise<void> {
  for (const shape of shapesOf(mapper, entries)) {
    const isNumbered = shape.filled.some((column) => mapper.key.includes(column));
    const { returning } = mapper.dialect.capabilities;
    const most = isNumbered && !returning ? 1 : mapper.statements.rowsAtOnce(shape.written.length);
    const atOnce = shape.written.length === 0 ? 1 : most;
    for (let start = 0; start < shape.rows.length; start += atOnce) {
      const chunk = shape.rows.length <= atOnce ? shape.rows : shape.rows.slice(start, start + atOnce);
      await insertChunk(connection, mapper, shape, chunk, isNumbered);
      for (const { entry, row } of chunk) settle(unit, entry, row, shape.filled);
    }
  }
}

function shapesOf(mapper: Mapper, entries: readonly Entry[]): Iterable<Shape> {
  const optional = mapper.columns.filter(({ field }) => field.serverGenerated || field.computed);
  const shapes = new Map<string, Shape>();
  for (const entry of entries) {
    const missing = optional.filter((column) => isMissing(entry, column));
    const id = missing.map(({ index }) => index).join(",");
    let shape = shapes.get(id);
    if (shape === undefined) {
      shape = { rows: [], written: mapper.columns.filter((c) => !missing.includes(c)), filled: missing };
      shapes.set(id, shape);
    }
    shape.rows.push({ entry, row: newRow(entry, shape) });
  }
  return shapes.values();
}

/** Null stands for "not given" where the column does not take it. */
function isMissing({ values }: Entry, { field, property }: MappedColumn): boolean {
  const value = values[property];
  return field.computed || value === undefined || (value === null && !field.nullable);
}

function newRow(entry: Entry, shape: Shape): EncodedRow {
  const { mapper } = entry;
  if (mapper.version !== null && isMissing(entry, mapper.version)) entry.values[mapper.version.property] = 1;
  const row = mapper.encode(entry.instance);
  const lacking = mapper.key.filter((column) => row[column.index] === null && !shape.filled.includes(column));
  if (lacking.length > 0) {
    const properties = lacking.map(({ property }) => property);
    throw new AthanorError("SESSION.NO_KEY", { model: mapper.meta.name, properties });
  }
  return row;
}

async function insertChunk(
  connection: Connection,
  mapper: Mapper,
  { written, filled }: Shape,
  chunk: readonly NewRow[],
  isNumbered: boolean,
): Promise<void> {
  const { returning } = mapper.dialect.capabilities;
  const back = filled.length === 0 || !returning ? [] : isNumbered ? filled : [...mapper.key, ...filled];
  const sql = mapper.statements.insert(written, chunk.length, back);
  const params: DriverValue[] = new Array<DriverValue>(chunk.length * written.length);
  let at = 0;
  for (const { row } of chunk) {
    for (let i = 0; i < written.length; i += 1) {
      params[at] = row[(written[i] as MappedColumn).index] as DriverValue;
      at += 1;
    }
  }
  const { rows, lastInsertId } = await connection.query(sql, params);
  if (filled.length === 0) return;
  if (returning) fillFromRows(mapper, chunk, back, rows, isNumbered);
  else await fillByReading(connection, mapper, chunk, filled, lastInsertId);
}

/**
 * Which row that came back is whose: by key where the program gave it; numbers of the database's own rise in the
 * order of the rows that were sent, though they may come back in any.
 */
function fillFromRows(
  mapper: Mapper,
  chunk: readonly NewRow[],
  back: readonly MappedColumn[],
  rows: readonly (readonly DriverValue[])[],
  isNumbered: boolean,
): void {
  const given = rows.map((values) => {
    const row: EncodedRow = [];
    for (const [i, column] of back.entries()) row[column.index] = values[i] as DriverValue;
    return row;
  });
  if (isNumbered) {
    const number = back.find((column) => mapper.key.includes(column)) as MappedColumn;
    if (given.length > 1) given.sort((a, b) => compare(a[number.index], b[number.index]));
    for (const [i, { row }] of chunk.entries()) copyInto(row, given[i] ?? []);
    return;
  }
  const byKey = new Map<Key | null, EncodedRow>(given.map((row) => [keyText(mapper, row), row]));
  for (const { row } of chunk) copyInto(row, byKey.get(keyText(mapper, row)) ?? []);
}

function compare(a: DriverValue | undefined, b: DriverValue | undefined): number {
  return (a as number | bigint) < (b as number | bigint) ? -1 : 1;
}

/** A key as text in the spelling in which it is written here. */
function keyText(mapper: Mapper, row: EncodedRow): string {
  return mapper.key.map((column) => String(column.respell(row[column.index] as DriverValue))).join("\n");
}

function copyInto(row: EncodedRow, from: EncodedRow): void {
  for (const index of Object.keys(from)) row[Number(index)] = from[Number(index)] as DriverValue;
}

/** For databases whose INSERT gives nothing back but the number of the last row. */
async function fillByReading(
  connection: Connection,
  mapper: Mapper,
  chunk: readonly NewRow[],
  filled: readonly MappedColumn[],
  lastInsertId: number | bigint | null,
): Promise<void> {
  const numbered = filled.find((column) => mapper.key.includes(column));
  const others = filled.filter((column) => column !== numbered);
  for (const { row } of chunk) {
    if (numbered !== undefined) row[numbered.index] = lastInsertId;
    if (others.length === 0) continue;
    const sql = mapper.statements.selectByKey(others, false);
    const { rows } = await connection.query(sql, mapper.keyParts(row));
    for (const [i, column] of others.entries()) row[column.index] = rows[0]?.[i] ?? null;
  }
}

/** The row is there: what the database filled in goes into the object, which from now on stands for the row. */
function settle(unit: Unit, entry: Entry, row: EncodedRow, filled: readonly MappedColumn[]): void {
  const prior = new Map<string, unknown>(entry.prior ?? []);
  for (const column of filled) {
    prior.set(column.property, entry.values[column.property]);
    entry.values[column.property] = column.decode(row[column.index] as DriverValue);
  }
  entry.prior = null;
  entry.snapshot = entry.mapper.keep(row);
  entry.state = "persistent";
  entry.epoch = unit.epoch;
  unit.pending.delete(entry);
  unit.register(entry, entry.mapper.keyOf(row) as Key);
  unit.frame.inserted.set(entry, prior);
}
