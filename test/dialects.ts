/**
 * The one list of databases that tests run on. A test that means every database loops over `dialects` and asks
 * for capabilities, never for a name. `DIALECTS=sqlite,postgresql npm test` runs some of them.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dialect } from "../src/dialect/index.ts";
import { dialectFor } from "../src/dialect/registry.ts";

/** The servers that `test/servers.ts` knows how to find or start. */
export type ServerKind = "postgresql" | "mariadb";

/** One row of the matrix. */
export interface TestDialect {
  /** The id the dialect has in `op.on(…)` and options. */
  readonly name: string;
  /** Off until the dialect stands in `src/dialect`; then its tests are required everywhere. */
  readonly enabled: boolean;
  /** The server the tests need, or null where the database runs in process. */
  readonly server: ServerKind | null;
  /** The variable that holds the server's URL while tests run, and may be set to name one of your own. */
  readonly urlVariable: string | null;
}

/** Every database, the ones still to come included. */
export const matrix: readonly TestDialect[] = [
  { name: "sqlite", enabled: true, server: null, urlVariable: null },
  { name: "postgresql", enabled: false, server: "postgresql", urlVariable: "ATHANOR_TEST_POSTGRES_URL" },
  { name: "mariadb", enabled: false, server: "mariadb", urlVariable: "ATHANOR_TEST_MARIADB_URL" },
];

/** The databases of this run: the enabled ones, narrowed by `DIALECTS`. */
export const dialects: readonly TestDialect[] = select(matrix, process.env["DIALECTS"]);

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

/** An empty database that nobody else uses; `remove` drops it. */
export interface TemporaryDatabase {
  readonly url: string;
  remove(): Promise<void>;
}

/** Makes an empty database: a file in a folder of its own, or a database on the server. */
export async function temporaryDatabase(dialect: TestDialect): Promise<TemporaryDatabase> {
  const server = serverUrl(dialect);
  if (server === null) {
    const folder = await mkdtemp(join(tmpdir(), "athanor-db-"));
    const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
    return { url: `${dialect.name}:///${join(folder, "test.db")}`, remove };
  }
  const name = `athanor_${randomBytes(6).toString("hex")}`;
  await runOnServer(dialect, server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => runOnServer(dialect, server, `drop database ${name}`) };
}

async function runOnServer(dialect: TestDialect, server: string, sql: string): Promise<void> {
  const source = await (await loadDialect(dialect)).open(server);
  try {
    const connection = await source.acquire();
    await connection.query(sql);
    await connection.release();
  } finally {
    await source.close();
  }
}
