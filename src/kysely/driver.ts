import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from "kysely";
import type { DriverValue } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { returnsUpdates } from "../session/returning.ts";
import type { Session } from "../session/session.ts";
import type { SessionTransaction } from "../session/session-transaction.ts";
import { writes } from "./writes.ts";

type Row = readonly DriverValue[];

function objectOf(columns: readonly string[], row: Row): Record<string, unknown> {
  return Object.fromEntries(columns.map((name, at) => [name, row[at]]));
}

/** Runs Kysely's statements through a Session: on its connection, in its transaction, after what it has to flush. */
class SessionConnection implements DatabaseConnection {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async executeQuery<R>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<R>> {
    await this.#demandReturning(query);
    const isWriting = writes(query, sql);
    const result = await this.#session.execText(sql, parameters as Row, { writes: isWriting });
    const { columns, rows, changes, lastInsertId } = result;
    return {
      rows: rows.map((row) => objectOf(columns, row)) as R[],
      ...(isWriting ? { numAffectedRows: BigInt(changes) } : {}),
      ...(lastInsertId === null ? {} : { insertId: BigInt(lastInsertId) }),
    };
  }

  /** Some databases have no RETURNING, or none for every statement: what they would leave out is refused. */
  async #demandReturning(query: CompiledQuery["query"]): Promise<void> {
    const statement = statements[query.kind];
    if (statement === undefined || !("returning" in query) || query.returning === undefined) return;
    const { capabilities } = (await this.#session.engine.open()).dialect;
    const gives = statement === "update" ? returnsUpdates(capabilities) : capabilities.returning;
    if (!gives) throw new AthanorError("QUERY.NO_RETURNING", { statement });
  }

  /** Rows in chunks, at constant memory. What writes is not streamed: it is done before its first row is seen. */
  async *streamQuery<R>(
    { sql, parameters, query }: CompiledQuery,
    chunkSize = usualChunk,
  ): AsyncIterableIterator<QueryResult<R>> {
    if (writes(query, sql)) throw new AthanorError("QUERY.NO_KYSELY", { what: "streams of what writes" });
    let names: readonly string[] = [];
    let rows: R[] = [];
    const stream = this.#session.streamText(sql, parameters as Row, (columns) => {
      names = columns;
    });
    for await (const row of stream) {
      rows.push(objectOf(names, row) as R);
      if (rows.length < chunkSize) continue;
      yield { rows };
      rows = [];
    }
    if (rows.length > 0) yield { rows };
  }
}

/** Rows of a chunk unless Kysely says how many. */
const usualChunk = 100;

/** Statements that may give back the rows they write. */
const statements: Readonly<Record<string, "insert" | "update" | "delete">> = {
  InsertQueryNode: "insert",
  UpdateQueryNode: "update",
  DeleteQueryNode: "delete",
};

/** Kysely's driver over one Session. Its transactions are those of `session.begin()`: inside another one, savepoints. */
export class SessionDriver implements Driver {
  readonly #session: Session;
  readonly #connection: SessionConnection;
  readonly #open: SessionTransaction[] = [];
  readonly #savepoints = new Map<string, SessionTransaction>();

  constructor(session: Session) {
    this.#session = session;
    this.#connection = new SessionConnection(session);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async beginTransaction(
    _: DatabaseConnection,
    { isolationLevel, accessMode }: TransactionSettings,
  ): Promise<void> {
    if (isolationLevel === "snapshot") {
      throw new AthanorError("QUERY.NO_KYSELY", { what: "snapshot isolation" });
    }
    const transaction = await this.#session.begin({
      ...(isolationLevel === undefined ? {} : { isolation: isolationLevel }),
      ...(accessMode === undefined ? {} : { readOnly: accessMode === "read only" }),
    });
    this.#open.push(transaction);
  }

  async commitTransaction(): Promise<void> {
    await this.#open.pop()?.commit();
  }

  async rollbackTransaction(): Promise<void> {
    await this.#open.pop()?.rollback();
  }

  async savepoint(_: DatabaseConnection, name: string): Promise<void> {
    this.#savepoints.set(name, await this.#session.begin());
  }

  async releaseSavepoint(_: DatabaseConnection, name: string): Promise<void> {
    await this.#savepoints.get(name)?.commit();
  }

  async rollbackToSavepoint(_: DatabaseConnection, name: string): Promise<void> {
    await this.#savepoints.get(name)?.rollback();
  }

  async releaseConnection(): Promise<void> {}

  /** The Session is its owner's to close. */
  async destroy(): Promise<void> {}
}
