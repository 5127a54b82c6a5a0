import type { SQLInputValue } from "node:sqlite";

/** What is asked of a driver's statement; Node's own has it all. */
export interface DriverStatement {
  /** Rows as arrays, once `setReturnArrays` was called. */
  all(...values: SQLInputValue[]): unknown[];
  /** The first row, likewise; undefined where there is none. */
  get(...values: SQLInputValue[]): unknown;
  run(...values: SQLInputValue[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
  iterate(...values: SQLInputValue[]): Iterator<unknown>;
  columns(): readonly { readonly name: string | null }[];
  setReturnArrays(enabled: boolean): void;
  /** Integers as bigints; without it, one that no number holds is an `ERR_OUT_OF_RANGE`. */
  setReadBigInts(enabled: boolean): void;
}

/** What begins with `start`, and takes in one row's value after the other. */
export interface Aggregate {
  readonly start: null;
  readonly step: (before: string | null, value: unknown) => string | null;
}

/** What is asked of a driver's database; Node's own has it all. Errors have SQLite's result code as `errcode`. */
export interface DriverDatabase {
  readonly isOpen: boolean;
  readonly isTransaction: boolean;
  prepare(sql: string): DriverStatement;
  exec(sql: string): void;
  close(): void;
  function(
    name: string,
    options: { readonly deterministic: boolean },
    body: (...values: unknown[]) => string | number | null,
  ): void;
  /** A function over the values of many rows. */
  aggregate(name: string, options: Aggregate): void;
}

/** Opens the file at `path`, or a database of its own in memory for `:memory:`. */
export type OpenDatabase = (path: string, readOnly: boolean) => DriverDatabase;
