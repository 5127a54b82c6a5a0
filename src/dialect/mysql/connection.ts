import { AthanorError, type ErrorFields } from "../../errors/index.ts";
import type { Connection, ConnectOptions, DriverValue, Result, TransactionOptions } from "../connection.ts";
import { DatabaseError, databaseError } from "../errors.ts";
import { isBroken, translateError, withGrant } from "./errors.ts";
import type { Account } from "./grants.ts";
import { quoteName, quoteString } from "./quote.ts";
import type { RowStream } from "./row-stream.ts";
import { type MysqlSession, type SessionResult, wholeIntegers } from "./session.ts";

/** What becomes of a connection that its user no longer needs, and how a statement of it is ended from outside. */
export interface ConnectionOwner {
  giveBack(session: MysqlSession, broken: boolean): void;
  /** Ends the statement that the session runs, over another connection. */
  cancel(session: MysqlSession): Promise<void>;
}

/** How long the rest of a stream that nobody wants is read before the query is ended, in milliseconds. */
const patience = 50;

/** A connection of the `mysql2` driver. */
export class MysqlConnection implements Connection {
  #session: MysqlSession | null;
  readonly #owner: ConnectionOwner;
  readonly #options: ConnectOptions;
  #inTransaction = false;
  /** What the server ended the transaction for, of its own accord, until the program has ended it as well. */
  #lost: unknown = null;
  #broken = false;
  /** The stream that holds the connection. */
  #stream: RowStream | null = null;

  constructor(session: MysqlSession, owner: ConnectionOwner, options: ConnectOptions) {
    this.#session = session;
    this.#owner = owner;
    this.#options = options;
  }

  get inTransaction(): boolean {
    return this.#inTransaction || this.#lost !== null;
  }

  async query(sql: string, params: readonly DriverValue[] = []): Promise<Result> {
    this.#refuseIfLost(sql);
    return this.#run(sql, params);
  }

  /** Outside a transaction each statement would stand for itself, so none runs until the program knows. */
  #refuseIfLost(sql: string): void {
    if (this.#lost === null) return;
    const code = this.#lost instanceof DatabaseError ? this.#lost.code : "DATABASE.OTHER";
    const reason = "the server has rolled the transaction back already; roll back here too and begin again";
    throw databaseError(code, { reason, sql }, this.#lost);
  }

  #open(): MysqlSession {
    if (this.#session === null) throw new AthanorError("DATABASE.CLOSED", { what: "connection" });
    return this.#session;
  }

  async #run(sql: string, params: readonly DriverValue[]): Promise<Result> {
    const session = this.#open();
    await this.#stream?.spool();
    const report = this.#reporter(sql, params);
    let result: SessionResult;
    try {
      result = await runOrAgain(session, sql, params);
    } catch (error) {
      report(0, error);
      throw await this.#translate(error, sql, session);
    }
    this.#inTransaction = result.inTransaction ?? this.#inTransaction;
    report(result.rows.length || result.changes, null);
    return result;
  }

  #reporter(sql: string, params: readonly DriverValue[]): (rows: number, error: unknown) => void {
    const { onStatement } = this.#options;
    if (onStatement === undefined) return () => undefined;
    const started = performance.now();
    return (rows, error) =>
      onStatement({ sql, params, milliseconds: performance.now() - started, rows, error });
  }

  async #translate(error: unknown, sql: string, session: MysqlSession): Promise<unknown> {
    const translated = translateError(error, sql);
    if (isBroken(error)) this.#broken = true;
    else if (this.#inTransaction && mayEndTransaction(translated))
      await this.#askWhetherLost(translated, session);
    if (this.#broken) return translated;
    if (isDenied(translated)) return withGrant(translated, await accountOf(session));
    return withColumns(translated, session);
  }

  /** Errors do not say whether the transaction is still open; the answer to the next statement does. */
  async #askWhetherLost(error: unknown, session: MysqlSession): Promise<void> {
    const { inTransaction } = await session.run("DO 0", []).catch(() => ({ inTransaction: true }));
    if (inTransaction !== false) return;
    this.#inTransaction = false;
    this.#lost = error;
  }

  /** Rows as they come. A statement that runs meanwhile has the rest of them read into memory first. */
  async *stream(
    sql: string,
    params: readonly DriverValue[] = [],
    onColumns?: (columns: readonly string[]) => void,
  ): AsyncIterable<readonly DriverValue[]> {
    this.#refuseIfLost(sql);
    const session = this.#open();
    await this.#stream?.spool();
    const report = this.#reporter(sql, params);
    const stream = session.stream(sql, params);
    this.#stream = stream;
    let count = 0;
    try {
      for (let rows = await stream.next(); rows !== null; rows = await stream.next()) {
        wholeIntegers(rows, stream.fields);
        if (count === 0) onColumns?.(stream.fields.map(({ name }) => name));
        for (const row of rows) {
          count += 1;
          yield row;
        }
      }
      report(count, null);
    } catch (error) {
      report(count, error);
      throw await this.#translate(error, sql, session);
    } finally {
      if (!stream.ended) await stream.discard(patience, () => this.#owner.cancel(session));
      if (this.#stream === stream) this.#stream = null;
    }
  }

  async begin(options: TransactionOptions = {}): Promise<void> {
    if (options.isolation !== undefined) {
      await this.query(`SET TRANSACTION ISOLATION LEVEL ${options.isolation.toUpperCase()}`);
    }
    await this.query(options.readOnly === true ? "START TRANSACTION READ ONLY" : "START TRANSACTION");
  }

  async commit(): Promise<void> {
    try {
      await this.query("COMMIT");
    } finally {
      this.#lost = null;
    }
  }

  async rollback(): Promise<void> {
    this.#lost = null;
    await this.#run("ROLLBACK", []);
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
    const session = this.#session;
    if (session === null) return;
    try {
      if (this.#stream !== null) await this.#stream.discard(patience, () => this.#owner.cancel(session));
      if (this.#inTransaction && !this.#broken) await this.rollback();
    } catch {
      this.#broken = true; // it is thrown away, and with it the transaction
    }
    this.#session = null;
    this.#owner.giveBack(session, this.#broken);
  }
}

const columnsOfKey =
  "SELECT COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? " +
  "AND INDEX_NAME = ? ORDER BY SEQ_IN_INDEX";

/** The server names a key that is taken, not its columns: it is asked for them. */
async function withColumns(error: unknown, session: MysqlSession): Promise<unknown> {
  if (!(error instanceof DatabaseError && error.code === "DATABASE.UNIQUE")) return error;
  const fields = error.fields as ErrorFields<"DATABASE.UNIQUE">;
  const { table, constraint } = fields;
  if (table === null || constraint === null) return error;
  const found = await session.run(columnsOfKey, [table, constraint]).catch(() => null);
  const columns = (found?.rows ?? []).map(([column]) => String(column));
  return databaseError(error.code, { ...fields, columns }, error.cause);
}

const violations: ReadonlySet<unknown> = new Set([
  "DATABASE.UNIQUE",
  "DATABASE.FOREIGN_KEY",
  "DATABASE.NOT_NULL",
  "DATABASE.CHECK",
  "DATABASE.SYNTAX",
]);

/** A violation never ends a transaction; a deadlock does, a lock waited for too long may, by the server's settings. */
function mayEndTransaction(error: unknown): boolean {
  return !(error instanceof DatabaseError && violations.has(error.code));
}

function isDenied(error: unknown): error is DatabaseError<"DATABASE.PRIVILEGE"> {
  return error instanceof DatabaseError && error.code === "DATABASE.PRIVILEGE";
}

/** Whom the server takes the session for: the host of an account need not be where one comes from. */
async function accountOf(session: MysqlSession): Promise<Account> {
  const { rows } = await session.run("SELECT CURRENT_USER(), DATABASE()", []);
  const [account, database] = rows[0] ?? [];
  const whole = String(account);
  const at = whole.lastIndexOf("@");
  const name = `${quoteString(whole.slice(0, at))}@${quoteString(whole.slice(at + 1))}`;
  return { name, database: typeof database === "string" ? database : null };
}

/** `ER_BAD_FIELD_ERROR`. */
const unknownColumn = 1054;

/**
 * Runs a statement; an ALTER TABLE that finds no column of that name once more. MariaDB 10.11 loses sight of the columns
 * that the checks and computed columns of a table are of when a view is made that has the table in a subquery, under
 * another name: the next ALTER TABLE that renames one of them fails, and opens the table anew, so that the one after it
 * is right.
 */
async function runOrAgain(
  session: MysqlSession,
  sql: string,
  params: readonly DriverValue[],
): Promise<SessionResult> {
  try {
    return await session.run(sql, params);
  } catch (error) {
    const isLostFromSight =
      error instanceof Error &&
      "errno" in error &&
      error.errno === unknownColumn &&
      /^\s*ALTER\s+TABLE\b/i.test(sql);
    if (!isLostFromSight) throw error;
    return session.run(sql, params);
  }
}
