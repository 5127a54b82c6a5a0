import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { AthanorError } from "../../errors/index.ts";
import type { Connection, ConnectOptions, DriverValue, Result, TransactionOptions } from "../connection.ts";
import { translateError } from "./errors.ts";

/** Statements kept prepared on one connection. */
const keptStatements = 256;

interface Prepared {
  readonly statement: StatementSync;
  readonly columns: readonly string[];
  /** Integers come as bigints: the statement has met one beyond what a number holds, or runs only once. */
  big: boolean;
}

/** A connection of Node's built-in driver. Statements run synchronously; each is atomic to the program. */
export class SqliteConnection implements Connection {
  readonly #database: DatabaseSync;
  readonly #options: ConnectOptions;
  readonly #onRelease: (connection: SqliteConnection) => void;
  readonly #prepared = new Map<string, Prepared>();
  #readOnly = false;

  constructor(
    database: DatabaseSync,
    options: ConnectOptions,
    onRelease: (connection: SqliteConnection) => void,
  ) {
    this.#database = database;
    this.#options = options;
    this.#onRelease = onRelease;
  }

  get inTransaction(): boolean {
    return this.#database.isOpen && this.#database.isTransaction;
  }

  async query(sql: string, params: readonly DriverValue[] = []): Promise<Result> {
    const { onStatement } = this.#options;
    if (onStatement === undefined) return this.#run(sql, params);
    const started = performance.now();
    const report = (rows: number, error: unknown): void =>
      onStatement({ sql, params, milliseconds: performance.now() - started, rows, error });
    try {
      const result = this.#run(sql, params);
      report(result.rows.length || result.changes, null);
      return result;
    } catch (error) {
      report(0, error);
      throw error;
    }
  }

  #run(sql: string, params: readonly DriverValue[]): Result {
    try {
      const prepared = this.#prepare(sql);
      const values = bindable(params);
      if (prepared.columns.length > 0) return this.#all(prepared, values);
      const { changes, lastInsertRowid } = prepared.statement.run(...values);
      return { columns: [], rows: [], changes: Number(changes), lastInsertId: safeNumber(lastInsertRowid) };
    } catch (error) {
      throw translateError(error, sql);
    }
  }

  #all(prepared: Prepared, values: SQLInputValue[]): Result {
    const rows = readAll(prepared, values);
    return { columns: prepared.columns, rows, changes: rows.length, lastInsertId: null };
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    if (!this.#database.isOpen) throw new AthanorError("DATABASE.CLOSED", { what: "connection" });
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    const columns = statement.columns().map((column) => column.name ?? "");
    const writes = columns.length > 0 && !/^\s*(?:select|with|pragma|explain|values)\b/i.test(sql);
    const prepared: Prepared = { statement, columns, big: writes };
    if (writes) statement.setReadBigInts(true);
    this.#keep(sql, prepared);
    return prepared;
  }

  /** DDL is not kept: it runs once, and a kept statement can hold a lock on the schema. */
  #keep(sql: string, prepared: Prepared): void {
    if (!/^\s*(?:select|with|insert|update|delete|replace|values)\b/i.test(sql)) return;
    this.#prepared.set(sql, prepared);
    if (this.#prepared.size <= keptStatements) return;
    for (const oldest of this.#prepared.keys()) {
      this.#prepared.delete(oldest);
      break;
    }
  }

  async *stream(sql: string, params: readonly DriverValue[] = []): AsyncIterable<readonly DriverValue[]> {
    try {
      const statement = this.#database.prepare(sql);
      statement.setReturnArrays(true);
      statement.setReadBigInts(true);
      for (const row of statement.iterate(...bindable(params))) {
        yield row as unknown as readonly DriverValue[];
      }
    } catch (error) {
      throw translateError(error, sql);
    }
  }

  async begin(options: TransactionOptions = {}): Promise<void> {
    await this.query(options.immediate === true ? "BEGIN IMMEDIATE" : "BEGIN");
    if (options.readOnly !== true) return;
    this.#readOnly = true;
    await this.query("PRAGMA query_only = ON");
  }

  async commit(): Promise<void> {
    await this.#end("COMMIT");
  }

  async rollback(): Promise<void> {
    await this.#end("ROLLBACK");
  }

  async #end(sql: string): Promise<void> {
    if (this.#readOnly) {
      this.#readOnly = false;
      await this.query("PRAGMA query_only = OFF");
    }
    await this.query(sql);
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
    if (this.inTransaction) await this.rollback();
    this.#onRelease(this);
  }

  /** Ends the connection for good. */
  end(): void {
    this.#prepared.clear();
    if (this.#database.isOpen) this.#database.close();
  }
}

/** Rows as arrays; a statement that meets an integer beyond 2^53 gives bigints from then on. */
function readAll(prepared: Prepared, values: SQLInputValue[]): readonly (readonly DriverValue[])[] {
  const { statement } = prepared;
  try {
    return statement.all(...values) as unknown as readonly (readonly DriverValue[])[];
  } catch (error) {
    const tooLarge = error instanceof Error && "code" in error && error.code === "ERR_OUT_OF_RANGE";
    if (!tooLarge || prepared.big) throw error;
    prepared.big = true;
    statement.setReadBigInts(true);
    return statement.all(...values) as unknown as readonly (readonly DriverValue[])[];
  }
}

function safeNumber(value: number | bigint): number | bigint {
  return typeof value === "bigint" && BigInt(Number(value)) === value ? Number(value) : value;
}

/** Booleans and dates have no type of their own in SQLite: they go in as the codecs write them. */
function bindable(params: readonly DriverValue[]): SQLInputValue[] {
  return params.map((value) => {
    if (typeof value === "boolean") return value ? 1 : 0;
    if (value instanceof Date) return value.toISOString().replace("T", " ").replace("Z", "");
    return value as SQLInputValue;
  });
}
