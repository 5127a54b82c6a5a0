import type { Connection, TransactionOptions } from "../dialect/index.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import type { Engine } from "./engine.ts";
import { type Held, unwatch, watch } from "./leaks.ts";

/** How a Session's transactions are begun. */
export interface SessionTransactionOptions extends Pick<TransactionOptions, "isolation" | "readOnly"> {}

/**
 * The connection and the transaction of one Session. The connection is taken at the first statement and given
 * back when the transaction ends. Where the database has one lock for all writers, reads alone begin no
 * transaction, so that they keep nobody from writing; the first write takes the lock, and so does the first read of
 * a transaction that asks for an isolation level and may write.
 */
export class Transaction {
  readonly #engine: Engine;
  readonly #options: SessionTransactionOptions;
  #connection: Connection | null = null;
  #held: Held | null = null;
  #begun = false;
  /** Options of the open or the next transaction, where they are not those of all. */
  #own: SessionTransactionOptions | null = null;
  /** Something was written since the transaction began. */
  wrote = false;

  constructor(engine: Engine, options: SessionTransactionOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  /** Whether the database has a transaction open for the Session. */
  get begun(): boolean {
    return this.#begun;
  }

  /** How the open or the next transaction is begun. */
  get options(): SessionTransactionOptions {
    return this.#own ?? this.#options;
  }

  /** Says how the next transaction is begun. Throws `SESSION.BEGUN` in the middle of one. */
  use(options: SessionTransactionOptions): void {
    if (this.#begun) throw new AthanorError("SESSION.BEGUN", {});
    const { isolation = this.#options.isolation, readOnly = this.#options.readOnly } = options;
    this.#own = {
      ...(isolation === undefined ? {} : { isolation }),
      ...(readOnly === undefined ? {} : { readOnly }),
    };
  }

  /** The connection, where it is there already. */
  current(): Connection | null {
    if (this.#held !== null) this.#held.used = performance.now();
    return this.#connection;
  }

  /** The connection for a query. */
  async reading(): Promise<Connection> {
    const current = this.current();
    if (current !== null) return current;
    const { dialect, source } = await this.#engine.open();
    const connection = await source.acquire();
    this.#connection = connection;
    this.#held = watch(this, connection, this.#engine.leakWarning);
    const { isolation, readOnly } = this.options;
    const { concurrentWriters } = dialect.capabilities;
    if (concurrentWriters || isolation !== undefined || readOnly === true) {
      // Readers that all turn into writers would wait for each other where there is one lock.
      const immediate = !concurrentWriters && readOnly !== true;
      await this.#begin(connection, immediate);
    }
    return connection;
  }

  /** The connection for a statement that writes, in a transaction. */
  async writing(): Promise<Connection> {
    const connection = await this.reading();
    if (!this.#begun) {
      const { dialect } = await this.#engine.open();
      await this.#begin(connection, !dialect.capabilities.concurrentWriters);
    }
    this.wrote = true;
    return connection;
  }

  async #begin(connection: Connection, immediate: boolean): Promise<void> {
    const { options } = this;
    // Objects that are spread get a shape that V8 has to find anew after every collection.
    const isUsual = options.isolation === undefined && options.readOnly === undefined;
    await connection.begin(isUsual ? { immediate } : { ...options, immediate });
    this.#begun = true;
  }

  async savepoint(name: string): Promise<void> {
    const connection = await this.writing();
    await connection.savepoint(name);
  }

  async releaseSavepoint(name: string): Promise<void> {
    await this.#open("commit").releaseSavepoint(name);
  }

  async rollbackToSavepoint(name: string): Promise<void> {
    const connection = this.#open("roll back");
    await connection.rollbackToSavepoint(name);
    await connection.releaseSavepoint(name);
  }

  #open(action: string): Connection {
    if (this.#connection === null || !this.#begun)
      throw new AthanorError("SESSION.NO_TRANSACTION", { action });
    return this.#connection;
  }

  /** Whether the database has still the transaction that was begun: a commit that failed may have ended it. */
  get alive(): boolean {
    return this.#begun && this.#connection?.inTransaction === true;
  }

  /** Commits what was begun and gives the connection back. A commit that waits in vain for a lock can be repeated. */
  async commit(): Promise<void> {
    if (this.#begun) await this.#connection?.commit();
    await this.#giveBack();
  }

  /** Rolls back what was begun and gives the connection back. Where the connection is lost, so is the transaction. */
  async rollback(): Promise<void> {
    try {
      if (this.alive) await this.#connection?.rollback();
    } catch (error) {
      if (!isAthanorError(error, "DATABASE.CONNECTION")) throw error;
    } finally {
      await this.#giveBack();
    }
  }

  async #giveBack(): Promise<void> {
    const connection = this.#connection;
    if (this.#held !== null) unwatch(this.#held);
    this.#held = null;
    this.#connection = null;
    this.#begun = false;
    this.#own = null;
    this.wrote = false;
    await connection?.release();
  }
}
