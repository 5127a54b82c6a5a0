import { createHash } from "node:crypto";
import type { ClientBase } from "pg";
import type { Connection, ConnectOptions, DriverValue, Result, TransactionOptions } from "../connection.ts";
import { translateError } from "./errors.ts";

/** Type oids that the driver may turn into values without loss: bool, int2, int4, oid, float4, float8. */
const numeric: ReadonlySet<number> = new Set([21, 23, 26, 700, 701]);
const int8 = 20;
const bool = 16;

/** Parsers of the server's text by type oid; everything without one stays text, for the codecs. */
export const textParsers = {
  getTypeParser: (oid: number): ((text: string) => unknown) => {
    if (oid === bool) return (text) => text === "t";
    if (numeric.has(oid)) return Number;
    return oid === int8 ? parseInt8 : (text) => text;
  },
};

function parseInt8(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** What a driver of PostgreSQL does for a connection. */
export interface PostgresqlSession {
  query(sql: string, params: readonly DriverValue[], name: string | null): Promise<Result>;
  release(broken: boolean): void;
}

/** Statements worth keeping prepared on the server: those that run often have parameters or read. */
const keepable = /^\s*(?:select|with|insert|update|delete)\b/i;

/** A connection to PostgreSQL, whatever driver carries it. */
export class PostgresqlConnection implements Connection {
  readonly #session: PostgresqlSession;
  readonly #options: ConnectOptions;
  #depth = 0;
  #broken = false;

  constructor(session: PostgresqlSession, options: ConnectOptions) {
    this.#session = session;
    this.#options = options;
  }

  get inTransaction(): boolean {
    return this.#depth > 0;
  }

  async query(sql: string, params: readonly DriverValue[] = []): Promise<Result> {
    const { onStatement } = this.#options;
    const started = onStatement === undefined ? 0 : performance.now();
    const report = (rows: number, error: unknown): void =>
      onStatement?.({ sql, params, milliseconds: performance.now() - started, rows, error });
    try {
      const name = params.length > 0 && keepable.test(sql) ? statementName(sql) : null;
      const result = await this.#session.query(sql, params, name);
      report(result.rows.length || result.changes, null);
      return result;
    } catch (error) {
      report(0, error);
      const translated = translateError(error, sql);
      if (translated instanceof Error && "code" in translated && translated.code === "DATABASE.CONNECTION") {
        this.#broken = true;
      }
      throw translated;
    }
  }

  /** A cursor of the server's, read in batches; it needs a transaction, and opens one where there is none. */
  async *stream(sql: string, params: readonly DriverValue[] = []): AsyncIterable<readonly DriverValue[]> {
    const own = !this.inTransaction;
    if (own) await this.begin({ readOnly: true });
    const cursor = `athanor_${cursorNumber++}`;
    await this.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`, params);
    try {
      for (;;) {
        const { rows } = await this.query(`FETCH FORWARD ${fetchSize} FROM ${cursor}`);
        yield* rows;
        if (rows.length < fetchSize) break;
      }
    } finally {
      if (own) await this.rollback();
      else await this.query(`CLOSE ${cursor}`);
    }
  }

  async begin(options: TransactionOptions = {}): Promise<void> {
    const isolation =
      options.isolation === undefined ? "" : ` ISOLATION LEVEL ${options.isolation.toUpperCase()}`;
    await this.query(`BEGIN${isolation}${options.readOnly === true ? " READ ONLY" : ""}`);
    this.#depth = 1;
  }

  async commit(): Promise<void> {
    this.#depth = 0;
    await this.query("COMMIT");
  }

  async rollback(): Promise<void> {
    this.#depth = 0;
    await this.query("ROLLBACK");
  }

  async savepoint(name: string): Promise<void> {
    await this.query(`SAVEPOINT "${name}"`);
  }

  async releaseSavepoint(name: string): Promise<void> {
    await this.query(`RELEASE SAVEPOINT "${name}"`);
  }

  async rollbackToSavepoint(name: string): Promise<void> {
    await this.query(`ROLLBACK TO SAVEPOINT "${name}"`);
  }

  async release(): Promise<void> {
    if (this.inTransaction && !this.#broken) await this.rollback();
    this.#session.release(this.#broken);
  }
}

let cursorNumber = 1;
const fetchSize = 1000;

/** Names of prepared statements have 63 bytes at most: a hash of the text stands for it. */
function statementName(sql: string): string {
  return `athanor_${createHash("sha1").update(sql).digest("base64url")}`;
}

/** A client of the `pg` driver as a session. */
export function pgSession(client: ClientBase, release: (broken: boolean) => void): PostgresqlSession {
  return {
    async query(sql, params, name) {
      const result = await client.query({
        text: sql,
        values: [...params],
        rowMode: "array",
        types: textParsers,
        ...(name === null ? {} : { name }),
      });
      const last = Array.isArray(result) ? result.at(-1) : result;
      return {
        columns: last.fields.map((field: { name: string }) => field.name),
        rows: last.rows as DriverValue[][],
        changes: last.command === "SELECT" ? 0 : (last.rowCount ?? 0),
        lastInsertId: null,
      };
    },
    release,
  };
}
