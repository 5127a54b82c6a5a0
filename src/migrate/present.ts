import type { Connection, DesignDialect } from "../dialect/index.ts";
import { findTable, sameTable, type Table } from "../schema/index.ts";

/** Which of these tables are there. */
export async function presentTables(
  { inspector, present }: DesignDialect,
  connection: Connection,
  tables: readonly Table[],
): Promise<readonly Table[]> {
  if (present === undefined) {
    const found = await inspector.inspect(connection, { tables });
    return tables.filter((table) => findTable(found, table) !== undefined);
  }
  const found = await present(connection, tables);
  return tables.filter((table) => found.some((ref) => sameTable(ref, table)));
}
