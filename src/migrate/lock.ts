import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, DesignDialect } from "../dialect/index.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import type { Context } from "./context.ts";

/** The first wait between two tries for the lock, and the longest, in milliseconds. */
const firstPause = 25;
const longestPause = 500;

/** How a lock is taken. */
export interface LockOptions {
  /** The longest wait, in milliseconds. */
  readonly limit: number;
  /** The work is of several transactions. Default false. */
  readonly across?: boolean;
}

/**
 * Works while holding the database's migration lock, in a transaction where DDL takes part in one. `work` commits
 * or rolls back; what it leaves open is rolled back. Waits for somebody else's lock, tells of it once, and gives
 * up after the limit with `MIGRATE.LOCKED`.
 */
export async function withLock<T>(
  context: Context,
  connection: Connection,
  { limit, across = false }: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const design = await context.design();
  const { tryLock } = design;
  const take = tryLock ?? (across ? design.tryLockAcross : undefined);
  const name = lockName(context);
  const waiting = { context, connection, design, name, limit };
  const release = take === undefined ? null : await wait(waiting, () => take(connection, name));
  try {
    if (context.dialect.capabilities.transactionalDdl) {
      await wait(waiting, () => tryBegin(connection, tryLock === undefined));
    }
    return await work();
  } finally {
    try {
      if (connection.inTransaction) await connection.rollback();
    } finally {
      await release?.();
    }
  }
}

/** Histories in tables of different names do not wait for each other. */
function lockName(context: Context): string {
  const { schema, name } = context.store.version;
  const { lockName: own } = context.options;
  if (own !== undefined) return `${own}.${name}`;
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

interface Waiting {
  readonly context: Context;
  readonly connection: Connection;
  readonly design: DesignDialect;
  readonly name: string;
  readonly limit: number;
}

/** Tries again until there is an answer, with growing pauses. */
async function wait<T>(waiting: Waiting, attempt: () => Promise<T | null>): Promise<T> {
  const { context, limit } = waiting;
  const started = performance.now();
  for (let pause = firstPause, told = false; ; pause = Math.min(pause * 2, longestPause)) {
    const answer = await attempt();
    const waited = performance.now() - started;
    if (answer !== null) {
      if (told) await context.emit({ kind: "lockTaken", waited });
      return answer;
    }
    if (waited >= limit) throw new AthanorError("MIGRATE.LOCKED", { limit, holder: await holder(waiting) });
    if (!told) await context.emit({ kind: "lockWaiting", limit, holder: await holder(waiting) });
    told = true;
    await sleep(pause);
  }
}

/** Null where nobody says, or the user may not know. */
async function holder({ design, connection, name }: Waiting): Promise<string | null> {
  try {
    return (await design.lockHolder?.(connection, name)) ?? null;
  } catch (error) {
    if (isAthanorError(error)) return null;
    throw error;
  }
}

/** Whether a statement failed because somebody else holds a lock. */
function isLocked(error: unknown): boolean {
  return isAthanorError(error, "DATABASE.BUSY") || isAthanorError(error, "DATABASE.SERIALIZATION");
}
