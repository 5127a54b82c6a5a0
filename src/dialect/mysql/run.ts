import { withoutComments } from "../../operation/raw-statement.ts";
import type { Connection } from "../connection.ts";
import type { RunLimits } from "../run-limits.ts";
import { type Binding, isMariadb } from "./flavor.ts";

/** What a run of migrations asks of the server. */

/** A name of its own to each database of the server, and never longer than the server takes. */
const lockName = "LEFT(SHA2(CONCAT(COALESCE(DATABASE(), ''), '/', ?), 256), 60)";

/** A lock of the session under a name, which all databases of a server share. */
export async function tryLock(connection: Connection, name: string): Promise<(() => Promise<void>) | null> {
  const { rows } = await connection.query(`SELECT GET_LOCK(${lockName}, 0)`, [name]);
  if (Number(rows[0]?.[0]) !== 1) return null;
  return async () => {
    await connection.query(`SELECT RELEASE_LOCK(${lockName})`, [name]);
  };
}

/** A session, for people. */
const session =
  "CONCAT('session ', p.ID, ' of ', p.USER, ' from ', p.HOST, ', ', LOWER(p.COMMAND), ' for ', p.TIME, ' s')";

/** Who holds the lock of that name. */
export async function lockHolder(connection: Connection, name: string): Promise<string | null> {
  const { rows } = await connection.query(
    `SELECT ${session} FROM information_schema.PROCESSLIST AS p WHERE p.ID = IS_USED_LOCK(${lockName})`,
    [name],
  );
  return rows[0]?.[0] == null ? null : String(rows[0][0]);
}

/**
 * Sessions of this database with a transaction open, the oldest first: the server tells everybody who has a
 * transaction, and only some who has which lock.
 */
export async function blockers(connection: Connection): Promise<readonly string[]> {
  const { rows } = await connection.query(
    `SELECT CONCAT(${session}, ', transaction open since ', t.trx_started,
      COALESCE(CONCAT(', runs: ', LEFT(REPLACE(p.INFO, '\\n', ' '), 120)), ''))
    FROM information_schema.INNODB_TRX AS t JOIN information_schema.PROCESSLIST AS p ON p.ID = t.trx_mysql_thread_id
    WHERE p.ID <> CONNECTION_ID() AND p.DB = DATABASE() ORDER BY t.trx_started LIMIT 3`,
  );
  return rows.map(([said]) => String(said));
}

/** Sets the limits for the session; answers what sets them back. Waiting times of locks are whole seconds. */
export async function limit(
  connection: Connection,
  limits: RunLimits,
  binding: Binding,
): Promise<() => Promise<void>> {
  const wanted: [string, string][] = [];
  if (limits.lock !== null) {
    const seconds = String(Math.max(1, Math.ceil(limits.lock / 1000)));
    wanted.push(["lock_wait_timeout", seconds], ["innodb_lock_wait_timeout", seconds]);
  }
  if (limits.statement !== null && isMariadb(binding)) {
    wanted.push(["max_statement_time", String(limits.statement / 1000)]);
  }
  const set = async (values: readonly (readonly [string, string])[]): Promise<void> => {
    if (values.length === 0) return;
    await connection.query(`SET ${values.map(([name, value]) => `SESSION ${name} = ${value}`).join(", ")}`);
  };
  const before: [string, string][] = [];
  for (const [name] of wanted) {
    const { rows } = await connection.query(`SELECT @@SESSION.${name}`);
    before.push([name, String(rows[0]?.[0])]);
  }
  await set(wanted);
  return () => set(before);
}

const upkeep = /^(?:analyze|optimize|check|flush|set|use|grant|revoke|truncate)\b/i;
const careful = /^(?:create|drop)\b[\s\S]{0,60}?\bif\s+(?:not\s+)?exists\b|^create\s+or\s+replace\b/i;

/** Statements that leave things as they are where they have run before. */
export function repeatable(sql: string): boolean {
  const bare = withoutComments(sql);
  return upkeep.test(bare) || careful.test(bare);
}
