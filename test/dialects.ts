/**
 * The one list of databases that tests run on. A test that means every database loops over `dialects` and asks
 * for capabilities, never for a name. `DIALECTS=sqlite,postgresql npm test` runs some of them.
 */
import { randomBytes } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Connection, Dialect } from "../src/dialect/index.ts";
import { dialectFor } from "../src/dialect/registry.ts";
import { folderOfDatabases } from "./temporary.ts";

/** The servers that `test/servers.ts` knows how to find or start. */
export type ServerKind = "postgresql" | "mariadb";

/** One row of the matrix. */
export interface TestDialect {
  /** The id the dialect has in `op.on(…)` and options. */
  readonly name: string;
  /** Off where its tests are not required: until the dialect stands in `src/dialect`, or without a server given. */
  readonly enabled: boolean;
  /** Whether all tests that mean every database run on it, or the laws alone: what it shares is tested beside it. */
  readonly everywhere: boolean;
  /** The server the tests need, or null where the database runs in process. */
  readonly server: ServerKind | null;
  /** The variable that holds the server's URL while tests run, and may be set to name one of your own. */
  readonly urlVariable: string | null;
  /** The variable that holds an empty database to copy while tests run, where making one takes long. */
  readonly templateVariable: string | null;
}

/** Every database, the ones still to come included. */
export const matrix: readonly TestDialect[] = [
  {
    name: "sqlite",
    enabled: true,
    everywhere: true,
    server: null,
    urlVariable: null,
    templateVariable: null,
  },
  {
    name: "postgresql",
    enabled: true,
    everywhere: true,
    server: "postgresql",
    urlVariable: "ATHANOR_TEST_POSTGRES_URL",
    templateVariable: null,
  },
  {
    name: "pglite",
    enabled: true,
    everywhere: false,
    server: null,
    urlVariable: null,
    templateVariable: "ATHANOR_TEST_PGLITE_TEMPLATE",
  },
  {
    name: "mariadb",
    enabled: true,
    everywhere: true,
    server: "mariadb",
    urlVariable: "ATHANOR_TEST_MARIADB_URL",
    templateVariable: null,
  },
  {
    // Where somebody has one: it is in few distributions, and what it shares with MariaDB is tested there.
    name: "mysql",
    enabled: (process.env["ATHANOR_TEST_MYSQL_URL"] ?? "") !== "",
    everywhere: true,
    server: "mariadb",
    urlVariable: "ATHANOR_TEST_MYSQL_URL",
    templateVariable: null,
  },
];

/** The databases of this run: the enabled ones, narrowed by `DIALECTS`. */
export const dialects: readonly TestDialect[] = select(matrix, process.env["DIALECTS"]).filter(
  (dialect) => dialect.everywhere || process.env["DIALECTS"] !== undefined,
);

/** The databases that the laws hold on: all of them, narrowed by `DIALECTS`. */
export const lawDialects: readonly TestDialect[] = select(matrix, process.env["DIALECTS"]);

/** The rows of `all` that `filter` (names with commas between) asks for; every enabled one without a filter. */
export function select(all: readonly TestDialect[], filter: string | undefined): readonly TestDialect[] {
  const enabled = all.filter((dialect) => dialect.enabled);
  if (filter === undefined || filter.trim() === "") return enabled;
  return filter.split(",").map((wanted) => {
    const found = enabled.find((dialect) => dialect.name === wanted.trim());
    if (found) return found;
    throw new Error(`DIALECTS names "${wanted}", known are: ${enabled.map((d) => d.name).join(", ")}.`);
  });
}

/** The URL of the server for `dialect`, as `npm test` or the environment gave it; null in process. */
export function serverUrl(dialect: TestDialect): string | null {
  if (dialect.urlVariable === null) return null;
  const url = process.env[dialect.urlVariable];
  if (url !== undefined && url !== "") return url;
  throw new Error(
    `${dialect.urlVariable} is not set: run through \`npm test\`, or set it to a server of your own.`,
  );
}

/** The dialect itself, for its capabilities and whatever else a test asks of it. */
export function loadDialect(dialect: TestDialect): Promise<Dialect> {
  return dialectFor(dialect.name);
}

/** The dialect of the very server that the tests run on, where servers differ. */
export function loadServerDialect(row: TestDialect): Promise<Dialect> {
  return onServer(row, async (connection, dialect) => (await dialect.serverDialect?.(connection)) ?? dialect);
}

/** Works with a connection to the server of `row` as such, or to an empty database in process. */
export async function onServer<T>(
  row: TestDialect,
  work: (connection: Connection, dialect: Dialect) => Promise<T>,
): Promise<T> {
  const dialect = await loadDialect(row);
  const server = serverUrl(row);
  const own = server === null ? await temporaryDatabase(row) : null;
  const source = await dialect.open(server ?? (own as TemporaryDatabase).url);
  try {
    const connection = await source.acquire();
    try {
      return await work(connection, dialect);
    } finally {
      await connection.release();
    }
  } finally {
    await source.close();
    await own?.remove();
  }
}

/** An empty database that nobody else uses; `remove` drops it. */
export interface TemporaryDatabase {
  readonly url: string;
  /** Its file or folder; null on a server. */
  readonly path: string | null;
  remove(): Promise<void>;
}

/** Makes an empty database: a file in a folder of its own, or a database on the server. */
export async function temporaryDatabase(dialect: TestDialect): Promise<TemporaryDatabase> {
  const server = serverUrl(dialect);
  if (server === null) {
    const folder = await mkdtemp(join(folderOfDatabases(), "athanor-db-"));
    const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
    const place = join(folder, "test.db");
    const template = dialect.templateVariable === null ? undefined : process.env[dialect.templateVariable];
    if (template !== undefined && template !== "") await cp(template, place, { recursive: true });
    return { url: `${dialect.name}:///${place}`, path: place, remove };
  }
  const name = `athanor_${randomBytes(6).toString("hex")}`;
  const run = (sql: string): Promise<unknown> => onServer(dialect, (connection) => connection.query(sql));
  await run(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, path: null, remove: async () => void (await run(`drop database ${name}`)) };
}
