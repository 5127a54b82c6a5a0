import type { Operation } from "../../operation/operation.ts";
import { withoutComments } from "../../operation/raw-statement.ts";
import type { Connection } from "../connection.ts";
import type { RunLimits } from "../run-limits.ts";
import { isConcurrent } from "./concurrent.ts";

/** What a run of migrations asks of the server. */

/** Names a lock by a number that stands for its name. */
const lockKey = "hashtextextended($1, 0)";

/** A session-level advisory lock. */
export async function tryLock(connection: Connection, name: string): Promise<(() => Promise<void>) | null> {
  const { rows } = await connection.query(`SELECT pg_try_advisory_lock(${lockKey})`, [name]);
  if (rows[0]?.[0] !== true) return null;
  return async () => {
    await connection.query(`SELECT pg_advisory_unlock(${lockKey})`, [name]);
  };
}

/** A session, for people. */
const session = `'session ' || a.pid || coalesce(' of ' || a.usename, '')
    || coalesce(' (' || nullif(a.application_name, '') || ')', '') || coalesce(' from ' || host(a.client_addr), '')
    || ', ' || coalesce(a.state, 'state unknown')
    || coalesce(', transaction open for ' || round(extract(epoch FROM now() - a.xact_start)) || ' s', '')`;

/** Who holds the lock of that name. */
export async function lockHolder(connection: Connection, name: string): Promise<string | null> {
  const { rows } = await connection.query(
    `SELECT ${session} FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.pid <> pg_backend_pid()
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (l.classid::bigint << 32 | l.objid::bigint) = ${lockKey} LIMIT 1`,
    [name],
  );
  return typeof rows[0]?.[0] === "string" ? rows[0][0] : null;
}

/** Sessions that have locks on relations of these names, those first whose transactions are the oldest. */
export async function blockers(connection: Connection, names: readonly string[]): Promise<readonly string[]> {
  const { rows } = await connection.query(
    `SELECT ${session} || ', has ' || string_agg(DISTINCT l.mode || ' on ' || c.relname, ', ')
      || coalesce(', last: ' || left(regexp_replace(a.query, '\\s+', ' ', 'g'), 120), '')
    FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid) JOIN pg_class AS c ON c.oid = l.relation
    WHERE l.granted AND l.pid <> pg_backend_pid() AND c.relname = ANY($1::text[])
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    GROUP BY a.pid, a.usename, a.application_name, a.client_addr, a.state, a.xact_start, a.query
    ORDER BY a.xact_start LIMIT 3`,
    [`{${names.map((name) => JSON.stringify(name)).join(",")}}`],
  );
  return rows.map(([said]) => String(said));
}

/** Sets the limits for the session; answers what sets them back. */
export async function limit(connection: Connection, limits: RunLimits): Promise<() => Promise<void>> {
  const wanted = [
    ["lock_timeout", limits.lock],
    ["statement_timeout", limits.statement],
  ].filter((each): each is [string, number] => each[1] !== null);
  const set = async (values: readonly (readonly [string, string])[]): Promise<void> => {
    for (const pair of values) await connection.query("SELECT set_config($1, $2, false)", pair);
  };
  const before: [string, string][] = [];
  for (const [name] of wanted) {
    const { rows } = await connection.query("SELECT current_setting($1)", [name]);
    before.push([name, String(rows[0]?.[0])]);
  }
  await set(wanted.map(([name, milliseconds]) => [name, String(milliseconds)]));
  return () => set(before);
}

const noTransaction =
  /^(?:create\s+(?:unique\s+)?index\s+concurrently|drop\s+index\s+concurrently|reindex\b[\s\S]*\b(?:concurrently|system|database|schema)\b|vacuum|cluster\s*;?$|create\s+(?:database|tablespace)|drop\s+(?:database|tablespace)|alter\s+system|alter\s+database\s+\S+\s+set\s+tablespace|discard\s+all|alter\s+table\b[\s\S]*\bdetach\s+partition\b[\s\S]*\bconcurrently)\b/i;

/** Statements that a server refuses inside a transaction: builds and drops of indexes beside writers, upkeep. */
export function alone(operation: Operation): boolean {
  if (operation.kind === "execute") return noTransaction.test(withoutComments(operation.sql));
  return isConcurrent(operation);
}

const upkeep = /^(?:vacuum|analyze|reindex|cluster|checkpoint|refresh|discard|alter\s+system|set|reset)\b/i;

/** Statements that leave things as they are where they have run before. */
export function repeatable(sql: string): boolean {
  const bare = withoutComments(sql);
  return upkeep.test(bare) || /^drop\s+index\s+concurrently\s+if\s+exists\b/i.test(bare);
}
