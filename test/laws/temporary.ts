import type { Connection, Dialect } from "../../src/dialect/index.ts";

/**
 * Makes a session one that has had a temporary table: where the schema of such is made and taken back with each
 * transaction, PostgreSQL plans every query anew.
 */
export async function workTemporarily(connection: Connection, { capabilities }: Dialect): Promise<void> {
  if (!capabilities.namespaces) return;
  await connection.query("CREATE TEMPORARY TABLE athanor_temporary (a integer)");
  await connection.query("DROP TABLE athanor_temporary");
}
