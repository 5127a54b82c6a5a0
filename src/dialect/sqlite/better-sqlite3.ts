import type { SQLInputValue } from "node:sqlite";
import type BetterSqlite3 from "better-sqlite3";
import type { DriverValue } from "../connection.ts";
import type { Aggregate, DriverDatabase, DriverStatement, OpenDatabase } from "./driver-database.ts";

/** What opens databases with the `better-sqlite3` driver. */
export function betterSqlite3(Driver: typeof BetterSqlite3): OpenDatabase {
  return (path, readOnly) => {
    const database = coded(() => new Driver(path, { readonly: readOnly, timeout: 0 }));
    // Else nothing could run while a stream is read.
    database.unsafeMode(true);
    return new BetterDatabase(database);
  };
}

class BetterDatabase implements DriverDatabase {
  readonly #database: BetterSqlite3.Database;

  constructor(database: BetterSqlite3.Database) {
    this.#database = database;
  }

  get isOpen(): boolean {
    return this.#database.open;
  }

  get isTransaction(): boolean {
    return this.#database.inTransaction;
  }

  prepare(sql: string): DriverStatement {
    return coded(() => new BetterStatement(this.#database.prepare<unknown[], DriverValue[]>(sql)));
  }

  exec(sql: string): void {
    coded(() => this.#database.exec(sql));
  }

  close(): void {
    coded(() => this.#database.close());
  }

  function(
    name: string,
    options: { readonly deterministic: boolean },
    body: (...values: unknown[]) => string | number | null,
  ): void {
    this.#database.function(name, { ...options }, spread(body));
  }

  aggregate(name: string, { start, step }: Aggregate): void {
    this.#database.aggregate(name, { start, step: (before: string | null, value) => step(before, value) });
  }
}

/** The driver takes the number of arguments from the function's `length`. */
function spread(body: (...values: unknown[]) => unknown): (...values: unknown[]) => unknown {
  return body.length === 1 ? (a) => body(a) : (a, b) => body(a, b);
}

/**
 * A statement whose integers are read as numbers, and as bigints once that was asked for. The driver rounds what a
 * number cannot hold and says nothing, so a number of that size is refused as Node's own driver does it.
 */
class BetterStatement implements DriverStatement {
  readonly #statement: BetterSqlite3.Statement<unknown[], DriverValue[]>;
  #big = false;

  constructor(statement: BetterSqlite3.Statement<unknown[], DriverValue[]>) {
    this.#statement = statement;
  }

  all(...values: SQLInputValue[]): unknown[] {
    const rows = coded(() => this.#statement.all(...buffered(values)));
    if (!this.#big) refuseRounded(rows);
    return rows;
  }

  get(...values: SQLInputValue[]): unknown {
    const row = coded(() => this.#statement.get(...buffered(values)));
    if (!this.#big && row !== undefined) refuseRounded([row]);
    return row;
  }

  run(...values: SQLInputValue[]): BetterSqlite3.RunResult {
    return coded(() => this.#statement.run(...buffered(values)));
  }

  iterate(...values: SQLInputValue[]): Iterator<unknown> {
    const rows = coded(() => this.#statement.iterate(...buffered(values)));
    return {
      next: () => coded(() => rows.next()),
      return: () => rows.return?.() ?? { done: true, value: undefined },
    };
  }

  columns(): readonly { readonly name: string | null }[] {
    return this.#statement.reader ? this.#statement.columns() : [];
  }

  setReturnArrays(enabled: boolean): void {
    if (this.#statement.reader) this.#statement.raw(enabled);
  }

  setReadBigInts(enabled: boolean): void {
    this.#big = enabled;
    this.#statement.safeIntegers(enabled);
  }
}

/** Throws where a number may be a rounded integer; a real number of that size is one of those. */
function refuseRounded(rows: readonly DriverValue[][]): void {
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] as DriverValue[];
    for (let i = 0; i < row.length; i += 1) {
      const value = row[i];
      if (typeof value !== "number" || (value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER))
        continue;
      throw Object.assign(new RangeError(`${value} may be an integer that a number cannot hold`), {
        code: "ERR_OUT_OF_RANGE",
      });
    }
  }
}

function buffered(values: SQLInputValue[]): unknown[] {
  return values.some(ArrayBuffer.isView) ? values.map(asBuffer) : values;
}

function asBuffer(value: SQLInputValue): unknown {
  if (!ArrayBuffer.isView(value) || Buffer.isBuffer(value)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** Primary result codes by the names that the driver gives them (https://www.sqlite.org/rescode.html). */
const primary: readonly string[] = (
  "OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL CANTOPEN PROTOCOL " +
  "EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB"
).split(" ");

/** Extended ones that mean something of their own here. */
const extended: Readonly<Record<string, number>> = {
  BUSY_SNAPSHOT: 517,
  CONSTRAINT_CHECK: 275,
  CONSTRAINT_FOREIGNKEY: 787,
  CONSTRAINT_NOTNULL: 1299,
  CONSTRAINT_PRIMARYKEY: 1555,
  CONSTRAINT_UNIQUE: 2067,
  CONSTRAINT_ROWID: 2579,
};

/** Runs `body`; an error of the database gets its number, as Node's own driver has it. */
function coded<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    const name =
      error instanceof Error && "code" in error ? /^SQLITE_(\w+)$/.exec(String(error.code))?.[1] : null;
    if (name === null || name === undefined) throw error;
    const number = extended[name] ?? primary.indexOf(name.split("_", 1)[0] ?? "");
    throw Object.assign(error as Error, { errcode: number });
  }
}
