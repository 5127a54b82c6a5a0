import { AthanorError } from "../../errors/index.ts";
import type { Connection, ConnectionSource, ConnectOptions } from "../connection.ts";
import { PostgresqlConnection, pgSession, textParsers } from "./connection.ts";
import { translateError } from "./errors.ts";

const defaultPoolSize = 5;
const acquireTimeout = 30_000;

/** Loads an optional driver; its absence says what to install. */
async function load<M>(driver: string, loader: () => Promise<M>): Promise<M> {
  try {
    return await loader();
  } catch (cause) {
    throw new AthanorError("DATABASE.DRIVER_MISSING", { driver }, { cause });
  }
}

/** A pool of connections of the `pg` driver. `postgresql+driver://` is read as `postgresql://`. */
export async function openPostgresql(url: string, options: ConnectOptions = {}): Promise<ConnectionSource> {
  const { default: pg } = await load("pg", () => import("pg"));
  const pool = new pg.Pool({
    connectionString: url.replace(/^postgres(?:ql)?(?:\+\w+)?:/, "postgresql:"),
    max: options.poolSize ?? defaultPoolSize,
    connectionTimeoutMillis: acquireTimeout,
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on("error", () => undefined);
  return {
    async acquire(): Promise<Connection> {
      try {
        const client = await pool.connect();
        return new PostgresqlConnection(
          pgSession(client, (broken) => client.release(broken)),
          options,
        );
      } catch (error) {
        throw translateError(error, null);
      }
    },
    close: () => pool.end(),
  };
}

/** PostgreSQL inside the process: `pglite://` in memory, `pglite:///folder` kept in a folder. */
export async function openPglite(url: string, options: ConnectOptions = {}): Promise<ConnectionSource> {
  const { PGlite } = await load("@electric-sql/pglite", () => import("@electric-sql/pglite"));
  const path = decodeURIComponent(url.replace(/^pglite:(?:\/\/\/?)?/, ""));
  const database = await PGlite.create(path === "" || path === ":memory:" ? "memory://" : path);
  const turns = new Turns();
  return {
    async acquire(): Promise<Connection> {
      const done = await turns.take();
      return new PostgresqlConnection(
        {
          async query(sql, params) {
            const result = await database.query<unknown[]>(sql, [...params], {
              rowMode: "array",
              parsers: pgliteParsers,
            });
            return {
              columns: result.fields.map((field) => field.name),
              rows: result.rows as never,
              changes: result.affectedRows ?? 0,
              lastInsertId: null,
            };
          },
          release: done,
        },
        options,
      );
    },
    close: () => database.close(),
  };
}

/** Every type by the same rules as the other driver. */
const pgliteParsers: Record<number, (text: string) => unknown> = new Proxy(
  {},
  { get: (_, oid) => textParsers.getTypeParser(Number(oid)), has: () => true },
);

/** One connection, taken in turn. */
class Turns {
  #last: Promise<void> = Promise.resolve();

  async take(): Promise<() => void> {
    const before = this.#last;
    let done: () => void = () => undefined;
    this.#last = new Promise((resolve) => {
      done = resolve;
    });
    await before;
    return done;
  }
}
