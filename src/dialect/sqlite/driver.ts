import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { AthanorError } from "../../errors/index.ts";
import type { Connection, ConnectionSource, ConnectOptions } from "../connection.ts";
import { SqliteConnection } from "./connection.ts";
import { decimalFunction, decimalKey } from "./decimal-key.ts";
import { cannotOpen, translateError } from "./errors.ts";
import { loadDriver } from "./load-driver.ts";
import { parseSqliteUrl } from "./url.ts";

const defaultBusyTimeout = 5000;
const defaultPoolSize = 5;

/** Opens the file a URL names, or a database in memory, which has one connection that users take in turn. */
export async function openSqlite(url: string, options: ConnectOptions = {}): Promise<ConnectionSource> {
  const { DatabaseSync: Database } = await loadDriver();
  const location = parseSqliteUrl(url);
  const readOnly = options.readOnly ?? location.readOnly;
  const timeout = options.busyTimeout ?? defaultBusyTimeout;
  const connect = (): DatabaseSync => {
    const path = location.path === null ? ":memory:" : resolve(location.path);
    const database = openFile(path, () => new Database(path, { readOnly, timeout }));
    prepareDatabase(database);
    return database;
  };
  return location.path === null
    ? new MemorySource(connect, options)
    : new FileSource(connect, options, options.poolSize ?? defaultPoolSize);
}

function openFile(path: string, open: () => DatabaseSync): DatabaseSync {
  if (path !== ":memory:" && !existsSync(dirname(path))) {
    throw cannotOpen(path, new Error("the folder does not exist"));
  }
  try {
    return open();
  } catch (error) {
    throw cannotOpen(path, error);
  }
}

/** A file that is no database is found out here rather than in the middle of something. */
function prepareDatabase(database: DatabaseSync): void {
  try {
    database.exec("PRAGMA foreign_keys = ON");
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
    database.function(decimalFunction, { deterministic: true }, decimalKey);
  } catch (error) {
    database.close();
    throw translateError(error, null);
  }
}

/** Connections to a file, kept for reuse. */
class FileSource implements ConnectionSource {
  readonly #connect: () => DatabaseSync;
  readonly #options: ConnectOptions;
  readonly #keep: number;
  readonly #idle: SqliteConnection[] = [];
  #closed = false;

  constructor(connect: () => DatabaseSync, options: ConnectOptions, keep: number) {
    this.#connect = connect;
    this.#options = options;
    this.#keep = keep;
  }

  async acquire(): Promise<Connection> {
    if (this.#closed) throw new AthanorError("DATABASE.CLOSED", { what: "engine" });
    return (
      this.#idle.pop() ??
      new SqliteConnection(this.#connect(), this.#options, (connection) => this.#giveBack(connection))
    );
  }

  #giveBack(connection: SqliteConnection): void {
    if (this.#closed || this.#idle.length >= this.#keep) connection.end();
    else this.#idle.push(connection);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) connection.end();
  }
}

/** The one connection of a database in memory; those who wait for it get it in turn. */
class MemorySource implements ConnectionSource {
  readonly #connect: () => DatabaseSync;
  readonly #options: ConnectOptions;
  readonly #waiting: (() => void)[] = [];
  #connection: SqliteConnection | null = null;
  #taken = false;
  #closed = false;

  constructor(connect: () => DatabaseSync, options: ConnectOptions) {
    this.#connect = connect;
    this.#options = options;
  }

  async acquire(): Promise<Connection> {
    if (this.#taken) await new Promise<void>((next) => this.#waiting.push(next));
    if (this.#closed) throw new AthanorError("DATABASE.CLOSED", { what: "engine" });
    this.#taken = true;
    this.#connection ??= new SqliteConnection(this.#connect(), this.#options, () => this.#giveBack());
    return this.#connection;
  }

  #giveBack(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else next();
    if (this.#closed) this.#connection?.end();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (!this.#taken) this.#connection?.end();
  }
}
