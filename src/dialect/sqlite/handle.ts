import type { SQLInputValue } from "node:sqlite";
import { AthanorError } from "../../errors/index.ts";
import { keepShape } from "../../util/keep-shape.ts";
import type { ConnectOptions, DriverValue, Result } from "../connection.ts";
import { databaseError } from "../errors.ts";
import { textOfInstant } from "./codec.ts";
import type { DriverDatabase, DriverStatement } from "./driver-database.ts";
import { hasSecondStatement } from "./one-statement.ts";
import { safeInteger, safeRow } from "./safe-integers.ts";

/** Statements kept prepared on one database handle; the one that was used longest ago makes room. */
const keptStatements = 256;

type Row = readonly DriverValue[];

const none: readonly never[] = [];

/** A statement, with what its text says of it. */
export interface Prepared {
  readonly statement: DriverStatement;
  /** It gives rows. */
  readonly queries: boolean;
  /** It begins or ends a transaction. */
  readonly control: boolean;
  /** It changes rows. */
  readonly writes: boolean;
  /** How many is known: of anything else, the driver tells what the statement before has changed. */
  readonly counts: boolean;
  /** Integers come as bigints: the statement has met one beyond what a number holds, or cannot run twice. */
  big: boolean;
}

/**
 * One open database of the driver and the statements kept on it. Everything here is synchronous: a statement is
 * atomic to the program, and whoever shares the handle sees to it that transactions are as well.
 */
export class SqliteHandle {
  readonly database: DriverDatabase;
  readonly options: ConnectOptions;
  /** Who has a transaction open; the others wait until it is over. */
  owner: object | null = null;
  readonly #kept = new Map<string, Prepared>();
  /** The one that was used last, which most often is used next. */
  #last: { readonly sql: string; readonly prepared: Prepared } | null = null;
  readonly #waiting = new Set<() => void>();

  constructor(database: DriverDatabase, options: ConnectOptions) {
    this.database = database;
    this.options = options;
  }

  /** Runs one statement for `user`. Throws what the driver throws. */
  run(sql: string, params: Row, user: object): Result {
    if (this.options.onStatement === undefined) return this.#run(sql, params, user);
    return this.#told(
      sql,
      params,
      () => this.#run(sql, params, user),
      ({ rows, changes }) => rows.length || changes,
    );
  }

  /** The first row of a query; null where there is none. Throws what the driver throws. */
  first(sql: string, params: Row, user: object): Row | null {
    if (this.options.onStatement === undefined) return this.#first(sql, params, user);
    return this.#told(
      sql,
      params,
      () => this.#first(sql, params, user),
      (row) => (row === null ? 0 : 1),
    );
  }

  /** Runs `body`, and tells of it whoever wants to know; `rowsOf` says how many rows it gave or wrote. */
  #told<T>(sql: string, params: Row, body: () => T, rowsOf: (result: T) => number): T {
    const started = performance.now();
    const report = (rows: number, error: unknown): void =>
      this.options.onStatement?.({ sql, params, milliseconds: performance.now() - started, rows, error });
    try {
      const result = body();
      report(rowsOf(result), null);
      return result;
    } catch (error) {
      report(0, error);
      throw error;
    }
  }

  #first(sql: string, params: Row, user: object): Row | null {
    const prepared = this.prepare(sql);
    try {
      return readFirst(prepared, bindable(params));
    } catch (error) {
      this.#follow(user);
      throw error;
    }
  }

  #run(sql: string, params: Row, user: object): Result {
    const prepared = this.prepare(sql);
    const { statement } = prepared;
    try {
      const values = bindable(params);
      if (prepared.queries) return new QueryResult(statement, readAll(prepared, values), prepared.writes);
      const { changes, lastInsertRowid } = statement.run(...values);
      return {
        columns: none,
        rows: none,
        changes: prepared.counts ? Number(changes) : 0,
        lastInsertId: safeInteger(lastInsertRowid),
      };
    } catch (error) {
      this.#follow(user);
      throw error;
    } finally {
      if (prepared.control) this.#follow(user);
    }
  }

  /** Sees whose transaction is open, after a statement that may have begun or ended one. */
  #follow(user: object): void {
    this.owner = this.database.isOpen && this.database.isTransaction ? (this.owner ?? user) : null;
    if (this.owner === null) this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Resolves when no transaction is open, or when the time is over. */
  async free(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(wake, milliseconds);
      const waiting = this.#waiting;
      function wake(): void {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      }
      waiting.add(wake);
    });
  }

  /** The statement of `sql`, from those kept or made anew. */
  prepare(sql: string): Prepared {
    if (this.#last?.sql === sql) return this.#last.prepared;
    const known = this.#kept.get(sql);
    const prepared = known ?? this.#compile(sql);
    if (known === undefined && !isKept(sql)) return prepared;
    this.#kept.delete(sql);
    this.#keep(sql, prepared);
    this.#last = { sql, prepared };
    return prepared;
  }

  /** Takes the statement out of those kept, for a run that lasts; `keep` gives it back. */
  take(sql: string): Prepared {
    const prepared = this.prepare(sql);
    this.#kept.delete(sql);
    this.#last = null;
    return prepared;
  }

  #compile(sql: string): Prepared {
    if (!this.database.isOpen) throw new AthanorError("DATABASE.CLOSED", { what: "connection" });
    if (hasSecondStatement(sql)) {
      throw databaseError("DATABASE.SYNTAX", { reason: "there are several statements in one text", sql });
    }
    const statement = this.database.prepare(sql);
    statement.setReturnArrays(true);
    const queries = statement.columns().length > 0;
    // A read that meets a big integer is run again; a write cannot be.
    const writes = isWrite(sql);
    const big = queries && writes;
    // What gives no rows gives the key of the last one that it wrote.
    if (big || !queries) statement.setReadBigInts(true);
    const control = isControl(sql);
    return { statement, queries, control, writes, counts: !control && !isDefinition(sql), big };
  }

  #keep(sql: string, prepared: Prepared): void {
    this.#kept.set(sql, prepared);
    if (this.#kept.size <= keptStatements) return;
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      return;
    }
  }

  /** Closes the database for good. */
  end(): void {
    this.#kept.clear();
    this.#last = null;
    if (this.database.isOpen) this.database.close();
    this.owner = null;
    this.#wake();
  }
}

/** Rows of a query. The names of its columns are only asked for where somebody wants them: they are slow to get. */
class QueryResult implements Result {
  readonly rows: readonly Row[];
  readonly changes: number;
  readonly lastInsertId = null;
  readonly #statement: DriverStatement;
  #columns: readonly string[] | null = null;

  constructor(statement: DriverStatement, rows: readonly Row[], writes: boolean) {
    this.#statement = statement;
    this.rows = rows;
    this.changes = writes ? rows.length : 0;
  }

  get columns(): readonly string[] {
    this.#columns ??= this.#statement.columns().map((column) => column.name ?? "");
    return this.#columns;
  }
}

keepShape(new QueryResult(null as never, [], false));

function isWrite(sql: string): boolean {
  if (/^\s*(?:select|pragma|explain|values)\b/i.test(sql)) return false;
  return !/^\s*with\b/i.test(sql) || /\b(?:insert|update|delete|replace)\b/i.test(sql);
}

/** DDL is not kept: it runs once, and a kept statement can hold a lock on the schema. */
function isKept(sql: string): boolean {
  return /^\s*(?:select|with|insert|update|delete|replace|values|begin|commit|rollback)\b/i.test(sql);
}

function isControl(sql: string): boolean {
  return /^\s*(?:begin|commit|end|rollback|savepoint|release)\b/i.test(sql);
}

function isDefinition(sql: string): boolean {
  return /^\s*(?:create|drop|alter|reindex|analyze|vacuum|attach|detach)\b/i.test(sql);
}

/** Rows as arrays; a query that meets an integer beyond 2^53 is run again and gives bigints where needed. */
function readAll(prepared: Prepared, values: SQLInputValue[]): readonly Row[] {
  const { statement } = prepared;
  if (!prepared.big) {
    try {
      return statement.all(...values) as unknown as readonly Row[];
    } catch (error) {
      readBig(prepared, error);
    }
  }
  const rows = statement.all(...values) as unknown as DriverValue[][];
  for (const row of rows) safeRow(row);
  return rows;
}

/** The first row, likewise. */
function readFirst(prepared: Prepared, values: SQLInputValue[]): Row | null {
  const { statement } = prepared;
  if (!prepared.big) {
    try {
      return (statement.get(...values) as Row | undefined) ?? null;
    } catch (error) {
      readBig(prepared, error);
    }
  }
  const row = statement.get(...values) as DriverValue[] | undefined;
  return row === undefined ? null : safeRow(row);
}

/** From now on a statement gives bigints, if that is what `error` is about. */
function readBig(prepared: Prepared, error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ERR_OUT_OF_RANGE")) throw error;
  prepared.big = true;
  prepared.statement.setReadBigInts(true);
}

/** Booleans and dates have no type of their own here: they go in as the codecs write them. */
export function bindable(params: Row): SQLInputValue[] {
  for (const value of params) {
    if (typeof value === "boolean" || value instanceof Date) return params.map(bindOne);
  }
  return params as SQLInputValue[];
}

function bindOne(value: DriverValue): SQLInputValue {
  if (typeof value === "boolean") return value ? 1 : 0;
  return value instanceof Date ? textOfInstant(value) : (value as SQLInputValue);
}
