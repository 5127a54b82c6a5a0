import type { Columnwise, ColumnwiseTypes, Connection } from "../dialect/index.ts";
import type { Mapper } from "./mapper.ts";

/** Whose database it is. */
export interface TypesHost {
  readonly engine: object;
}

/** Types of columns by their tables, asked for once. */
const typesIn = new WeakMap<object, Map<string, ColumnwiseTypes>>();

/** The types of a table's columns, as the database has them. */
export async function typesOf(
  connection: Connection,
  { engine }: TypesHost,
  { statements }: Mapper,
  columnwise: Columnwise,
): Promise<ColumnwiseTypes> {
  let tables = typesIn.get(engine);
  if (tables === undefined) {
    tables = new Map();
    typesIn.set(engine, tables);
  }
  let types = tables.get(statements.table);
  if (types === undefined) {
    types = await columnwise.types(connection, statements.table);
    if (types.size > 0) tables.set(statements.table, types);
  }
  return types;
}

/** Does what counts on the types of columns: where it fails they are asked for again, since they may have changed. */
export async function countingOnTypes<T>({ engine }: TypesHost, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    typesIn.delete(engine);
    throw error;
  }
}
