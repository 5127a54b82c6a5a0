import { DatabaseError, databaseError } from "../dialect/errors.ts";
import type { Connection, DriverValue } from "../dialect/index.ts";
import { isAthanorError } from "../errors/index.ts";
import { prefixed } from "../schema/place.ts";
import { inChunks } from "./chunks.ts";
import type { Entry } from "./entry.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { Mapper } from "./mapper.ts";
import type { Unit } from "./unit.ts";
import { changedColumns } from "./update.ts";

/** Values that were to be written, by property. */
type Values = Readonly<Record<string, unknown>>;

/**
 * A flush's error with what databases leave out of it: of a violated unique key the columns, and the values that were
 * there already, as the objects have them. Any other error is given back as it is.
 */
export async function explainFlush(
  error: unknown,
  unit: Unit,
  connect: () => Promise<Connection>,
): Promise<unknown> {
  if (!isAthanorError(error, "DATABASE.UNIQUE")) return error;
  const entries = writtenTo(unit, error.fields.table);
  const [first] = entries;
  if (first === undefined) return error;
  const candidates = entries.map(({ values }) => values);
  return explainUnique(error, first.mapper, candidates, connect);
}

/** Objects of a table that the flush was writing: new ones, and changed ones. */
function writtenTo(unit: Unit, table: string | null): readonly Entry[] {
  const isMeant = ({ meta }: Mapper): boolean =>
    table === meta.table.name || table === prefixed(meta.table).name;
  const added = [...unit.pending].filter(({ mapper }) => isMeant(mapper));
  const stored = [...unit.mappers()].filter(isMeant).flatMap((mapper) => [...unit.entriesOf(mapper)]);
  return [...added, ...stored.filter((entry) => changedColumns(entry) !== null)];
}

/**
 * The same for rows of one model of which one violates a unique key. Where the database does not say which, it is the
 * only one, one that was given twice, or one whose key the database has, if it can still be asked.
 */
export async function explainUnique(
  error: unknown,
  mapper: Mapper,
  candidates: readonly Values[],
  connect: () => Promise<Connection>,
): Promise<unknown> {
  if (!(error instanceof DatabaseError) || !isAthanorError(error, "DATABASE.UNIQUE")) return error;
  const { fields } = error;
  const columns = columnsOf(mapper, fields.columns, fields.constraint);
  if (columns.length === 0) return error;
  const whole = candidates.filter((values) => columns.every(({ property }) => values[property] != null));
  const culprit =
    named(columns, whole, fields.values) ??
    (whole.length === 1 ? whole[0] : undefined) ??
    twin(columns, whole) ??
    (await stored(mapper, columns, whole, connect));
  const values = culprit === undefined ? fields.values : columns.map(({ property }) => culprit[property]);
  const names = columns.map(({ field }) => field.column);
  return databaseError("DATABASE.UNIQUE", { ...fields, columns: names, values }, error.cause);
}

/** The columns of a key, by their names or by that of the key. */
function columnsOf(
  mapper: Mapper,
  names: readonly string[],
  constraint: string | null,
): readonly MappedColumn[] {
  if (names.length > 0) return mapper.columns.filter(({ field }) => names.includes(field.column));
  if (constraint === null) return [];
  const { primaryKey, uniques, indexes } = mapper.meta.stored.toTable();
  if (constraint === "PRIMARY" || constraint === primaryKey?.name) return mapper.key;
  const unique = uniques.find(({ name }) => name === constraint)?.columns;
  const parts = indexes.find(({ name }) => name === constraint)?.parts.map((part) => part.column);
  const wanted = unique ?? parts ?? [];
  return mapper.columns.filter(({ field }) => wanted.includes(field.column));
}

/** The row that the database's words are of: one for each column, where they could be told apart. */
function named(
  columns: readonly MappedColumn[],
  candidates: readonly Values[],
  words: readonly unknown[],
): Values | undefined {
  if (words.length !== columns.length) return undefined;
  const given = JSON.stringify(columns.map((column, at) => respelled(column, words[at] as DriverValue)));
  return candidates.find((values) => JSON.stringify(textOf(columns, values)) === given);
}

/** A value of a row as text, in the spelling in which it is written. */
function respelled(column: MappedColumn, value: DriverValue): string {
  return String(column.respell(value));
}

function textOf(columns: readonly MappedColumn[], values: Values): readonly string[] {
  return columns.map((column) => String(column.encode(values[column.property])));
}

function twin(columns: readonly MappedColumn[], candidates: readonly Values[]): Values | undefined {
  const seen = new Set<string>();
  return candidates.find((values) => {
    const text = JSON.stringify(textOf(columns, values));
    if (seen.has(text)) return true;
    seen.add(text);
    return false;
  });
}

async function stored(
  mapper: Mapper,
  columns: readonly MappedColumn[],
  candidates: readonly Values[],
  connect: () => Promise<Connection>,
): Promise<Values | undefined> {
  if (candidates.length === 0 || mapper.dialect.capabilities.failureAborts === true) return undefined;
  const taken = new Set<string>();
  const keys = candidates.map((values) => columns.map((column) => column.encode(values[column.property])));
  try {
    const connection = await connect();
    await inChunks(keys, mapper.statements, async (count, params) => {
      const sql = mapper.statements.selectColumns(columns, columns, count);
      for (const row of (await connection.query(sql, params)).rows) {
        taken.add(JSON.stringify(columns.map((column, at) => respelled(column, row[at] as DriverValue))));
      }
    });
  } catch {
    return undefined; // what is wrong has been said; more is not known
  }
  return candidates.find((values) => taken.has(JSON.stringify(textOf(columns, values))));
}
