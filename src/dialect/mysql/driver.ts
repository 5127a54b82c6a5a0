import type { Pool, PoolConnection, PoolOptions, SslOptions } from "mysql2";
import { AthanorError } from "../../errors/index.ts";
import type { Connection, ConnectionSource, ConnectOptions } from "../connection.ts";
import { databaseError } from "../errors.ts";
import { ConnectionAges, type PoolLimits, poolExhausted, poolLimits } from "../pool-limits.ts";
import type { Destination, Encryption } from "../server-url.ts";
import { type ConnectionOwner, MysqlConnection } from "./connection.ts";
import { connectError } from "./errors.ts";
import { type DriverParts, MysqlSession, prepareSession } from "./session.ts";
import { type MysqlLocation, parseMysqlUrl, withUrlOptions } from "./url.ts";

type Driver = typeof import("mysql2");

const defaultConnectTimeout = 10_000;
/** The server keeps 16382 statements for all its sessions together. */
const keptStatements = 256;

async function loadDriver(): Promise<Driver> {
  try {
    const { default: driver } = await import("mysql2");
    return driver as Driver;
  } catch (cause) {
    throw new AthanorError("DATABASE.DRIVER_MISSING", { driver: "mysql2" }, { cause });
  }
}

/** A pool of connections of the `mysql2` driver. Throws `DATABASE.BAD_URL`. */
export async function openMysql(url: string, options: ConnectOptions = {}): Promise<ConnectionSource> {
  const location = parseMysqlUrl(url);
  return new MysqlSource(await loadDriver(), location, withUrlOptions(location, options));
}

class MysqlSource implements ConnectionSource, ConnectionOwner {
  readonly #driver: Driver;
  readonly #location: MysqlLocation;
  readonly #options: ConnectOptions;
  readonly #parts: DriverParts;
  readonly #prepared = new WeakSet<PoolConnection>();
  readonly #limits: PoolLimits;
  readonly #ages: ConnectionAges<PoolConnection>;
  /** Connections that are open, in use or not. */
  readonly #open = new Set<PoolConnection>();
  #waiting = 0;
  #encryption: Encryption | null;
  #pool: Pool;
  #closed = false;

  constructor(driver: Driver, location: MysqlLocation, options: ConnectOptions) {
    this.#driver = driver;
    this.#location = location;
    this.#options = options;
    this.#parts = { types: (driver as Partial<Driver>).TypedParameter };
    this.#limits = poolLimits(options);
    this.#ages = new ConnectionAges(this.#limits);
    this.#encryption = location.encryption;
    this.#pool = this.#createPool();
  }

  #createPool(): Pool {
    return this.#driver.createPool({
      ...connectOptions(this.#location, this.#encryption),
      connectionLimit: this.#limits.most,
    });
  }

  async acquire(): Promise<Connection> {
    if (this.#closed) throw new AthanorError("DATABASE.CLOSED", { what: "engine" });
    try {
      const client = await this.#connect();
      return new MysqlConnection(await this.#prepare(client), this, this.#options);
    } catch (error) {
      if (this.#closed) throw new AthanorError("DATABASE.CLOSED", { what: "engine" }, { cause: error });
      throw connectError(error, destination(this.#location));
    }
  }

  async #connect(): Promise<PoolConnection> {
    for (;;) {
      const client = await this.#take();
      if (!this.#ages.isOld(client)) return client;
      this.#destroy(client);
    }
  }

  #destroy(client: PoolConnection): void {
    this.#open.delete(client);
    client.destroy();
  }

  async #take(): Promise<PoolConnection> {
    try {
      return await this.#fromPool();
    } catch (error) {
      const fallBack = this.#encryption?.optional === true && codeOf(error) === "HANDSHAKE_NO_SSL_SUPPORT";
      if (!fallBack) throw error;
      this.#encryption = null;
      this.#pool.end(() => undefined);
      this.#pool = this.#createPool();
      return this.#fromPool();
    }
  }

  #fromPool(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const { timeout } = this.#limits;
      this.#waiting += 1;
      const late = (): void => {
        isLate = true;
        this.#waiting -= 1;
        reject(databaseError("DATABASE.CONNECTION", { reason: poolExhausted(this.#limits) }));
      };
      const timer = timeout === 0 ? undefined : setTimeout(late, timeout);
      this.#pool.getConnection((error, client) => {
        clearTimeout(timer);
        if (isLate) return client?.release();
        this.#waiting -= 1;
        if (error !== null) reject(error);
        else resolve(client);
      });
    });
  }

  async #prepare(client: PoolConnection): Promise<MysqlSession> {
    keepProgramAlive(client, true);
    const session = new MysqlSession(client, this.#parts);
    if (this.#prepared.has(client)) return session;
    this.#open.add(client);
    client.once("end", () => this.#open.delete(client));
    // The pool listens to one error only; another without a listener would end the process.
    client.on("error", () => undefined);
    try {
      await prepareSession(session, this.#location.collation, this.#options);
    } catch (error) {
      this.#destroy(client);
      throw error;
    }
    this.#prepared.add(client);
    return session;
  }

  giveBack({ client }: MysqlSession, broken: boolean): void {
    keepProgramAlive(client, false);
    if (broken || (this.#open.size > this.#limits.size && this.#waiting === 0)) this.#destroy(client);
    else client.release();
  }

  async cancel({ client }: MysqlSession): Promise<void> {
    const options = connectOptions(this.#location, this.#encryption);
    const other = this.#driver.createConnection(options).promise();
    try {
      await other.query(`KILL QUERY ${client.threadId}`);
    } finally {
      await other.end();
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await new Promise<void>((resolve) => this.#pool.end(() => resolve()));
  }
}

/** A connection that nobody uses does not keep the program from ending. */
function keepProgramAlive(client: PoolConnection, inUse: boolean): void {
  const { stream } = client as unknown as { stream?: { ref?(): void; unref?(): void } };
  if (inUse) stream?.ref?.();
  else stream?.unref?.();
}

function connectOptions(location: MysqlLocation, encryption: Encryption | null): PoolOptions {
  return {
    ...(location.socket === null
      ? { host: location.host, port: location.port }
      : { socketPath: location.socket }),
    user: location.user,
    ...(location.password === null ? {} : { password: location.password }),
    ...(location.database === null ? {} : { database: location.database }),
    ...(encryption === null ? {} : { ssl: tlsOptions(encryption) }),
    connectTimeout: location.connectTimeout ?? defaultConnectTimeout,
    charset: "utf8mb4",
    // An UPDATE counts the rows it found, whether they changed or not; files of this machine are nobody's business.
    flags: ["FOUND_ROWS", "-LOCAL_FILES", "-IGNORE_SPACE"],
    maxPreparedStatements: keptStatements,
    rowsAsArray: true,
    supportBigNumbers: true,
    dateStrings: true,
    jsonStrings: true,
  };
}

function tlsOptions({ verify, ca, cert, key }: Encryption): SslOptions {
  return {
    rejectUnauthorized: verify !== "none",
    verifyIdentity: verify === "host",
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
  };
}

function destination({ host, port, socket, user, database }: MysqlLocation): Destination {
  return { host: socket ?? host, port, user, database };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : null;
}
