import type { Connection, DriverValue } from "../dialect/index.ts";
import { inChunks } from "./chunks.ts";
import { countingOnTypes, type TypesHost, typesOf } from "./column-types.ts";
import { integerRangeOf } from "./integer-range.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { Mapper } from "./mapper.ts";
import { isInteger, selectRange } from "./select-range.ts";

type Row = readonly DriverValue[];

/** Values from which on it pays to ask for the type of their column, and values of one such statement at most. */
const [fewestTogether, mostTogether] = [30, 10_000];

/**
 * Reads the rows in which `columns` have one of several lists of values, each of which is there once; `take` is called
 * with those of each statement.
 * Many values of one column are one parameter where the database has that: a condition that names each of a thousand
 * takes longer to plan than to run.
 */
export async function selectWhere(
  connection: Connection,
  host: TypesHost,
  mapper: Mapper,
  columns: readonly MappedColumn[],
  lists: readonly Row[],
  orderBy: string,
  take: (rows: readonly Row[]) => void,
): Promise<void> {
  const [only] = columns;
  const range = only !== undefined && isInteger(only) ? integerRangeOf(lists) : null;
  if (only !== undefined && range !== null) {
    take(await selectRange(connection, host, mapper, only, range, orderBy));
    return;
  }
  if (await selectTogether(connection, host, mapper, columns, lists, orderBy, take)) return;
  await inChunks(lists, mapper.statements, async (count, params) => {
    const sql = mapper.statements.selectWhere(columns, count, orderBy);
    take((await connection.query(sql, params)).rows);
  });
}

/** Whether it was done with one parameter for all values. */
async function selectTogether(
  connection: Connection,
  host: TypesHost,
  mapper: Mapper,
  [column, ...others]: readonly MappedColumn[],
  lists: readonly Row[],
  orderBy: string,
  take: (rows: readonly Row[]) => void,
): Promise<boolean> {
  const { columnwise } = mapper.dialect;
  if (columnwise === undefined || column === undefined || others.length > 0 || lists.length < fewestTogether)
    return false;
  const params: DriverValue[] = [];
  for (let start = 0; start < lists.length; start += mostTogether) {
    const values = lists.slice(start, start + mostTogether).map(([value]) => value as DriverValue);
    params.push(columnwise.parameter(values));
  }
  if (params.includes(null)) return false;
  const types = await typesOf(connection, host, mapper, columnwise);
  const sql = mapper.statements.selectWhereAny(columnwise, types, column, orderBy);
  if (sql === null) return false;
  await countingOnTypes(host, async () => {
    for (const param of params) take((await connection.query(sql, [param])).rows);
  });
  return true;
}
