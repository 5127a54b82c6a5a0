/** What the tests of connections have in common, whatever the database. */
import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Connection, ConnectionSource } from "../src/dialect/connection.ts";
import { DatabaseError, type DatabaseErrorCode } from "../src/dialect/errors.ts";
import type { DesignDialect, Dialect } from "../src/dialect/index.ts";
import {
  loadServerDialect,
  matrix,
  type TemporaryDatabase,
  type TestDialect,
  temporaryDatabase,
} from "./dialects.ts";

/** A database of its own on the server that is called `name`. */
export async function databaseOn(name: string): Promise<TemporaryDatabase> {
  const row = matrix.find((each) => each.name === name);
  assert.ok(row);
  return temporaryDatabase(row);
}

/** What is done with a connection. */
export type Body<T> = (connection: Connection, source: ConnectionSource) => Promise<T>;

/** Does something with one connection of `source`, and closes both. */
export async function on<T>(source: ConnectionSource, body: Body<T>): Promise<T> {
  try {
    const connection = await source.acquire();
    try {
      return await body(connection, source);
    } finally {
      await connection.release();
    }
  } finally {
    await source.close();
  }
}

/** For `assert.rejects`: an error of the database with that code. */
export function code(expected: DatabaseErrorCode): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof DatabaseError, String(error));
    assert.equal(error.code, expected, error.message);
    return true;
  };
}

let tables = 0;

/** A new table with these columns. */
export async function newTable(db: Connection, columns: string): Promise<string> {
  tables += 1;
  await db.query(`CREATE TABLE t${tables} (${columns})`);
  return `t${tables}`;
}

/** What an error of the database says of its place. */
export interface Seen {
  readonly code: string;
  readonly constraint: string | null;
  readonly table: string | null;
  readonly columns: readonly string[];
  readonly reason: string;
}

/** The error that `attempt` ends with; it has the driver's as its cause. */
export async function seen(attempt: Promise<unknown>): Promise<Seen> {
  const error: unknown = await attempt.then(
    () => assert.fail("it went well"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DatabaseError, String(error));
  assert.ok(error.cause instanceof Error);
  const { constraint, table, columns, reason } = error.fields as Seen;
  return { code: error.code, constraint, table, columns, reason };
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** In bytes, once what nobody needs is gone. */
export function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** A database of its own on `row`, the dialect of that very server, and a connection. */
export interface Workplace {
  readonly dialect: Dialect;
  readonly design: DesignDialect;
  readonly source: ConnectionSource;
  readonly connection: Connection;
  /** Takes all of it away. */
  readonly close: () => Promise<void>;
}

/** Makes the database and connects to it. */
export async function openWorkplace(row: TestDialect): Promise<Workplace> {
  const dialect = await loadServerDialect(row);
  const design = await dialect.design();
  const database = await temporaryDatabase(row);
  const source = await dialect.open(database.url);
  const connection = await source.acquire();
  const close = async (): Promise<void> => {
    await connection.release();
    await source.close();
    await database.remove();
  };
  return { dialect, design, source, connection, close };
}
