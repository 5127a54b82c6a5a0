import type { Connection, ConnectionSource, DesignDialect, Dialect } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import type { MigrationEvent } from "./events.ts";
import { History } from "./history.ts";
import type { EnvironmentOptions } from "./options.ts";
import { VersionStore } from "./version-store.ts";
import { versionTables } from "./version-tables.ts";

/** What every command works with: the options, the database, the two tables. */
export class Context {
  readonly options: EnvironmentOptions;
  readonly dialect: Dialect;
  readonly store: VersionStore;
  readonly lockTimeout: number;
  #source: Promise<ConnectionSource> | null = null;

  constructor(options: EnvironmentOptions, dialect: Dialect) {
    this.options = options;
    this.dialect = dialect;
    this.store = new VersionStore(dialect, versionTables(options.versionTable, options.logTable));
    this.lockTimeout = options.lockTimeout ?? 60_000;
  }

  /** The ids whose `op.on` blocks count: the dialect's own, then those it stands in for. */
  get dialectIds(): readonly string[] {
    return [this.dialect.id, ...(this.dialect.standsInFor ?? [])];
  }

  get hasDatabase(): boolean {
    return this.options.url !== null || this.options.source !== undefined;
  }

  now(): Date {
    return this.options.now?.() ?? new Date();
  }

  design(): Promise<DesignDialect> {
    return this.dialect.design();
  }

  /** The files, read anew. */
  history(): Promise<History> {
    return History.read(this.options.root, this.options.versionLocations);
  }

  async emit(event: MigrationEvent): Promise<void> {
    await this.options.onEvent?.(event);
  }

  /** Works with a connection, which is given back whatever happens. `command` is for the error without a database. */
  async withConnection<T>(command: string, work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await (await this.#open(command)).acquire();
    try {
      return await work(connection);
    } finally {
      await connection.release();
    }
  }

  /** The same, with null where no database is configured. */
  withDatabaseIfAny<T>(command: string, work: (connection: Connection | null) => Promise<T>): Promise<T> {
    return this.hasDatabase ? this.withConnection(command, work) : work(null);
  }

  #open(command: string): Promise<ConnectionSource> {
    if (this.options.source !== undefined) return Promise.resolve(this.options.source);
    const { url } = this.options;
    if (url === null) throw new AthanorError("MIGRATE.NO_DATABASE", { command });
    this.#source ??= this.dialect.open(url, this.options.connect);
    return this.#source;
  }

  /** Ends the connections that the context opened. */
  async close(): Promise<void> {
    const source = this.#source;
    this.#source = null;
    await (await source)?.close();
  }
}
