import type {
  Connection,
  ConnectionSource,
  ConnectOptions,
  DesignDialect,
  Dialect,
} from "../dialect/index.ts";
import { withPrefixes } from "../dialect/prefixes.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import type { MigrationEvent } from "./events.ts";
import { History } from "./history.ts";
import { type ModuleState, ModuleStore } from "./module-store.ts";
import type { EnvironmentOptions } from "./options.ts";
import { Placement } from "./placement.ts";
import { VersionStore } from "./version-store.ts";
import { versionTables } from "./version-tables.ts";

/** What every command works with: the options, the database, the two tables. */
export class Context {
  readonly options: EnvironmentOptions;
  /** Between the names of files and models and those of the database. */
  readonly placement: Placement;
  /** What the database says of the project's modules, as it was last read. */
  states: readonly ModuleState[] = [];
  #dialect: Dialect;
  #store: VersionStore;
  #source: Promise<ConnectionSource> | null = null;
  /** Whether the server was asked what it is. */
  #bound = false;

  constructor(options: EnvironmentOptions, dialect: Dialect) {
    this.options = options;
    this.#dialect = prefixedAs(dialect, options);
    this.#store = this.#storeOf(dialect);
    this.placement = new Placement(this.#dialect.query.place);
  }

  /** The dialect that the URL names; once there was a connection, that of the very server behind it. */
  get dialect(): Dialect {
    return this.#dialect;
  }

  /** The two tables, in the words of the dialect. */
  get store(): VersionStore {
    return this.#store;
  }

  /** The table of modules, in the words of the dialect. */
  get modules(): ModuleStore {
    return new ModuleStore(this.#dialect, this.options.moduleTable);
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

  /** Reads which modules are installed, where the project has modules and the database can be asked. */
  async readStates(): Promise<void> {
    if ((this.options.modules ?? []).length === 0 || !this.hasDatabase) return;
    try {
      this.states = await this.withReader("module", (connection) => this.modules.read(connection));
    } catch (error) {
      // Whoever needs the database will say what is wrong with it.
      if (!isAthanorError(error)) throw error;
      this.states = [];
    }
  }

  /** The files, read anew. */
  history(): Promise<History> {
    const { root, versionLocations, modules = [] } = this.options;
    const folders = modules.map(({ folder }) => folder);
    const locations = [...new Set([...versionLocations, ...folders])];
    return History.read(root, locations, { placement: this.placement, modules, states: this.states });
  }

  async emit(event: MigrationEvent): Promise<void> {
    await this.options.onEvent?.(event);
  }

  /** Works with a connection, which is given back whatever happens. `command` is for the error without a database. */
  async withConnection<T>(command: string, work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#work(await this.#open(command), work);
  }

  async #work<T>(source: ConnectionSource, work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await source.acquire();
    try {
      await this.#bind(connection);
      return await work(connection);
    } finally {
      await connection.release();
    }
  }

  /** The same for work that only reads: a file that is not there is an error, and is not made. */
  async withReader<T>(command: string, work: (connection: Connection) => Promise<T>): Promise<T> {
    const { url, source, connect } = this.options;
    if (url === null || source !== undefined || this.#source !== null)
      return this.withConnection(command, work);
    const own = await this.dialect.open(url, { ...connect, readOnly: true });
    try {
      return await this.#work(own, work);
    } finally {
      await own.close();
    }
  }

  /**
   * The same for work that would like to know where the database stands and can do without: null where none is
   * configured, or it cannot be reached.
   */
  async withDatabaseIfAny<T>(
    command: string,
    work: (connection: Connection | null) => Promise<T>,
  ): Promise<T> {
    if (!this.hasDatabase) return work(null);
    let reached = false;
    try {
      return await this.withReader(command, (connection) => {
        reached = true;
        return work(connection);
      });
    } catch (error) {
      if (reached || !isAthanorError(error, "DATABASE.CONNECTION")) throw error;
      return work(null);
    }
  }

  #open(command: string): Promise<ConnectionSource> {
    if (this.options.source !== undefined) return Promise.resolve(this.options.source);
    const { url } = this.options;
    if (url === null) throw new AthanorError("MIGRATE.NO_DATABASE", { command });
    this.#source ??= this.dialect.open(url, this.#connect());
    return this.#source;
  }

  /** Where one lock serves all writers, waiting for it is the connection's own. */
  #connect(): ConnectOptions {
    const { connect = {}, run } = this.options;
    const busyTimeout = run?.lockTimeout ?? 0;
    return this.dialect.capabilities.concurrentWriters || busyTimeout === 0
      ? connect
      : { busyTimeout, ...connect };
  }

  /** Learns once which server answers, where servers of one scheme differ. */
  async #bind(connection: Connection): Promise<void> {
    if (this.#bound) return;
    const served = await this.#dialect.serverDialect?.(connection);
    this.#bound = true;
    if (served === undefined || served === this.#dialect) return;
    this.#dialect = served;
    this.#store = this.#storeOf(served);
  }

  #storeOf(dialect: Dialect): VersionStore {
    const { versionTable, logTable } = this.options;
    return new VersionStore(dialect, versionTables(versionTable, logTable));
  }

  /** Ends the connections that the context opened. */
  async close(): Promise<void> {
    const source = this.#source;
    this.#source = null;
    await (await source)?.close();
  }
}

/** The dialect, with tables of modules under a prefix where the host wants them so. */
function prefixedAs(dialect: Dialect, { modules = [], moduleNaming }: EnvironmentOptions): Dialect {
  if (moduleNaming !== "prefix") return dialect;
  const names = new Set(modules.flatMap(({ name, renamedFrom }) => [name, renamedFrom]));
  return withPrefixes(dialect, (schema) => names.has(schema));
}
