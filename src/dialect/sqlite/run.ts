import type { Operation } from "../../operation/operation.ts";
import { withoutComments } from "../../operation/raw-statement.ts";
import type { Connection } from "../connection.ts";
import { isLocked, translateError } from "./errors.ts";
import { loadDriver } from "./load-driver.ts";

/** What a run of migrations asks of the database. */

/**
 * A lock across transactions, which a file has none of: an empty file beside it is locked in its place. The system
 * frees it when the process ends, however it ends. The file stays: taking it away would let two hold it at once. A
 * database in memory belongs to one program, and needs none.
 */
export async function tryLockAcross(connection: Connection): Promise<(() => Promise<void>) | null> {
  const { rows } = await connection.query("SELECT file FROM pragma_database_list WHERE name = 'main'");
  const path = rows[0]?.[0];
  if (typeof path !== "string" || path === "") return async () => undefined;
  const open = await loadDriver("node:sqlite");
  const file = open(`${path}-athanor-lock`, false);
  try {
    file.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    file.close();
    if (isLocked(error)) return null;
    throw translateError(error, null);
  }
  return async () => file.close();
}

/** Statements that SQLite refuses inside a transaction, or does nothing for there. */
export function alone(operation: Operation): boolean {
  if (operation.kind !== "execute") return false;
  return /^(?:vacuum|pragma\s+(?:journal_mode|auto_vacuum|page_size))\b/i.test(
    withoutComments(operation.sql),
  );
}

/** Statements that leave things as they are where they have run before. */
export function repeatable(sql: string): boolean {
  return /^(?:vacuum|pragma|analyze|reindex)\b/i.test(withoutComments(sql));
}
