import { type Ailment, largest } from "../ailment.ts";
import type { Connection } from "../connection.ts";

const bytes: Readonly<Record<string, number>> = { tinyint: 1, smallint: 2, mediumint: 3, int: 4, bigint: 8 };

const counters = `SELECT t.table_name, c.column_name, c.data_type, c.column_type, t.auto_increment
  FROM information_schema.tables t JOIN information_schema.columns c
  ON c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.extra LIKE '%auto_increment%'
  WHERE t.table_schema = DATABASE() AND t.auto_increment IS NOT NULL ORDER BY 1, 2`;

/** What the catalog says is wrong. */
export async function diagnose(connection: Connection): Promise<readonly Ailment[]> {
  const { rows } = await connection.query(counters);
  return rows.map(([table, column, type, columnType, next]): Ailment => {
    const end = largest(bytes[String(type)] ?? 8, String(columnType).includes("unsigned"));
    const ref = { schema: null, name: String(table) };
    return { kind: "counter", table: ref, column: String(column), used: (Number(next) - 1) / end };
  });
}
