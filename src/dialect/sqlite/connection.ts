import { setTimeout as sleep } from "node:timers/promises";
import { AthanorError } from "../../errors/index.ts";
import { keepShape } from "../../util/keep-shape.ts";
import type { Connection, DriverValue, Result, TransactionOptions } from "../connection.ts";
import { databaseError } from "../errors.ts";
import { isLocked, translateError } from "./errors.ts";
import { bindable, type SqliteHandle } from "./handle.ts";
import { quoteName } from "./quote.ts";
import { safeRow } from "./safe-integers.ts";
import { told } from "./told-stream.ts";

/** How long a lock is waited for unless the options say otherwise, in milliseconds. */
const defaultBusyTimeout = 5000;

/** The pauses between attempts to get a lock, in milliseconds: SQLite's own busy handler has them. */
const pauses = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100];

/**
 * A connection of one of the drivers. A lock that somebody else holds is waited for without blocking the
 * program, since the one who holds it may be the same program.
 */
export class SqliteConnection implements Connection {
  #handle: SqliteHandle | null;
  readonly #onRelease: (handle: SqliteHandle) => void;
  /** The statement that waits for a lock; those that come after it queue up behind it. */
  #waiting: Promise<unknown> | null = null;
  #queryOnly = false;

  constructor(handle: SqliteHandle, onRelease: (handle: SqliteHandle) => void) {
    this.#handle = handle;
    this.#onRelease = onRelease;
  }

  get inTransaction(): boolean {
    return this.#handle !== null && this.#handle.owner === this;
  }

  async query(sql: string, params: readonly DriverValue[] = []): Promise<Result> {
    const handle = this.#open();
    if (!this.#mayRun(handle)) return this.#inTurn(() => handle.run(sql, params, this), sql);
    try {
      return handle.run(sql, params, this);
    } catch (error) {
      if (!isLocked(error)) throw translateError(error, sql);
    }
    return this.#inTurn(() => handle.run(sql, params, this), sql);
  }

  firstNow(sql: string, params: readonly DriverValue[]): readonly DriverValue[] | null | undefined {
    const handle = this.#open();
    if (!this.#mayRun(handle)) return undefined;
    try {
      return handle.first(sql, params, this);
    } catch (error) {
      if (isLocked(error)) return undefined;
      throw translateError(error, sql);
    }
  }

  /** Whether nothing waits, and nobody else has a transaction open. */
  #mayRun(handle: SqliteHandle): boolean {
    return this.#waiting === null && (handle.owner === null || handle.owner === this);
  }

  /** The driver is synchronous: there is nothing to wait for in between. */
  async repeat(sql: string, lists: readonly (readonly DriverValue[])[]): Promise<readonly Result[]> {
    const handle = this.#open();
    const results: Result[] = [];
    for (const params of lists) {
      const mayRun = this.#waiting === null && handle.owner === this;
      if (!mayRun) results.push(await this.query(sql, params));
      else {
        try {
          results.push(handle.run(sql, params, this));
        } catch (error) {
          if (!isLocked(error)) throw translateError(error, sql);
          results.push(await this.query(sql, params));
        }
      }
    }
    return results;
  }

  #open(): SqliteHandle {
    if (this.#handle === null) throw new AthanorError("DATABASE.CLOSED", { what: "connection" });
    return this.#handle;
  }

  /** Runs `attempt` after those that wait already, as often as it takes until the lock is had or time is up. */
  async #inTurn<T>(attempt: () => T, sql: string): Promise<T> {
    const before = this.#waiting;
    const mine = (async () => {
      await before?.catch(() => undefined);
      return this.#patiently(attempt, sql);
    })();
    this.#waiting = mine;
    try {
      return await mine;
    } finally {
      if (this.#waiting === mine) this.#waiting = null;
    }
  }

  async #patiently<T>(attempt: () => T, sql: string): Promise<T> {
    const handle = this.#open();
    const patience = handle.options.busyTimeout ?? defaultBusyTimeout;
    const deadline = performance.now() + patience;
    const inTransaction = this.inTransaction;
    for (let tries = 0; ; tries += 1) {
      await this.#untilFree(handle, deadline, sql);
      try {
        return attempt();
      } catch (error) {
        const retry = isLocked(error) && this.inTransaction === inTransaction && performance.now() < deadline;
        if (!retry) throw isLocked(error) ? waitedInVain(error, sql, patience) : translateError(error, sql);
      }
      await sleep(pauses[Math.min(tries, pauses.length - 1)]);
    }
  }

  /** Waits until nobody else who shares the handle has a transaction open. */
  async #untilFree(handle: SqliteHandle, deadline: number, sql: string): Promise<void> {
    while (handle.owner !== null && handle.owner !== this) {
      const left = deadline - performance.now();
      if (left <= 0) {
        const reason = "another transaction is open on this database in memory, which has one connection";
        throw databaseError("DATABASE.BUSY", { reason, sql });
      }
      await handle.free(left);
    }
  }

  stream(
    sql: string,
    params: readonly DriverValue[] = [],
    onColumns?: (columns: readonly string[]) => void,
  ): AsyncIterable<readonly DriverValue[]> {
    const onStatement = this.#handle?.options.onStatement;
    return {
      [Symbol.asyncIterator]: () => {
        const rows = this.#iterate(sql, params, onColumns);
        return onStatement === undefined ? rows : told(rows, sql, params, onStatement);
      },
    };
  }

  #iterate(
    sql: string,
    params: readonly DriverValue[],
    onColumns: ((columns: readonly string[]) => void) | undefined,
  ): AsyncIterator<readonly DriverValue[]> {
    let rows: Iterator<unknown> | null = null;
    const start = (): IteratorResult<readonly DriverValue[]> => {
      const { statement } = this.#open().take(sql);
      statement.setReadBigInts(true);
      onColumns?.(statement.columns().map(({ name }) => name ?? ""));
      rows = statement.iterate(...bindable(params));
      return step(rows);
    };
    return {
      next: async () => {
        if (rows === null) return this.#inTurn(start, sql);
        try {
          return step(rows);
        } catch (error) {
          throw translateError(error, sql);
        }
      },
      return: async () => {
        rows?.return?.();
        return { done: true, value: undefined };
      },
    };
  }

  async begin(options: TransactionOptions = {}): Promise<void> {
    await this.query(options.immediate === true ? "BEGIN IMMEDIATE" : "BEGIN");
    if (options.readOnly !== true) return;
    this.#queryOnly = true;
    await this.query("PRAGMA query_only = ON");
  }

  async commit(): Promise<void> {
    await this.query("COMMIT");
    await this.#writable();
  }

  async rollback(): Promise<void> {
    await this.query("ROLLBACK");
    await this.#writable();
  }

  async #writable(): Promise<void> {
    if (!this.#queryOnly) return;
    this.#queryOnly = false;
    await this.query("PRAGMA query_only = OFF");
  }

  async savepoint(name: string): Promise<void> {
    await this.query(`SAVEPOINT ${quoteName(name)}`);
  }

  async releaseSavepoint(name: string): Promise<void> {
    await this.query(`RELEASE SAVEPOINT ${quoteName(name)}`);
  }

  async rollbackToSavepoint(name: string): Promise<void> {
    await this.query(`ROLLBACK TO SAVEPOINT ${quoteName(name)}`);
  }

  async release(): Promise<void> {
    const handle = this.#handle;
    if (handle === null) return;
    if (this.inTransaction && handle.database.isOpen) await this.rollback();
    this.#handle = null;
    this.#onRelease(handle);
  }
}

function waitedInVain(error: unknown, sql: string, patience: number): unknown {
  const reason = `${error instanceof Error ? error.message : String(error)}, after a wait of ${patience / 1000} s`;
  return databaseError("DATABASE.BUSY", { reason, sql }, error);
}

keepShape(new SqliteConnection(null as never, () => undefined));

function step(rows: Iterator<unknown>): IteratorResult<readonly DriverValue[]> {
  const { done, value } = rows.next();
  if (done === true) return { done: true, value: undefined };
  return { done: false, value: safeRow(value as DriverValue[]) };
}
