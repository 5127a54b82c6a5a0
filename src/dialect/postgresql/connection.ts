import type { ClientBase } from "pg";
import { AthanorError } from "../../errors/index.ts";
import type { Connection, ConnectOptions, DriverValue, Result, TransactionOptions } from "../connection.ts";
import { DatabaseError, databaseError } from "../errors.ts";
import { isFromServer, isStalePlan, translateError } from "./errors.ts";
import { ungather } from "./gather.ts";
import { keptQueries } from "./kept-query.ts";
import { quoteName } from "./quote.ts";
import type { StatementNames } from "./statement-names.ts";
import { textParsers } from "./text-parsers.ts";

/** What a driver of PostgreSQL does for a connection. */
export interface PostgresqlSession {
  query(sql: string, params: readonly DriverValue[], name: string | null): Promise<Result>;
  /** Whether a transaction was open after the last statement that succeeded, where the driver knows. */
  inTransaction?(): boolean | null;
  release(broken: boolean): void;
  /** Who is logged in, where the driver knows. */
  readonly user?: string | null;
  readonly names: StatementNames;
  /** Bytes can be a parameter of any type. */
  readonly takesBinary?: boolean;
}

/** A connection to PostgreSQL, whatever driver carries it. */
export class PostgresqlConnection implements Connection {
  #session: PostgresqlSession | null;
  readonly #options: ConnectOptions;
  #inTransaction = false;
  /** The error that the open transaction can no longer be committed for. */
  #failure: unknown = null;
  #broken = false;

  constructor(session: PostgresqlSession, options: ConnectOptions) {
    this.#session = session;
    this.#options = options;
  }

  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  get takesBinary(): boolean {
    return this.#session?.takesBinary === true;
  }

  #open(): PostgresqlSession {
    if (this.#session === null) throw new AthanorError("DATABASE.CLOSED", { what: "connection" });
    return this.#session;
  }

  async query(sql: string, params: readonly DriverValue[] = []): Promise<Result> {
    const session = this.#open();
    const { onStatement } = this.#options;
    const started = onStatement === undefined ? 0 : performance.now();
    try {
      let result: Result;
      try {
        result = await session.query(sql, params, session.names.of(sql, params));
      } catch (error) {
        // A prepared statement whose table somebody else has changed since is prepared anew, outside a transaction.
        if (this.#inTransaction || !isStalePlan(error)) throw error;
        session.names.forget();
        result = await session.query(sql, params, null);
      }
      result = ungather(sql, result);
      this.#inTransaction = session.inTransaction?.() ?? this.#inTransaction;
      session.names.ran(sql, this.#inTransaction);
      if (!this.#inTransaction) this.#failure = null;
      if (onStatement !== undefined) {
        const rows = result.rows.length || result.changes;
        onStatement({ sql, params, milliseconds: performance.now() - started, rows, error: null });
      }
      return result;
    } catch (error) {
      // The driver closes a prepared statement for a value that it cannot send, and goes on using it.
      if (!isFromServer(error)) session.names.forget();
      onStatement?.({ sql, params, milliseconds: performance.now() - started, rows: 0, error });
      throw this.#failed(error, sql, session);
    }
  }

  #failed(error: unknown, sql: string, session: PostgresqlSession): unknown {
    const translated = translateError(error, sql, session.user ?? null);
    if (this.#inTransaction) this.#failure ??= translated;
    if (translated instanceof DatabaseError && translated.code === "DATABASE.CONNECTION") this.#broken = true;
    return translated;
  }

  /** A cursor of the server's, read in batches; it needs a transaction, and opens one where there is none. */
  async *stream(
    sql: string,
    params: readonly DriverValue[] = [],
    onColumns?: (columns: readonly string[]) => void,
  ): AsyncIterable<readonly DriverValue[]> {
    const own = !this.inTransaction;
    if (own) await this.begin({ readOnly: true });
    const cursor = `athanor_${cursorNumber++}`;
    try {
      await this.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`, params);
      for (let isFirst = true; ; isFirst = false) {
        const { rows, columns } = await this.query(`FETCH FORWARD ${fetchSize} FROM ${cursor}`);
        if (isFirst) onColumns?.(columns);
        yield* rows;
        if (rows.length < fetchSize) break;
      }
    } finally {
      await this.#endStream(own, cursor);
    }
  }

  /** The cursor of a transaction that failed, or is over, is gone already. */
  async #endStream(own: boolean, cursor: string): Promise<void> {
    if (this.#broken || !this.#inTransaction) return;
    if (own) await this.rollback();
    else if (this.#failure === null) await this.query(`CLOSE ${cursor}`);
  }

  async begin(options: TransactionOptions = {}): Promise<void> {
    const isolation =
      options.isolation === undefined ? "" : ` ISOLATION LEVEL ${options.isolation.toUpperCase()}`;
    await this.query(`BEGIN${isolation}${options.readOnly === true ? " READ ONLY" : ""}`);
    this.#inTransaction = true;
  }

  /** The server answers a COMMIT of what has failed with a ROLLBACK, and calls that a success. */
  async commit(): Promise<void> {
    const failure = this.#failure;
    if (failure === null) {
      await this.query("COMMIT");
      this.#ended();
      return;
    }
    await this.rollback();
    const code = failure instanceof DatabaseError ? failure.code : "DATABASE.OTHER";
    const reason = "a statement of the transaction had failed, so that it has been rolled back";
    throw databaseError(code, { reason, sql: "COMMIT" }, failure);
  }

  async rollback(): Promise<void> {
    this.#failure = null;
    await this.query("ROLLBACK");
    this.#ended();
  }

  #ended(): void {
    this.#inTransaction = false;
    this.#session?.names.ended();
  }

  async savepoint(name: string): Promise<void> {
    await this.query(`SAVEPOINT ${quoteName(name)}`);
  }

  async releaseSavepoint(name: string): Promise<void> {
    await this.query(`RELEASE SAVEPOINT ${quoteName(name)}`);
  }

  async rollbackToSavepoint(name: string): Promise<void> {
    await this.query(`ROLLBACK TO SAVEPOINT ${quoteName(name)}`);
    this.#failure = null;
  }

  async release(): Promise<void> {
    const session = this.#session;
    if (session === null) return;
    try {
      if (this.#inTransaction && !this.#broken) await this.rollback();
    } catch {
      this.#broken = true; // it is thrown away, and with it the transaction
    }
    this.#session = null;
    session.release(this.#broken);
  }
}

let cursorNumber = 1;
const fetchSize = 1000;

/** What the driver gives of a result. */
interface DriverResult {
  readonly fields: readonly { readonly name: string }[];
  readonly rows: readonly (readonly DriverValue[])[];
  readonly command: string;
  readonly rowCount: number | null;
}

/** A result of the driver's. The names of its columns are put together only where somebody wants them. */
class PgResult implements Result {
  readonly rows: readonly (readonly DriverValue[])[];
  readonly changes: number;
  readonly lastInsertId = null;
  readonly #fields: DriverResult["fields"];

  constructor({ fields, rows, command, rowCount }: DriverResult) {
    this.rows = rows;
    this.changes = command === "SELECT" ? 0 : (rowCount ?? 0);
    this.#fields = fields;
  }

  get columns(): readonly string[] {
    return this.#fields.map(({ name }) => name);
  }
}

function resultOf(result: DriverResult | readonly DriverResult[]): Result {
  return new PgResult(Array.isArray(result) ? result.at(-1) : (result as DriverResult));
}

/** A client of the `pg` driver as a session. */
export function pgSession(
  client: ClientBase,
  names: StatementNames,
  release: (broken: boolean) => void,
  prepare = true,
): PostgresqlSession {
  const kept = prepare ? keptQueries(client, names.descriptions) : null;
  return {
    names,
    takesBinary: kept !== null,
    query(sql, params, name) {
      const running = name === null ? null : kept?.run(sql, params, name);
      if (running !== null && running !== undefined) return running;
      const query = {
        text: sql,
        values: params as DriverValue[],
        rowMode: "array" as const,
        types: textParsers,
      };
      return client.query(name === null || !prepare ? query : { ...query, name }).then(resultOf);
    },
    inTransaction() {
      const status = client.getTransactionStatus?.() ?? null; // older drivers do not know
      return status === null ? null : status !== "I";
    },
    release,
    user: "user" in client && typeof client.user === "string" ? client.user : null,
  };
}
