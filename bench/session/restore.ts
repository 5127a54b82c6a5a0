/** Puts the rows back after a workload that writes, and sees that what should have been written was. */
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { size, type Workload } from "./workload.ts";

/** In a process of its own: two copies of SQLite in one process do not see each other's locks. */
export async function restore(
  database: "sqlite" | "postgresql",
  url: string,
  workload: Workload,
): Promise<void> {
  if (workload === "insert")
    await change(database, url, `DELETE FROM hero WHERE id > ${size.select}`, size.insert);
  if (workload === "update") {
    // Whoever reads meanwhile finds the ages changed otherwise.
    await change(database, url, `UPDATE hero SET age = 18 + id % 60 WHERE age <> 18 + id % 60`, size.update);
  }
}

async function change(
  database: "sqlite" | "postgresql",
  url: string,
  sql: string,
  rows: number,
): Promise<void> {
  let changed: number;
  if (database === "sqlite") {
    const connection = new DatabaseSync(url.slice("sqlite:///".length));
    changed = Number(connection.prepare(sql).run().changes);
    connection.close();
  } else {
    const connection = new pg.Client({ connectionString: url });
    await connection.connect();
    changed = (await connection.query(sql)).rowCount ?? 0;
    await connection.query("VACUUM hero");
    await connection.end();
  }
  if (changed !== rows) throw new Error(`${changed} rows were written rather than ${rows}`);
}
