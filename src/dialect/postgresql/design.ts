import type { Connection } from "../connection.ts";
import type { DesignDialect } from "../design.ts";
import { canonical } from "./canonical.ts";
import { ddl } from "./ddl.ts";
import { inspector } from "./inspect.ts";
import { rules } from "./rules.ts";

/** PostgreSQL's design-time half. */
export const design: DesignDialect = {
  inspector,
  rules,
  ddl,
  canonical,
  tryLock,
  unsupported: () => [],
};

/** A session-level advisory lock, on a number that stands for the name. */
async function tryLock(connection: Connection, name: string): Promise<(() => Promise<void>) | null> {
  const key = "hashtextextended($1, 0)";
  const { rows } = await connection.query(`SELECT pg_try_advisory_lock(${key})`, [name]);
  if (rows[0]?.[0] !== true) return null;
  return async () => {
    await connection.query(`SELECT pg_advisory_unlock(${key})`, [name]);
  };
}
