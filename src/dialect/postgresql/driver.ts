import { existsSync } from "node:fs";
import type { PGlite } from "@electric-sql/pglite";
import type { ClientBase, Pool, PoolClient, PoolConfig } from "pg";
import { AthanorError } from "../../errors/index.ts";
import type { Connection, ConnectionSource, ConnectOptions } from "../connection.ts";
import { databaseError } from "../errors.ts";
import { ConnectionAges, type PoolLimits, poolExhausted, poolLimits } from "../pool-limits.ts";
import type { Destination, Encryption } from "../server-url.ts";
import { PostgresqlConnection, type PostgresqlSession, pgSession } from "./connection.ts";
import { connectError } from "./errors.ts";
import { StatementNames } from "./statement-names.ts";
import { textParsers } from "./text-parsers.ts";
import { type PostgresqlLocation, parsePgliteUrl, parsePostgresqlUrl } from "./url.ts";

type Driver = typeof import("pg");

/** Loads an optional driver; its absence says what to install. */
async function load<M>(driver: string, loader: () => Promise<M>): Promise<M> {
  try {
    return await loader();
  } catch (cause) {
    throw new AthanorError("DATABASE.DRIVER_MISSING", { driver }, { cause });
  }
}

/** A pool of connections of the `pg` driver. Throws `DATABASE.BAD_URL`. */
export async function openPostgresql(url: string, options: ConnectOptions = {}): Promise<ConnectionSource> {
  const location = parsePostgresqlUrl(url);
  const { default: driver } = await load("pg", () => import("pg"));
  return new PostgresqlSource(driver as Driver, location, options);
}

class PostgresqlSource implements ConnectionSource {
  readonly #driver: Driver;
  readonly #location: PostgresqlLocation;
  readonly #options: ConnectOptions;
  /** What the sessions that are ready keep prepared. */
  readonly #names = new WeakMap<ClientBase, StatementNames>();
  readonly #limits: PoolLimits;
  readonly #ages: ConnectionAges<PoolClient>;
  #encryption: Encryption | null | undefined;
  #pool: Pool;
  #closed = false;

  constructor(driver: Driver, location: PostgresqlLocation, options: ConnectOptions) {
    this.#driver = driver;
    this.#location = location;
    this.#options = options;
    this.#limits = poolLimits({
      ...(location.poolSize !== null && { poolSize: location.poolSize }),
      ...options,
    });
    this.#ages = new ConnectionAges(this.#limits);
    this.#encryption = location.encryption;
    this.#pool = this.#createPool();
  }

  #createPool(): Pool {
    const { most: max, timeout } = this.#limits;
    const pool = new this.#driver.Pool({ ...poolConfig(this.#location, this.#encryption, timeout), max });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    pool.on("error", () => undefined);
    return pool;
  }

  async acquire(): Promise<Connection> {
    if (this.#closed) throw new AthanorError("DATABASE.CLOSED", { what: "engine" });
    try {
      const client = await this.#connect();
      const known = this.#names.get(client);
      const names = known ?? new StatementNames();
      const giveBack = (broken: boolean): void => this.#giveBack(client, broken);
      const session = pgSession(client, names, giveBack, this.#location.prepare);
      if (known === undefined) await this.#prepare(client, session);
      return new PostgresqlConnection(session, this.#options);
    } catch (error) {
      throw connectError(error, destination(this.#location));
    }
  }

  #giveBack(client: PoolClient, broken: boolean): void {
    const { totalCount, waitingCount } = this.#pool;
    client.release(broken || (totalCount > this.#limits.size && waitingCount === 0));
  }

  async #connect(): Promise<PoolClient> {
    for (;;) {
      const client = await this.#take();
      if (!this.#ages.isOld(client)) return client;
      client.release(true);
    }
  }

  async #take(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      if (isTimeout(error) && this.#pool.totalCount >= this.#limits.most && this.#pool.idleCount === 0)
        throw databaseError("DATABASE.CONNECTION", { reason: poolExhausted(this.#limits) }, error);
      const isRefused = error instanceof Error && /server does not support SSL/.test(error.message);
      if (!isRefused || this.#encryption?.optional !== true) throw error;
      this.#encryption = null;
      const inTheClear = this.#createPool();
      await this.#pool.end();
      this.#pool = inTheClear;
      return this.#pool.connect();
    }
  }

  async #prepare(client: PoolClient, session: PostgresqlSession): Promise<void> {
    // One that breaks in somebody's hands says so to the next statement; without a listener it would end the process.
    client.on("error", () => undefined);
    try {
      await prepareSession(session, this.#location.settings, this.#options);
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.#names.set(client, session.names);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { totalCount, idleCount } = this.#pool;
    const ended = this.#pool.end();
    // What somebody still has is ended when it is given back; who waited for it here would wait for himself.
    if (totalCount === idleCount) await ended;
  }
}

/** Makes a session what the codecs count on, whatever the server, the database and the role have been set to. */
async function prepareSession(
  session: PostgresqlSession,
  settings: ReadonlyMap<string, string>,
  options: ConnectOptions,
): Promise<void> {
  const all = new Map([
    ["DateStyle", "ISO"],
    ["IntervalStyle", "iso_8601"],
    ["TimeZone", "UTC"],
    ["bytea_output", "hex"],
    ["extra_float_digits", "1"],
    ["standard_conforming_strings", "on"],
    ...settings,
  ]);
  if (options.busyTimeout !== undefined) all.set("lock_timeout", String(options.busyTimeout));
  if (options.readOnly === true) all.set("default_transaction_read_only", "on");
  const calls = [...all].map((_, i) => `set_config($${i * 2 + 1}, $${i * 2 + 2}, false)`);
  await session.query(`SELECT ${calls.join(", ")}`, [...all].flat(), null);
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /^timeout exceeded when trying to connect/.test(error.message);
}

function poolConfig(
  location: PostgresqlLocation,
  encryption: Encryption | null | undefined,
  timeout: number,
): PoolConfig {
  const { host, port, user, password, database, applicationName, options } = location;
  return {
    ...(host === null ? {} : { host }),
    ...(port === null ? {} : { port }),
    ...(user === null ? {} : { user }),
    ...(password === null ? {} : { password }),
    ...(database === null ? {} : { database }),
    ...(applicationName === null ? {} : { application_name: applicationName }),
    ...(options === null ? {} : { options }),
    ...(encryption === undefined ? {} : { ssl: encryption === null ? false : tlsOptions(encryption) }),
    ...(location.directTls ? { sslnegotiation: "direct" as const } : {}),
    ...(location.channelBinding ? { enableChannelBinding: true } : {}),
    client_encoding: "UTF8",
    connectionTimeoutMillis: shorter(location.connectTimeout ?? 0, timeout),
    allowExitOnIdle: true,
  };
}

/** Of two times the shorter; 0 is without end. */
function shorter(one: number, other: number): number {
  return one === 0 || other === 0 ? one + other : Math.min(one, other);
}

function tlsOptions({ verify, ca, cert, key }: Encryption): Exclude<PoolConfig["ssl"], boolean | undefined> {
  return {
    rejectUnauthorized: verify !== "none",
    ...(verify === "signer" ? { checkServerIdentity: () => undefined } : {}),
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
  };
}

/** Where the driver goes: what the URL does not say, it takes from the environment. */
function destination({ host, port, user, database }: PostgresqlLocation): Destination {
  const { env } = process;
  const name = user ?? env["PGUSER"] ?? null;
  return {
    host: host ?? env["PGHOST"] ?? "localhost",
    port: port ?? Number(env["PGPORT"] ?? 5432),
    user: name,
    database: database ?? env["PGDATABASE"] ?? name,
  };
}

/** PostgreSQL inside the process: `pglite://` in memory, `pglite:///folder` kept in a folder. Throws `DATABASE.BAD_URL`. */
export async function openPglite(url: string, options: ConnectOptions = {}): Promise<ConnectionSource> {
  const folder = parsePgliteUrl(url);
  if (options.readOnly === true && folder !== null && !existsSync(folder)) {
    throw databaseError("DATABASE.CONNECTION", { reason: `the folder does not exist: ${folder}` });
  }
  const { PGlite } = await load("@electric-sql/pglite", () => import("@electric-sql/pglite"));
  const database = await PGlite.create(folder ?? "memory://");
  const turns = new Turns();
  const patience = options.busyTimeout ?? poolLimits(options).timeout;
  useSameRules(database);
  const prepared = new Set<string>();
  /** This driver prepares nothing by itself: a statement without parameters is kept by SQL's own PREPARE. */
  const kept = async (sql: string, name: string): Promise<string> => {
    if (!prepared.has(name)) await database.exec(`PREPARE "${name}" AS ${sql}`);
    prepared.add(name);
    return `EXECUTE "${name}"`;
  };
  const names = new StatementNames();
  const session = (release: () => void): PostgresqlSession => ({
    names,
    async query(sql, params, name) {
      const text = name === null || params.length > 0 ? sql : await kept(sql, name);
      // Without parameters one message says it all; with them it takes six.
      const result =
        params.length === 0
          ? (await database.exec(text, { rowMode: "array" })).at(-1)
          : await database.query(text, [...params], { rowMode: "array" });
      return {
        columns: result?.fields.map((field) => field.name) ?? [],
        rows: (result?.rows ?? []) as never,
        changes: result?.affectedRows ?? 0,
        lastInsertId: null,
      };
    },
    release,
  });
  await prepareSession(
    session(() => undefined),
    new Map(),
    options,
  );
  return {
    async acquire(): Promise<Connection> {
      if (database.closed) throw new AthanorError("DATABASE.CLOSED", { what: "engine" });
      return new PostgresqlConnection(session(await turns.take(patience)), options);
    },
    close: async () => {
      if (!database.closed) await database.close();
    },
  };
}

/**
 * Every type by the same rules as the other driver: what this one would parse or print by rules of its own has to be
 * named type by type, and once for all, since rules that come with a query are put together with the others each time.
 */
function useSameRules({ parsers, serializers }: PGlite): void {
  for (const oid of Object.keys(parsers).map(Number)) parsers[oid] = textParsers.getTypeParser(oid);
  for (const oid of Object.keys(serializers).map(Number)) serializers[oid] = textOf;
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** One connection, taken in turn. */
class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Waits for those that came before, and answers what ends the turn. */
  async take(patience: number): Promise<() => void> {
    const before = this.#last;
    let done: () => void = () => undefined;
    const mine = new Promise<void>((resolve) => {
      done = resolve;
    });
    this.#last = before.then(() => mine);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const reason = `there is one connection in process, and nobody gave it back within ${patience / 1000} s`;
      timer = setTimeout(() => reject(databaseError("DATABASE.BUSY", { reason })), patience);
    });
    try {
      await Promise.race([before, late]);
    } catch (error) {
      done();
      throw error;
    } finally {
      clearTimeout(timer);
    }
    return done;
  }
}
