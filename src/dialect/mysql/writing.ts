import type { Connection } from "../connection.ts";

/** Works in a session that may write what is gone again afterwards, whether or not it may write otherwise. */
export async function writing<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  const { rows } = await connection.query(
    "SHOW VARIABLES WHERE Variable_name IN ('tx_read_only', 'transaction_read_only')",
  );
  if (connection.inTransaction || rows.every((row) => String(row[1]) !== "ON")) return work();
  await connection.query("SET SESSION TRANSACTION READ WRITE");
  try {
    return await work();
  } finally {
    await connection.query("SET SESSION TRANSACTION READ ONLY");
  }
}
