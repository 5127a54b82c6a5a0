import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { DriverValue } from "../../src/dialect/index.ts";
import { sqlite } from "../../src/dialect/sqlite/index.ts";
import type { Rename } from "../../src/diff/index.ts";
import type { Environment, EnvironmentOptions, MigrationEvent } from "../../src/migrate/index.ts";
import { openEnvironment } from "../../src/migrate/index.ts";
import type { Schema } from "../../src/schema/index.ts";
import { emptySchema } from "../../src/schema/index.ts";

const source = join(import.meta.dirname, "../../src");

/** A project in a folder of its own, with a database file, removed when the test is over. */
export class Project {
  readonly root: string;
  readonly events: MigrationEvent[] = [];
  /** What the models are now. */
  models: Schema = emptySchema;
  /** The renames that the models say. */
  renames: readonly Rename[] = [];

  private constructor(root: string) {
    this.root = root;
  }

  /** Makes the folder; `athanor/migrations` resolves in it as in a user's project. */
  static async make(onEnd: (work: () => Promise<void>) => void): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), "athanor-migrate-")));
    onEnd(() => rm(project.root, { recursive: true, force: true }));
    await project.write(
      "node_modules/athanor/package.json",
      '{ "name": "athanor", "type": "module", "exports": { "./migrations": "./migrations.js" } }',
    );
    const entry = pathToFileURL(join(source, "migrations.ts")).href;
    await project.write("node_modules/athanor/migrations.js", `export * from ${JSON.stringify(entry)};`);
    await project.write("package.json", '{ "type": "module" }');
    return project;
  }

  get versions(): string {
    return join(this.root, "migrations/versions");
  }

  get database(): string {
    return join(this.root, "app.db");
  }

  get url(): string {
    return `sqlite:///${this.database}`;
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
      dialect: sqlite,
      url: this.url,
      versionLocations: [this.versions],
      models: () => Promise.resolve({ schema: this.models, renames: this.renames }),
      onEvent: (event) => {
        this.events.push(event);
      },
      ...options,
    });
  }

  /** Works with an environment that is closed afterwards. */
  async with<T>(
    work: (environment: Environment) => Promise<T>,
    options: Partial<EnvironmentOptions> = {},
  ): Promise<T> {
    await using environment = await this.open(options);
    return await work(environment);
  }

  /** Runs a statement on the project's database; answers its rows. */
  async sql(sql: string, params: readonly DriverValue[] = []): Promise<readonly (readonly DriverValue[])[]> {
    const connections = await sqlite.open(this.url);
    try {
      const connection = await connections.acquire();
      const { rows } = await connection.query(sql, params);
      await connection.release();
      return rows;
    } finally {
      await connections.close();
    }
  }

  /** Everything the database says of itself, and its rows: to be compared before and after. */
  async dump(): Promise<unknown> {
    const objects = await this.sql("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name");
    const tables = objects.filter(([type, name]) => type === "table" && !String(name).startsWith("sqlite_"));
    const rows: unknown[] = [];
    for (const [, name] of tables)
      rows.push([name, await this.sql(`SELECT * FROM "${String(name)}" ORDER BY 1`)]);
    return { objects, rows };
  }
}

/** What of a migration file differs from an empty one. */
export interface MigrationBody {
  readonly upgrade?: string;
  readonly downgrade?: string;
  readonly message?: string;
  readonly labels?: readonly string[];
  readonly dependsOn?: readonly string[];
}
