import type { ColumnwiseTypes, Connection, DriverValue, Result } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { ModelInstance } from "../model/index.ts";
import { countingOnTypes, type TypesHost, typesOf } from "./column-types.ts";
import type { Entry } from "./entry.ts";
import { keyText } from "./key-text.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { EncodedRow, Key, Mapper } from "./mapper.ts";
import type { Unit } from "./unit.ts";

/** Rows whose statements have the same columns. */
interface Shape {
  readonly entries: Entry[];
  readonly written: readonly MappedColumn[];
  /** Columns that the database fills. */
  readonly filled: readonly MappedColumn[];
  /** What objects hold in those as a rule, before they are filled. */
  readonly empty: ReadonlyMap<string, unknown>;
}

/** Rows of one statement, each encoded, in the order of their objects. */
interface Chunk {
  readonly entries: readonly Entry[];
  readonly rows: readonly EncodedRow[];
  readonly params: readonly DriverValue[];
  /** The statement, where it is that of a parameter for each column. */
  readonly sql: string | null;
}

/** Whose the database is, and the objects in it. */
interface InsertHost extends TypesHost {
  readonly unit: Unit;
}

/** How many rows of one shape are inserted: what is read back, and the text for a number of rows at most. */
interface Way {
  readonly back: readonly MappedColumn[];
  readonly atOnce: number;
  /** Rows of the first statement at most: the database has something to do while the rest is encoded. */
  readonly first: number;
  /** The statement that takes a parameter for each column; null where each value is one. */
  readonly together: string | null;
  readonly types: ColumnwiseTypes;
}

const noTypes: ColumnwiseTypes = new Map();

/** Rows from which on it pays to ask for the types of their columns; rows of the first such statement, and of others. */
const [fewestTogether, firstTogether, mostTogether] = [30, 500, 4000];

/** Inserts rows of one model, many with each statement, and reads back what the database fills. */
export async function insertRows(
  connection: Connection,
  host: InsertHost,
  mapper: Mapper,
  entries: readonly Entry[],
): Promise<void> {
  for (const shape of shapesOf(mapper, entries)) {
    const way = await wayOf(connection, host, mapper, shape);
    const insert = (): Promise<void> => insertShape(connection, host.unit, mapper, shape, way);
    await (way.together === null ? insert() : countingOnTypes(host, insert));
  }
}

async function wayOf(connection: Connection, host: InsertHost, mapper: Mapper, shape: Shape): Promise<Way> {
  const { filled, written, entries } = shape;
  const { columnwise, capabilities } = mapper.dialect;
  const { returning, maxParameters } = capabilities;
  const isNumbered = filled.some((column) => mapper.key.includes(column));
  const back = filled.length === 0 || !returning ? [] : isNumbered ? filled : [...mapper.key, ...filled];
  const most = isNumbered && !returning ? 1 : mapper.statements.rowsAtOnce(written.length);
  const atOnce = written.length === 0 ? 1 : most;
  const plain: Way = { back, atOnce, first: atOnce, together: null, types: noTypes };
  if (columnwise === undefined || written.length === 0 || entries.length < fewestTogether) return plain;
  const types = await typesOf(connection, host, mapper, columnwise);
  const together = mapper.statements.insertMany(columnwise, types, written, back);
  if (together === null) return plain;
  // Where a value cannot travel so after all, each is a parameter.
  const parameters = Math.floor(maxParameters / written.length);
  const [first, later] = [Math.min(firstTogether, parameters), Math.min(mostTogether, parameters)];
  return { back, atOnce: later, first, together, types };
}

/** While one statement runs, the last one's rows are taken over, and the next one's are encoded. */
async function insertShape(
  connection: Connection,
  unit: Unit,
  mapper: Mapper,
  shape: Shape,
  way: Way,
): Promise<void> {
  const { back, atOnce, first } = way;
  const { filled, entries, written } = shape;
  const isNumbered = filled.some((column) => mapper.key.includes(column));
  const chunkAt = (start: number, end: number): Chunk | null =>
    start < entries.length ? chunkOf(entries.slice(start, end), mapper, written, way) : null;
  const run = ({ sql, rows, params }: Chunk): Promise<Result> =>
    connection.query(sql ?? mapper.statements.insert(written, rows.length, back), params);
  const isRead = filled.length > 0 && !mapper.dialect.capabilities.returning;
  let chunk = chunkAt(0, first);
  let running = chunk === null ? null : run(chunk);
  for (let start = first; chunk !== null && running !== null; start += atOnce) {
    const done: Chunk = chunk;
    const result: Result = await meanwhile(running, () => {
      chunk = chunkAt(start, start + atOnce);
    });
    if (isRead) await fillByReading(connection, mapper, done.rows, filled, result.lastInsertId);
    running = chunk === null ? null : run(chunk);
    const take = (): void => {
      if (back.length > 0) fillFromRows(mapper, done.rows, back, result.rows, isNumbered);
      for (let at = 0; at < done.rows.length; at += 1)
        settle(unit, done.entries[at] as Entry, done.rows[at] as EncodedRow, shape);
    };
    if (running === null) take();
    else await besides(running, take);
  }
}

/** Does something while a statement runs; where that fails, the statement is waited for all the same. */
async function meanwhile<T>(running: Promise<T>, work: () => void): Promise<T> {
  await besides(running, work);
  return running;
}

async function besides(running: Promise<unknown>, work: () => void): Promise<void> {
  // Whoever waits for it is told of its failure.
  running.catch(() => undefined);
  try {
    work();
  } catch (error) {
    await running.catch(() => undefined);
    throw error;
  }
}

function shapesOf(mapper: Mapper, entries: readonly Entry[]): Iterable<Shape> {
  const { optional, columns } = mapper;
  const shapes = new Map<string, Shape>();
  for (const entry of entries) {
    let id = "";
    for (const column of optional) id += isMissing(entry, column) ? "-" : "+";
    let shape = shapes.get(id);
    if (shape === undefined) {
      const filled = optional.filter((_, at) => id[at] === "-");
      const empty = new Map(filled.map(({ property }) => [property, undefined]));
      shape = { entries: [], written: columns.filter((column) => !filled.includes(column)), filled, empty };
      shapes.set(id, shape);
    }
    prepareRow(entry, shape);
    shape.entries.push(entry);
  }
  return shapes.values();
}

/** Null stands for "not given" where the column does not take it. */
function isMissing({ values }: Entry, { field, property }: MappedColumn): boolean {
  const value = values[property];
  return field.computed || value === undefined || (value === null && !field.nullable);
}

/** The first version, and a key that is given or will be. */
function prepareRow(entry: Entry, { filled }: Shape): void {
  const { mapper, values } = entry;
  if (mapper.version !== null && isMissing(entry, mapper.version))
    values[mapper.version.property] = mapper.version.decode(1);
  const isLacking = (column: MappedColumn): boolean =>
    (values[column.property] ?? null) === null && !filled.includes(column);
  if (!mapper.key.some(isLacking)) return;
  const properties = mapper.key.filter(isLacking).map(({ property }) => property);
  throw new AthanorError("SESSION.NO_KEY", { model: mapper.meta.name, properties });
}

function chunkOf(
  entries: readonly Entry[],
  mapper: Mapper,
  written: readonly MappedColumn[],
  { together, types }: Way,
): Chunk {
  const rows = entries.map(({ instance }) => mapper.encode(instance));
  const { columnwise } = mapper.dialect;
  if (together !== null && columnwise !== undefined) {
    const params = written.map(({ index, field }) =>
      columnwise.parameter(
        rows.map((row) => row[index] as DriverValue),
        types.get(field.column),
      ),
    );
    if (!params.includes(null)) return { entries, rows, params, sql: together };
  }
  const params = new Array<DriverValue>(entries.length * written.length);
  let next = 0;
  for (const row of rows) {
    for (let i = 0; i < written.length; i += 1) {
      params[next] = row[(written[i] as MappedColumn).index] as DriverValue;
      next += 1;
    }
  }
  return { entries, rows, params, sql: null };
}

/**
 * Which row that came back is whose: by key where the program gave it; numbers of the database's own rise in the
 * order of the rows that were sent, though they may come back in any.
 */
function fillFromRows(
  mapper: Mapper,
  chunk: readonly EncodedRow[],
  back: readonly MappedColumn[],
  rows: readonly (readonly DriverValue[])[],
  isNumbered: boolean,
): void {
  if (isNumbered) {
    const number = back.findIndex((column) => mapper.key.includes(column));
    const given = inOrder(rows, number);
    for (let at = 0; at < chunk.length; at += 1) take(chunk[at] as EncodedRow, back, given[at] ?? []);
    return;
  }
  const byKey = new Map(rows.map((values) => [keyText(mapper, values), values]));
  for (const row of chunk) take(row, back, byKey.get(keyText(mapper, mapper.keyParts(row))) ?? []);
}

/** Rows in the order of one of their numbers; most often they are already. */
function inOrder(
  rows: readonly (readonly DriverValue[])[],
  number: number,
): readonly (readonly DriverValue[])[] {
  const follows = (row: readonly DriverValue[], at: number): boolean =>
    at === 0 || compare(rows[at - 1]?.[number], row[number]) < 0;
  return rows.every(follows) ? rows : rows.toSorted((a, b) => compare(a[number], b[number]));
}

function compare(a: DriverValue | undefined, b: DriverValue | undefined): number {
  return (a as number | bigint) < (b as number | bigint) ? -1 : 1;
}

function take(row: EncodedRow, columns: readonly MappedColumn[], values: readonly DriverValue[]): void {
  for (let at = 0; at < values.length; at += 1) {
    row[(columns[at] as MappedColumn).index] = values[at] as DriverValue;
  }
}

/** For databases whose INSERT gives nothing back but the number of the last row. */
async function fillByReading(
  connection: Connection,
  mapper: Mapper,
  chunk: readonly EncodedRow[],
  filled: readonly MappedColumn[],
  lastInsertId: number | bigint | null,
): Promise<void> {
  const numbered = filled.find((column) => mapper.key.includes(column));
  const others = filled.filter((column) => column !== numbered);
  for (const row of chunk) {
    if (numbered !== undefined) row[numbered.index] = lastInsertId;
    if (others.length === 0) continue;
    const sql = mapper.statements.selectByKey(others, false);
    const { rows } = await connection.query(sql, mapper.keyParts(row));
    for (const [i, column] of others.entries()) row[column.index] = rows[0]?.[i] ?? null;
  }
}

/** The row is there: what the database filled in goes into the object, which from now on stands for the row. */
function settle(unit: Unit, entry: Entry, row: EncodedRow, shape: Shape): void {
  const { mapper, values } = entry;
  unit.frame.inserted.set(entry, priorOf(entry, shape));
  for (const column of shape.filled) {
    values[column.property] = column.decode(row[column.index] as DriverValue);
  }
  ModelInstance.setChecked(entry.instance as ModelInstance, null);
  entry.prior = null;
  entry.snapshot = mapper.keep(row);
  entry.state = "persistent";
  entry.epoch = unit.epoch;
  unit.pending.delete(entry);
  unit.register(entry, mapper.keyOf(row) as Key);
}

/** What the properties held that the flush filled in. */
function priorOf({ prior, values }: Entry, { filled, empty }: Shape): ReadonlyMap<string, unknown> {
  let isEmpty = prior === null;
  for (const { property } of filled) isEmpty &&= values[property] === undefined;
  if (isEmpty) return empty;
  const before = new Map(prior ?? []);
  for (const { property } of filled) before.set(property, values[property]);
  return before;
}
