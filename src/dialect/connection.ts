/** A value a driver takes for a parameter or gives back from a row. */
export type DriverValue = null | string | number | bigint | boolean | Uint8Array | Date | object;

/** What a statement gave. Rows are arrays in the order of `columns`, which drivers read fastest. */
export interface Result {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly DriverValue[])[];
  /** Rows inserted, updated or deleted; 0 for a query. */
  readonly changes: number;
  /** The key the database numbered the last inserted row with, where it says so. */
  readonly lastInsertId: number | bigint | null;
}

/** How a transaction is begun. */
export interface TransactionOptions {
  readonly isolation?: "read uncommitted" | "read committed" | "repeatable read" | "serializable";
  readonly readOnly?: boolean;
  /** Take the write lock at once, where the database has one lock for all writers. */
  readonly immediate?: boolean;
}

/**
 * One session with a database. Statements run one after the other; errors are `DatabaseError`s of the closed
 * set in `dialect/errors.ts`, with the driver's own as cause.
 */
export interface Connection {
  /** Runs one statement; it is kept prepared by its text where the driver can. */
  query(sql: string, params?: readonly DriverValue[]): Promise<Result>;
  /**
   * The first row of a query, at once: null where there is none, undefined where something has to be waited for before
   * it can run. Absent where the driver always waits.
   */
  firstNow?(sql: string, params: readonly DriverValue[]): readonly DriverValue[] | null | undefined;
  /** Bytes can be a parameter of any type, in the form in which the server keeps it. Default: of bytes alone. */
  readonly takesBinary?: boolean;
  /**
   * Runs one statement for each list of parameters, one after the other, as `query` would; absent where that costs as
   * much as so many queries.
   */
  repeat?(sql: string, lists: readonly (readonly DriverValue[])[]): Promise<readonly Result[]>;
  /** Rows one batch at a time, at constant memory. `onColumns` is told the columns before the first row. */
  stream(
    sql: string,
    params?: readonly DriverValue[],
    onColumns?: (columns: readonly string[]) => void,
  ): AsyncIterable<readonly DriverValue[]>;
  begin(options?: TransactionOptions): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  savepoint(name: string): Promise<void>;
  releaseSavepoint(name: string): Promise<void>;
  rollbackToSavepoint(name: string): Promise<void>;
  readonly inTransaction: boolean;
  /** Gives the connection back to where it came from; an open transaction is rolled back first. */
  release(): Promise<void>;
}

/** Where connections come from: a pool, or a file. */
export interface ConnectionSource {
  acquire(): Promise<Connection>;
  /** Ends every connection; later calls of `acquire` fail. */
  close(): Promise<void>;
}

/** What is said of each statement that ran, for echo, slow-query logs and tracing. */
export interface StatementEvent {
  readonly sql: string;
  readonly params: readonly DriverValue[];
  readonly milliseconds: number;
  readonly rows: number;
  readonly error: unknown;
}

/** How to connect. */
export interface ConnectOptions {
  /** Called after each statement; a stream is one, or several where it is read in pieces. */
  readonly onStatement?: (event: StatementEvent) => void;
  /** Open for reading only: nothing can be written, and a missing file is an error rather than made. */
  readonly readOnly?: boolean;
  /**
   * How long to wait for a lock that somebody else holds, in milliseconds. Default 5000 for a file; what a server is
   * set to.
   */
  readonly busyTimeout?: number;
  /** Connections to a server that are kept at most; of a file's as well, which has as many as are asked for. Default 5. */
  readonly poolSize?: number;
  /** Connections to a server beyond those, closed once they are given back and nobody waits. Default 0. */
  readonly maxOverflow?: number;
  /** How long one is waited for while all are in use, in milliseconds; 0 is without end. Default 30 000. */
  readonly poolTimeout?: number;
  /** The age from which a connection to a server is replaced before it is used again, in milliseconds; 0, the default, is never. */
  readonly poolRecycle?: number;
}
