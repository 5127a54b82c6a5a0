import type { Connection, ConnectionSource, StatementEvent } from "../dialect/connection.ts";
import type { ConnectOptions, Dialect } from "../dialect/index.ts";
import { withPrefixes } from "../dialect/prefixes.ts";
import { loaderFor } from "../dialect/registry.ts";
import { AthanorError } from "../errors/index.ts";
import { moduleNamed } from "../model/index.ts";
import type { NamingConvention } from "../schema/index.ts";
import { maskUrl } from "../util/mask-url.ts";
import { formatStatement, writeToStandardError } from "./echo.ts";
import { usualPatience } from "./leaks.ts";

export type { StatementEvent } from "../dialect/connection.ts";

/** How an engine connects and what it says of its statements. */
export interface EngineOptions extends ConnectOptions {
  /**
   * Shows each statement with its parameters, its time and its rows: `true` on standard error, a function gets
   * each line. Default false.
   */
  readonly echo?: boolean | ((line: string) => void);
  /**
   * `prefix` has the tables of modules in the default schema under a prefix, though the database has schemas; as
   * MODULE_NAMING says of migrations. Default `schema`.
   */
  readonly moduleNaming?: "schema" | "prefix";
  /**
   * How `createAll` names constraints and indexes that have no name of their own; as `namingConvention` of
   * `athanor.config.ts` says of migrations.
   */
  readonly namingConvention?: Partial<NamingConvention>;
  /**
   * A process warning (`ATHANOR_LEAK`) tells of a Session that holds a connection for so many milliseconds without
   * using it, with the place where it was taken. Default 60 000, and 0, which is never, where `NODE_ENV` is
   * `production`.
   */
  readonly leakWarning?: number;
  /** Called for statements that take this long or longer, in milliseconds. */
  readonly slowQuery?: { readonly milliseconds: number; readonly log: (event: StatementEvent) => void };
}

/** A dialect and the connections to one database, once there are any. */
export interface OpenEngine {
  readonly dialect: Dialect;
  readonly source: ConnectionSource;
}

/** Where a database is and how it is spoken to. Nothing connects, and no driver is loaded, before the first use. */
export class Engine {
  /** The URL, its password hidden. */
  readonly url: string;
  /** After how many milliseconds a connection that is held and not used is warned of; 0 is never. */
  readonly leakWarning: number;
  /** How `createAll` names constraints; undefined where nobody said. */
  readonly namingConvention: Partial<NamingConvention> | undefined;
  readonly #address: string;
  readonly #options: ConnectOptions;
  readonly #load: () => Promise<Dialect>;
  #dialect: Promise<Dialect> | null = null;
  #opening: Promise<OpenEngine> | null = null;
  #disposed = false;
  #opened: OpenEngine | null = null;

  constructor(url: string, options: EngineOptions = {}) {
    this.url = maskUrl(url);
    this.leakWarning = options.leakWarning ?? (process.env["NODE_ENV"] === "production" ? 0 : usualPatience);
    this.namingConvention = options.namingConvention;
    this.#address = url;
    const load = loaderFor(url);
    const isModule = (schema: string): boolean => moduleNamed(schema) !== undefined;
    this.#load = options.moduleNaming === "prefix" ? async () => withPrefixes(await load(), isModule) : load;
    this.#options = connectOptions(options);
  }

  /** What `open` gave, once it has; null of a disposed engine. */
  get opened(): OpenEngine | null {
    return this.#opened;
  }

  /** The dialect, loaded on first use. */
  get dialect(): Promise<Dialect> {
    this.#dialect ??= this.#load();
    return this.#dialect;
  }

  /** A connection of one's own; `release` gives it back. Rejects with `DATABASE.…` errors. */
  async connect(): Promise<Connection> {
    const { source } = await this.open();
    return source.acquire();
  }

  /** The dialect and the source of connections. Rejects with `DATABASE.CLOSED` after `dispose`. */
  open(): Promise<OpenEngine> {
    if (this.#disposed) return Promise.reject(new AthanorError("DATABASE.CLOSED", { what: "engine" }));
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<OpenEngine> {
    try {
      const dialect = await this.dialect;
      const source = await dialect.open(this.#address, this.#options);
      const open = { dialect: await dialectOfServer(dialect, source), source };
      if (!this.#disposed) this.#opened = open;
      return open;
    } catch (error) {
      this.#opening = null; // the next use tries again
      throw error;
    }
  }

  /** Ends every connection; the engine cannot be used afterwards. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#opened = null;
    const opening = this.#opening;
    this.#opening = null;
    if (opening === null) return;
    const open = await opening.catch(() => null);
    await open?.source.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

/** Where servers of one scheme differ, the server says which dialect it speaks. */
async function dialectOfServer(dialect: Dialect, source: ConnectionSource): Promise<Dialect> {
  if (dialect.serverDialect === undefined) return dialect;
  try {
    const connection = await source.acquire();
    try {
      return await dialect.serverDialect(connection);
    } finally {
      await connection.release();
    }
  } catch (error) {
    await source.close();
    throw error;
  }
}

/**
 * An engine for the database at `url`: `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite://` in memory.
 * Throws `DATABASE.UNKNOWN_SCHEME` where no dialect serves such URLs.
 */
export function createEngine(url: string, options: EngineOptions = {}): Engine {
  return new Engine(url, options);
}

function connectOptions(options: EngineOptions): ConnectOptions {
  const { echo, slowQuery, leakWarning: _, onStatement: own, ...rest } = options;
  const listeners: ((event: StatementEvent) => void)[] = [];
  if (own !== undefined) listeners.push(own);
  if (echo !== undefined && echo !== false) {
    const write = echo === true ? writeToStandardError : echo;
    listeners.push((event) => write(formatStatement(event)));
  }
  if (slowQuery !== undefined) {
    listeners.push((event) => {
      if (event.milliseconds >= slowQuery.milliseconds) slowQuery.log(event);
    });
  }
  if (listeners.length === 0) return rest;
  return { ...rest, onStatement: toAll(listeners) };
}

/** What has been done stays done, whatever those who watch make of it: the first of them to fail is warned of. */
function toAll(listeners: readonly ((event: StatementEvent) => unknown)[]): (event: StatementEvent) => void {
  let isWarned = false;
  const failed = (error: unknown): void => {
    if (isWarned) return;
    isWarned = true;
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.emitWarning(`Somebody who is told of statements failed: ${reason}`, { code: "ATHANOR_LISTENER" });
  };
  return (event) => {
    for (const listen of listeners) {
      try {
        const done = listen(event);
        if (done instanceof Promise) done.catch(failed);
      } catch (error) {
        failed(error);
      }
    }
  };
}
