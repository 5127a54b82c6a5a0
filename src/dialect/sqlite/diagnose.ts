import type { Ailment } from "../ailment.ts";
import type { Connection } from "../connection.ts";

/** Rows whose foreign key leads nowhere: SQLite checks none where a connection did not ask it to. */
export async function diagnose(connection: Connection): Promise<readonly Ailment[]> {
  const { rows } = await connection.query(
    'SELECT "table", parent, COUNT(*) FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2',
  );
  return rows.map(([table, parent, count]): Ailment => {
    const ref = { schema: null, name: String(table) };
    return { kind: "brokenKey", table: ref, references: String(parent), rows: Number(count) };
  });
}
