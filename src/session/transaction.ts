import type { Connection, TransactionOptions } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import type { Engine } from "./engine.ts";

/** How a Session's transactions are begun. */
export interface SessionTransactionOptions extends Pick<TransactionOptions, "isolation" | "readOnly"> {}

/**
 * The connection and the transaction of one Session. The connection is taken at the first statement and given
 * back when the transaction ends. Where the database has one lock for all writers, reads alone begin no
 * transaction, so that they keep nobody from writing; the first write takes the lock.
 */
export class Transaction {
  readonly #engine: Engine;
  readonly #options: SessionTransactionOptions;
  #connection: Connection | null = null;
  #begun = false;
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

  /** The connection for a query. */
  async reading(): Promise<Connection> {
    if (this.#connection !== null) return this.#connection;
    const { dialect, source } = await this.#engine.open();
    const connection = await source.acquire();
    this.#connection = connection;
    const { isolation, readOnly } = this.#options;
    if (dialect.capabilities.concurrentWriters || isolation !== undefined || readOnly === true) {
      await this.#begin(connection, this.#options);
    }
    return connection;
  }

  /** The connection for a statement that writes, in a transaction. */
  async writing(): Promise<Connection> {
    const connection = await this.reading();
    if (!this.#begun) {
      const { dialect } = await this.#engine.open();
      await this.#begin(connection, { ...this.#options, immediate: !dialect.capabilities.concurrentWriters });
    }
    this.wrote = true;
    return connection;
  }

  async #begin(connection: Connection, options: TransactionOptions): Promise<void> {
    await connection.begin(options);
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

  /** Commits what was begun and gives the connection back. A commit that waits in vain for a lock can be repeated. */
  async commit(): Promise<void> {
    if (this.#begun) await this.#connection?.commit();
    await this.#giveBack();
  }

  /** Rolls back what was begun and gives the connection back. */
  async rollback(): Promise<void> {
    try {
      if (this.#begun && this.#connection?.inTransaction === true) await this.#connection.rollback();
    } finally {
      await this.#giveBack();
    }
  }

  async #giveBack(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    this.#begun = false;
    this.wrote = false;
    await connection?.release();
  }
}
