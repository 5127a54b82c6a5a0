import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { AthanorError } from "../../errors/index.ts";
import type { Connection, ConnectionSource, ConnectOptions } from "../connection.ts";
import { SqliteConnection } from "./connection.ts";
import type { DriverDatabase } from "./driver-database.ts";
import { cannotOpen, translateError } from "./errors.ts";
import { registerFunctions } from "./functions.ts";
import { SqliteHandle } from "./handle.ts";
import { loadDriver } from "./load-driver.ts";
import { parseSqliteUrl } from "./url.ts";

const defaultPoolSize = 5;

/** Opens the file a URL names, or a database in memory, which has one connection that its users share. */
export async function openSqlite(url: string, options: ConnectOptions = {}): Promise<ConnectionSource> {
  const location = parseSqliteUrl(url);
  const open = await loadDriver(location.driver);
  const readOnly = options.readOnly ?? location.readOnly;
  const connect = (): SqliteHandle => {
    const path = location.path === null ? ":memory:" : resolve(location.path);
    const mustExist = location.mustExist || readOnly;
    const database = openFile(path, mustExist, () => open(path, readOnly));
    prepareDatabase(database);
    return new SqliteHandle(database, options);
  };
  return location.path === null
    ? new MemorySource(connect)
    : new FileSource(connect, options.poolSize ?? defaultPoolSize);
}

function openFile(path: string, mustExist: boolean, open: () => DriverDatabase): DriverDatabase {
  const trouble = path === ":memory:" ? null : troubleWith(path, mustExist);
  if (trouble !== null) throw cannotOpen(path, trouble);
  try {
    return open();
  } catch (error) {
    throw cannotOpen(path, error);
  }
}

/** What the driver would only call "unable to open database file". */
function troubleWith(path: string, mustExist: boolean): string | null {
  if (existsSync(path)) return statSync(path).isDirectory() ? "that is a folder" : null;
  if (!existsSync(dirname(path))) return "the folder does not exist";
  return mustExist ? "the file does not exist" : null;
}

/** A file that is no database is found out here rather than in the middle of something. */
function prepareDatabase(database: DriverDatabase): void {
  try {
    database.exec("PRAGMA foreign_keys = ON");
    registerFunctions(database);
    database.prepare("SELECT count(*) FROM sqlite_schema").all();
  } catch (error) {
    if (isBusy(error)) return; // somebody holds the file exclusively: the first statement will wait for it
    database.close();
    throw translateError(error, null);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (error.errcode as number) % 256 === 5;
}

/** Connections to a file, as many as are asked for; some are kept for reuse. */
class FileSource implements ConnectionSource {
  readonly #connect: () => SqliteHandle;
  readonly #keep: number;
  readonly #idle: SqliteHandle[] = [];
  #closed = false;

  constructor(connect: () => SqliteHandle, keep: number) {
    this.#connect = connect;
    this.#keep = keep;
  }

  async acquire(): Promise<Connection> {
    if (this.#closed) throw new AthanorError("DATABASE.CLOSED", { what: "engine" });
    return new SqliteConnection(this.#idle.pop() ?? this.#connect(), this.#giveBack);
  }

  readonly #giveBack = (handle: SqliteHandle): void => {
    if (this.#closed || this.#idle.length >= this.#keep) handle.end();
    else this.#idle.push(handle);
  };

  async close(): Promise<void> {
    this.#closed = true;
    for (const handle of this.#idle.splice(0)) handle.end();
  }
}

/**
 * The one handle of a database in memory. Its users share it statement by statement; while one of them has a
 * transaction open, the others wait.
 */
class MemorySource implements ConnectionSource {
  readonly #connect: () => SqliteHandle;
  #handle: SqliteHandle | null = null;
  #users = 0;
  #closed = false;

  constructor(connect: () => SqliteHandle) {
    this.#connect = connect;
  }

  async acquire(): Promise<Connection> {
    if (this.#closed) throw new AthanorError("DATABASE.CLOSED", { what: "engine" });
    this.#handle ??= this.#connect();
    this.#users += 1;
    return new SqliteConnection(this.#handle, this.#giveBack);
  }

  readonly #giveBack = (handle: SqliteHandle): void => {
    this.#users -= 1;
    if (this.#closed && this.#users === 0) handle.end();
  };

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#users === 0) this.#handle?.end();
  }
}
