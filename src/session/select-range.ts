import type { Connection, DriverValue } from "../dialect/index.ts";
import type { TypesHost } from "./column-types.ts";
import type { IntegerRange } from "./integer-range.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { Mapper } from "./mapper.ts";

type Row = readonly DriverValue[];

/** Rows from which on it matters how they are looked for. */
const fewestRows = 1000;

/** The part of a table from which on reading it whole takes less time than looking its rows up by an index. */
const mostOfTable = 0.5;

/** How many integers the last range of a column had that was most of its table, by database. */
const wholeIn = new WeakMap<object, WeakMap<MappedColumn, number>>();

/**
 * The rows in which a column has one of consecutive integers. A planner that takes every range of an index for a small
 * one looks up row after row of a table that it could read from one end to the other: where a range of this size was
 * most of the table, it is told to.
 */
export async function selectRange(
  connection: Connection,
  { engine }: TypesHost,
  mapper: Mapper,
  column: MappedColumn,
  { first, last }: IntegerRange,
  orderBy: string,
): Promise<readonly Row[]> {
  const { statements, dialect } = mapper;
  if (dialect.query.unindexed === undefined)
    return (await connection.query(statements.selectRange(column, orderBy, false), [first, last])).rows;
  const sizes = wholeIn.get(engine) ?? new WeakMap<MappedColumn, number>();
  wholeIn.set(engine, sizes);
  const size = last - first;
  const isWhole = size >= (sizes.get(column) ?? Number.POSITIVE_INFINITY);
  const { rows } = await connection.query(statements.selectRange(column, orderBy, isWhole), [first, last]);
  if (rows.length >= fewestRows && rows.length > (await mostRows(connection, mapper)) * mostOfTable)
    sizes.set(column, size);
  else if (isWhole) sizes.delete(column);
  return rows;
}

/** How many rows a table has at most: as many as there are integers between its least key and its greatest. */
async function mostRows(connection: Connection, { key, statements }: Mapper): Promise<number> {
  const [only, ...others] = key;
  if (only === undefined || others.length > 0 || !isInteger(only)) return Number.POSITIVE_INFINITY;
  const { rows } = await connection.query(statements.keySpread(only));
  return Number(rows[0]?.[0] ?? Number.POSITIVE_INFINITY) + 1;
}

/** Whether a column holds nothing but integers. */
export function isInteger({ field }: MappedColumn): boolean {
  return field.type.kind === "smallint" || field.type.kind === "integer" || field.type.kind === "bigint";
}
