import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import type {
  Capabilities,
  Connection,
  DesignDialect,
  Dialect,
  DriverValue,
  InspectOptions,
} from "../../src/dialect/index.ts";
import type { Rename } from "../../src/diff/index.ts";
import { inspectDatabase } from "../../src/inspect/index.ts";
import type {
  Environment,
  EnvironmentOptions,
  MigrationEvent,
  ModelSource,
} from "../../src/migrate/index.ts";
import { openEnvironment } from "../../src/migrate/index.ts";
import type { Schema } from "../../src/schema/index.ts";
import { emptySchema } from "../../src/schema/index.ts";
import { dialects, loadDialect, matrix, type TestDialect, temporaryDatabase } from "../dialects.ts";
import { folderOfDatabases } from "../temporary.ts";

const source = join(import.meta.dirname, "../../src");

const inProcess = matrix.find((row) => row.server === null) as TestDialect;

type Client = (url: string) => { readonly command: string; readonly args: readonly string[] };

/** A client that is written here, for databases in process: it reads standard input as the others do. */
function inline(code: (path: string) => string): Client {
  return (url) => ({
    command: process.execPath,
    args: [
      "--input-type=module",
      "--eval",
      `import { readFileSync } from "node:fs"; const sql = readFileSync(0, "utf8"); ${code(JSON.stringify(url.replace(/^\w+:\/\/\//, "")))}`,
    ],
  });
}

/** The client of MySQL and MariaDB: either understands both. */
const mysqlClient: Client = (url) => {
  const { hostname, port, username, password, pathname } = new URL(url);
  const login = [`--user=${decodeURIComponent(username)}`, `--password=${decodeURIComponent(password)}`];
  return {
    command: "mariadb",
    args: [
      "--no-defaults",
      "--protocol=tcp",
      `--host=${hostname}`,
      `--port=${port || "3306"}`,
      ...login,
      pathname.slice(1),
    ],
  };
};

/** The clients that run scripts, each reading standard input. */
const clients: Readonly<Record<string, Client>> = {
  postgresql: (url) => ({ command: "psql", args: ["--no-psqlrc", "--quiet", "--dbname", url] }),
  mariadb: mysqlClient,
  mysql: mysqlClient,
  sqlite: inline(
    (path) => `import { DatabaseSync } from "node:sqlite"; new DatabaseSync(${path}).exec(sql);`,
  ),
  pglite: inline(
    (path) =>
      `import { PGlite } from "@electric-sql/pglite"; const db = new PGlite(${path}); await db.exec(sql); await db.close();`,
  ),
};

/** The databases of this run, with what each can do. */
const loaded = await Promise.all(
  dialects.map(async (row) => ({ row, capabilities: (await loadDialect(row)).capabilities })),
);

/** A test on a project of its own, once for each database that can do what it needs. */
export function onEvery(
  name: string,
  work: (project: Project, t: TestContext) => Promise<void>,
  needs: (capabilities: Capabilities) => boolean = () => true,
): void {
  for (const { row, capabilities } of loaded) {
    if (!needs(capabilities)) continue;
    test(`${name} (${row.name})`, async (t) => work(await Project.make((end) => t.after(end), row), t));
  }
}

/** A project in a folder of its own, with an empty database, both removed when the test is over. */
export class Project {
  readonly root: string;
  readonly url: string;
  readonly dialect: Dialect;
  readonly #on: TestDialect;
  readonly events: MigrationEvent[] = [];
  /** What the models are now; null for a project without any. */
  models: Schema | null = emptySchema;
  /** The renames that the models say. */
  renames: readonly Rename[] = [];

  private constructor(root: string, url: string, dialect: Dialect, on: TestDialect) {
    this.#on = on;
    this.root = root;
    this.url = url;
    this.dialect = dialect;
  }

  /**
   * Makes the folder; `athanor/migrations` resolves in it as in a user's project. Where the database runs in process
   * it is the file `app.db` there.
   */
  static async make(
    onEnd: (work: () => Promise<void>) => void,
    on: TestDialect = inProcess,
  ): Promise<Project> {
    const root = await mkdtemp(join(folderOfDatabases(), "athanor-migrate-"));
    onEnd(() => rm(root, { recursive: true, force: true }));
    let url = `${on.name}:///${join(root, "app.db")}`;
    if (on.server !== null) {
      const database = await temporaryDatabase(on);
      onEnd(() => database.remove());
      url = database.url;
    }
    const project = new Project(root, url, await loadDialect(on), on);
    await project.write(
      "node_modules/athanor/package.json",
      '{ "name": "athanor", "type": "module", "exports": { "./migrations": "./migrations.js" } }',
    );
    const entry = pathToFileURL(join(source, "migrations.ts")).href;
    await project.write("node_modules/athanor/migrations.js", `export * from ${JSON.stringify(entry)};`);
    await project.write("package.json", '{ "type": "module" }');
    return project;
  }

  /** An empty one on the same kind of database. */
  another(onEnd: (work: () => Promise<void>) => void): Promise<Project> {
    return Project.make(onEnd, this.#on);
  }

  /** The same files, with another database. */
  at(url: string): Project {
    return new Project(this.root, url, this.dialect, this.#on);
  }

  /** Whether the database is one of many on a server. */
  get onServer(): boolean {
    return this.#on.server !== null;
  }

  get versions(): string {
    return join(this.root, "migrations/versions");
  }

  get database(): string {
    return join(this.root, "app.db");
  }

  /** Writes a file; folders are made. */
  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), text);
  }

  /** A migration file by hand. */
  async migration(
    revision: string,
    down: string | readonly string[] | null,
    body: MigrationBody,
  ): Promise<void> {
    await this.write(
      `migrations/versions/${revision}.ts`,
      `import { migration, t } from "athanor/migrations";

export default migration({
  revision: ${JSON.stringify(revision)},
  downRevision: ${JSON.stringify(down)},
  branchLabels: ${JSON.stringify(body.labels ?? [])},
  dependsOn: ${JSON.stringify(body.dependsOn ?? [])},
  message: ${JSON.stringify(body.message ?? revision)},
  ${body.header ?? ""}
  upgrade(op) {
    ${body.upgrade ?? ""}
  },
  downgrade(op) {
    ${body.downgrade ?? ""}
  },
});

export const types = t;
`,
    );
  }

  /** The files of the history, by name. */
  async files(): Promise<string[]> {
    const names = await readdir(this.versions).catch(() => []);
    return names.sort();
  }

  read(path: string): Promise<string> {
    return readFile(join(this.root, path), "utf8");
  }

  /** An environment on the project's database; close it. */
  open(options: Partial<EnvironmentOptions> = {}): Promise<Environment> {
    return openEnvironment({
      root: this.root,
      dialect: this.dialect,
      url: this.url,
      versionLocations: [this.versions],
      ...(this.models && { models: () => this.#readModels() }),
      onEvent: (event) => {
        this.events.push(event);
      },
      ...options,
    });
  }

  async #readModels(): Promise<ModelSource> {
    return { schema: this.models ?? emptySchema, renames: this.renames };
  }

  /** Works with an environment that is closed afterwards. */
  async with<T>(
    work: (environment: Environment) => Promise<T>,
    options: Partial<EnvironmentOptions> = {},
  ): Promise<T> {
    await using environment = await this.open(options);
    return await work(environment);
  }

  /** The dialect of the very server. */
  server(): Promise<Dialect> {
    return this.#connected(
      async (connection) => (await this.dialect.serverDialect?.(connection)) ?? this.dialect,
    );
  }

  /** Runs a statement on the project's database; answers its rows. */
  async sql(sql: string, params: readonly DriverValue[] = []): Promise<readonly (readonly DriverValue[])[]> {
    return this.#connected(async (connection) => (await connection.query(sql, params)).rows);
  }

  /** Works with a connection and the dialect's design half. */
  async connected<T>(work: (connection: Connection, design: DesignDialect) => Promise<T>): Promise<T> {
    const design = await this.dialect.design();
    return this.#connected((connection) => work(connection, design));
  }

  async #connected<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connections = await this.dialect.open(this.url);
    try {
      const connection = await connections.acquire();
      try {
        return await work(connection);
      } finally {
        await connection.release();
      }
    } finally {
      await connections.close();
    }
  }

  /** Works while somebody else holds the lock of migrations. */
  holdLock(work: () => Promise<void>): Promise<void> {
    return this.#connected(async (connection) => {
      const { tryLock } = await this.dialect.design();
      const release = await tryLock?.(connection, "athanor_version");
      if (tryLock === undefined) await connection.begin({ immediate: true });
      await work();
      await release?.();
      if (connection.inTransaction) await connection.rollback();
    });
  }

  /** What the database has, the record of migrations aside. */
  async catalog(options: InspectOptions = {}): Promise<Schema> {
    const found = await this.#connected((connection) => inspectDatabase(this.dialect, connection, options));
    return { ...found, tables: found.tables.filter((table) => !table.name.startsWith("athanor_")) };
  }

  /** The names of its tables, the record of migrations aside. */
  async tables(): Promise<string[]> {
    return (await this.catalog()).tables.map((table) => table.name);
  }

  /** Runs a script with the database's own client, as an administrator would; answers its exit code and its errors. */
  runScript(sql: string, args: readonly string[] = []): { readonly status: number; readonly errors: string } {
    const client = clients[this.#on.name];
    if (client === undefined) throw new Error(`${this.#on.name} has no client to run a script with`);
    const { command, args: own } = client(this.url);
    const done = spawnSync(command, [...own, ...args], { input: sql, encoding: "utf8" });
    if (done.error !== undefined) throw done.error;
    return { status: done.status ?? 1, errors: done.stderr };
  }

  /** A name in quotes. */
  quote(name: string): string {
    return this.dialect.query.quote(name);
  }

  /** The place of the n-th parameter of a statement, counted from 1. */
  placeholder(n: number): string {
    return this.dialect.query.placeholder(n);
  }

  /** Everything the database says of itself, and its rows: to be compared before and after. */
  dump(): Promise<unknown> {
    return this.#connected(async (connection) => {
      const schema = await inspectDatabase(this.dialect, connection);
      const rows: unknown[] = [];
      for (const { name } of schema.tables) {
        const found = await connection.query(`SELECT * FROM ${this.quote(name)} ORDER BY 1`);
        rows.push([name, found.rows]);
      }
      return { schema, rows };
    });
  }
}

/** What of a migration file differs from an empty one. */
export interface MigrationBody {
  readonly upgrade?: string;
  readonly downgrade?: string;
  readonly message?: string;
  /** Further lines of the header. */
  readonly header?: string;
  readonly labels?: readonly string[];
  readonly dependsOn?: readonly string[];
}

/** Makes a migration to these models and applies it, after which there is nothing more to do, wherever one looks. */
export async function migrateTo(
  models: Schema,
  message: string,
  project: Project,
  environment: Environment,
): Promise<void> {
  project.models = models;
  await environment.makeMigrations({ message });
  await environment.upgrade();
  for (const from of ["database", "history"] as const) {
    const again = await environment.makeMigrations({ from });
    assert.deepEqual([again.outcome, again.differences], ["no changes", []], `${message} ${from}`);
  }
  assert.equal((await environment.check()).ok, true);
}
