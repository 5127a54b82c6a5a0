import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../dialect/index.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import type { Context } from "./context.ts";

/** The first wait between two tries for the lock, and the longest, in milliseconds. */
const firstPause = 25;
const longestPause = 500;

/**
 * Works while holding the database's migration lock, in a transaction where DDL takes part in one. `work` commits
 * or rolls back; what it leaves open is rolled back. Waits for somebody else's lock, tells of it once, and gives
 * up after the context's limit with `MIGRATE.LOCKED`.
 */
export async function withLock<T>(
  context: Context,
  connection: Connection,
  work: () => Promise<T>,
): Promise<T> {
  const { tryLock } = await context.design();
  const release =
    tryLock === undefined ? null : await wait(context, () => tryLock(connection, lockName(context)));
  try {
    if (context.dialect.capabilities.transactionalDdl) {
      await wait(context, () => tryBegin(connection, tryLock === undefined));
    }
    return await work();
  } finally {
    if (connection.inTransaction) await connection.rollback();
    await release?.();
  }
}

/** Histories in tables of different names do not wait for each other. */
function lockName(context: Context): string {
  const { schema, name } = context.store.version;
  return schema === null ? name : `${schema}.${name}`;
}

/** Begins a transaction; where that is the lock itself, answers null while somebody else holds it. */
async function tryBegin(connection: Connection, immediate: boolean): Promise<true | null> {
  try {
    await connection.begin({ immediate });
    return true;
  } catch (error) {
    if (immediate && isLocked(error)) return null;
    throw error;
  }
}

/** Tries again until there is an answer, with growing pauses. */
async function wait<T>(context: Context, attempt: () => Promise<T | null>): Promise<T> {
  const started = performance.now();
  const limit = context.lockTimeout;
  for (let pause = firstPause, told = false; ; pause = Math.min(pause * 2, longestPause)) {
    const answer = await attempt();
    const waited = performance.now() - started;
    if (answer !== null) {
      if (told) await context.emit({ kind: "lockTaken", waited });
      return answer;
    }
    if (waited >= limit) throw new AthanorError("MIGRATE.LOCKED", { limit });
    if (!told) await context.emit({ kind: "lockWaiting", limit });
    told = true;
    await sleep(pause);
  }
}

/** Whether a statement failed because somebody else holds a lock. */
function isLocked(error: unknown): boolean {
  return isAthanorError(error, "DATABASE.BUSY") || isAthanorError(error, "DATABASE.SERIALIZATION");
}
