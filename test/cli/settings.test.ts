/** Every key of the configuration is obeyed: what a project notices of it. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, it } from "node:test";
import { type ConfigKeys, configSchema } from "../../src/config/index.ts";
import { CliProject, heroModel } from "./project.ts";

type Key = keyof ConfigKeys;
type Env = Readonly<Record<string, string>>;

let project: CliProject;

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command under these variables; it has to end well. */
function run(args: readonly string[], env: Env): Ran {
  const done = project.athanor(args, env);
  assert.equal(done.status, 0, `${args.join(" ")}\n${done.stdout}${done.stderr}`);
  return done;
}

function value(key: Key, env: Env): string {
  return run(["config", key], env).stdout.trim();
}

function url(env: Env): unknown {
  return (JSON.parse(run(["config", "--json"], env).stdout) as Record<string, unknown>)["databaseUrl"];
}

/** The text of the migration that would be made. */
function made(env: Env): string {
  return run(["makemigrations", "change the hero", "--dry-run"], { DB_NAME: "applied.db", ...env }).stdout;
}

/** Rows of a database of the project. */
function rows(name: string, sql: string): unknown[] {
  const database = new DatabaseSync(project.path(name), { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

const server: Env = { DB_ENGINE: "postgresql", DB_HOST: "db.example", DB_PORT: "6543", DB_NAME: "shop" };
const changed = heroModel
  .replace(".max(80)", ".max(90)")
  .replace("),\n}) {}", ", { serverDefault: \"'x'\" }),\n}) {}");

/** How much the log told on standard error. */
function told(env: Env, level: string): number {
  return run(["status"], env)
    .stderr.split("\n")
    .filter((line) => line.includes(level)).length;
}

/** An attempt to undo a migration while somebody else is at work; it fails. */
function besideSomebody(work: string, env: Env): Ran {
  run(["migrate"], { DB_NAME: "locked.db" });
  const holder = new DatabaseSync(project.path("locked.db"));
  try {
    for (const sql of work.split("; ")) holder.prepare(sql).all();
    const done = project.athanor(["rollback"], { DB_NAME: "locked.db", ...env });
    assert.equal(done.status, 3, done.stderr);
    return done;
  } finally {
    holder.close();
  }
}

/** What a program is given for its engine. */
function engineOption(name: string, env: Env): unknown {
  const program = `import { Config } from "athanor/config";
    console.log(JSON.stringify((await Config.load()).engineOptions));`;
  project.write("engine.ts", program);
  const done = project.node(["engine.ts"], env);
  assert.equal(done.status, 0, done.stderr);
  return (JSON.parse(done.stdout) as Record<string, unknown>)[name];
}

const keys: Readonly<Record<Key, () => void>> = {
  MIGRATION_SHADOW_URL() {
    const tried = project.athanor(["verify", "--no-models"], { MIGRATION_SHADOW_URL: "nowhere" });
    assert.match(tried.stderr, /MIGRATE\.NO_THROWAWAY/);
  },
  DEBUG() {
    assert.equal(told({ DEBUG: "false" }, "INFO"), 0);
    assert.ok(told({ DEBUG: "true" }, "INFO") > 0);
  },
  ENVIRONMENT() {
    project.write(".env.staging", "DB_NAME=staging.db\n");
    assert.equal(value("DB_NAME", { ENVIRONMENT: "staging" }), "staging.db");
    assert.equal(value("DB_NAME", { ENVIRONMENT: "production" }), "database.db");
  },
  PROJECT_NAME() {
    assert.match(run(["status"], { PROJECT_NAME: "Corner shop" }).stdout, /^project {3}Corner shop$/m);
  },
  SECRET_KEY() {
    assert.equal(value("SECRET_KEY", { SECRET_KEY: "k3y-of-shop" }), "***");
    const env = { SECRET_KEY: "k3y-of-shop", DB_NAME: "k3y-of-shop/x.db", LOGGING_FILE: "logs/secret.log" };
    project.athanor(["status"], env);
    assert.match(project.read("logs/secret.log"), /\*\*\*/);
    assert.doesNotMatch(project.read("logs/secret.log"), /k3y-of-shop/);
  },
  DATABASE_URL: () => assert.equal(url({ DATABASE_URL: "mysql://a@b/c" }), "mysql://a@b/c"),
  DB_ENGINE: () => assert.match(String(url({ ...server, DB_ENGINE: "mariadb" })), /^mariadb:\/\//),
  DB_HOST: () => assert.equal(url(server), "postgresql://db.example:6543/shop"),
  DB_PORT: () => assert.equal(url({ ...server, DB_PORT: "1" }), "postgresql://db.example:1/shop"),
  DB_USER: () => assert.equal(url({ ...server, DB_USER: "me" }), "postgresql://me@db.example:6543/shop"),
  DB_PASS() {
    const env = { ...server, DB_USER: "me", DB_PASS: "hunter2" };
    assert.equal(url(env), "postgresql://me:***@db.example:6543/shop");
    const program =
      'import { Config } from "athanor/config"; console.log((await Config.load()).databaseUrl);';
    project.write("url.ts", program);
    assert.match(project.node(["url.ts"], env).stdout, /me:hunter2@/);
  },
  DB_NAME() {
    run(["migrate"], { DB_NAME: "named.db" });
    assert.ok(readdirSync(project.root).includes("named.db"));
  },
  DATABASE_ECHO: () => assert.match(run(["status"], { DATABASE_ECHO: "yes" }).stderr, /SELECT .*-- \d/s),
  DATABASE_POOL_SIZE: () => assert.equal(engineOption("poolSize", { DATABASE_POOL_SIZE: "2" }), 2),
  DATABASE_MAX_OVERFLOW: () => assert.equal(engineOption("maxOverflow", { DATABASE_MAX_OVERFLOW: "3" }), 3),
  DATABASE_POOL_TIMEOUT: () =>
    assert.equal(engineOption("poolTimeout", { DATABASE_POOL_TIMEOUT: "4" }), 4000),
  DATABASE_POOL_RECYCLE: () =>
    assert.equal(engineOption("poolRecycle", { DATABASE_POOL_RECYCLE: "5" }), 5000),
  MIGRATION_DIR: () => assert.equal(run(["list"], { MIGRATION_DIR: "alembic" }).stdout, ""),
  MIGRATION_VERSIONS_PATH() {
    const done = run(["makemigrations", "one", "--empty"], { MIGRATION_VERSIONS_PATH: "revisions" });
    assert.match(done.stdout, /wrote migrations\/revisions\/\w+_one\.ts/);
  },
  MIGRATION_VERSION_TABLE() {
    run(["migrate"], { DB_NAME: "tables.db", MIGRATION_VERSION_TABLE: "alembic_version" });
    assert.equal(rows("tables.db", "SELECT * FROM alembic_version").length, 1);
  },
  MIGRATION_LOG_TABLE() {
    run(["migrate"], { DB_NAME: "log.db", MIGRATION_LOG_TABLE: "what_was_done" });
    assert.equal(rows("log.db", "SELECT * FROM what_was_done").length, 1);
  },
  MIGRATION_VERSION_TABLE_SCHEMA() {
    const sql = (env: Env): string => run(["migrate", "--sql"], { ...server, ...env }).stdout;
    assert.match(
      sql({ MIGRATION_VERSION_TABLE_SCHEMA: "ops" }),
      /"ops"\."athanor_version".*"ops"\."athanor_log"/s,
    );
    assert.doesNotMatch(sql({}), /"ops"/);
  },
  MIGRATION_COMPARE_TYPE() {
    assert.match(made({}), /varchar\(90\)/);
    assert.doesNotMatch(made({ MIGRATION_COMPARE_TYPE: "false" }), /varchar/);
  },
  MIGRATION_COMPARE_SERVER_DEFAULT() {
    assert.match(made({}), /default: /);
    assert.doesNotMatch(made({ MIGRATION_COMPARE_SERVER_DEFAULT: "off" }), /default: /);
  },
  MIGRATION_TIMEZONE() {
    assert.match(made({ MIGRATION_TIMEZONE: "Asia/Kathmandu" }), /createdAt: "[\d-]+T[\d:]+\+05:45"/);
    assert.match(made({}), /createdAt: "[\d-]+T[\d:]+Z"/);
  },
  MIGRATION_FILE_TEMPLATE() {
    const env = { MIGRATION_FILE_TEMPLATE: "{year}/{slug}-{revision}", MIGRATION_DIR: "elsewhere" };
    const done = run(["makemigrations", "one", "--empty", "--rev-id", "cccccccccccc"], env);
    assert.match(done.stdout, /wrote elsewhere\/versions\/\d{4}\/one-cccccccccccc\.ts/);
  },
  MIGRATION_SLUG_LENGTH() {
    const env = { MIGRATION_SLUG_LENGTH: "7", MIGRATION_DIR: "short" };
    const done = run(["makemigrations", "change the hero", "--empty", "--rev-id", "dddddddddddd"], env);
    assert.match(done.stdout, /dddddddddddd_change\.ts/);
  },
  MIGRATION_WAIT_TIMEOUT() {
    const env = { MIGRATION_WAIT_TIMEOUT: "0", MIGRATION_LOCK_TIMEOUT: "1" };
    const done = besideSomebody("BEGIN IMMEDIATE", env);
    assert.match(done.stderr, /MIGRATE\.LOCKED/);
    assert.match(done.stderr, /longer than 0 s/);
  },
  MIGRATION_LOCK_TIMEOUT() {
    const env = { MIGRATION_LOCK_TIMEOUT: "1", MIGRATION_LOCK_RETRIES: "0" };
    assert.match(besideSomebody("BEGIN; SELECT * FROM hero", env).stderr, /wait of 1 s[\s\S]*DATABASE\.BUSY/);
  },
  MIGRATION_LOCK_RETRIES() {
    const env = { MIGRATION_LOCK_TIMEOUT: "1", MIGRATION_LOCK_RETRIES: "1" };
    assert.match(
      besideSomebody("BEGIN; SELECT * FROM hero", env).stderr,
      /a lock was in the way; try 2 of 2/,
    );
  },
  MIGRATION_STATEMENT_TIMEOUT() {
    const done = project.athanor(["migrate"], { DB_NAME: "slow.db", MIGRATION_STATEMENT_TIMEOUT: "1" });
    assert.equal(done.status, 2);
    assert.match(done.stderr, /MIGRATE\.STATEMENT_TIMEOUT/);
  },
  MIGRATION_TRANSACTION() {
    for (const [mode, wanted] of [
      ["each", false],
      ["NONE", true],
    ] as const) {
      run(["migrate"], { DB_NAME: `${mode}.db`, MIGRATION_TRANSACTION: mode });
      assert.equal(readdirSync(project.root).includes(`${mode}.db-athanor-lock`), wanted);
    }
  },
  LOGGING_LEVEL() {
    assert.ok(told({ LOGGING_LEVEL: "info" }, "INFO") > 0);
    assert.equal(told({ LOGGING_LEVEL: "ERROR" }, "INFO"), 0);
  },
  LOGGING_FORMAT() {
    const env = {
      LOGGING_LEVEL: "INFO",
      LOGGING_FORMAT: "%(asctime)s - %(name)s - %(levelname)s - %(message)s",
    };
    assert.match(
      run(["status"], env).stderr,
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d - athanor\.config - INFO - Configuration initialized from: /m,
    );
  },
  LOGGING_FILE() {
    run(["status"], { LOGGING_FILE: "logs/here.log" });
    assert.match(project.read("logs/here.log"), /Configuration initialized/);
  },
  LOGGING_MAX_BYTES() {
    const env = { LOGGING_FILE: "logs/small/a.log", LOGGING_MAX_BYTES: "60" };
    for (const _ of [1, 2]) run(["status"], env);
    assert.ok(readdirSync(project.path("logs/small")).includes("a.log.1"));
  },
  LOGGING_BACKUP_COUNT() {
    const env = { LOGGING_FILE: "logs/few/a.log", LOGGING_MAX_BYTES: "60", LOGGING_BACKUP_COUNT: "1" };
    for (const _ of [1, 2, 3]) run(["status"], env);
    assert.deepEqual(readdirSync(project.path("logs/few")).sort(), ["a.log", "a.log.1"]);
  },
  AUTO_DISCOVER_MODELS() {
    // A file without a model in its own text is looked at only where every file is.
    const env = { MODEL_DISCOVERY_PATHS: "gathered", DB_NAME: "applied.db" };
    assert.match(project.athanor(["check"], env).stderr, /DISCOVERY\.NO_MODELS/);
    assert.equal(run(["diff", "--to", "models"], { ...env, AUTO_DISCOVER_MODELS: "0" }).status, 0);
  },
  MODEL_DISCOVERY_PATHS() {
    const done = run(["diff", "--from", "history"], { MODEL_DISCOVERY_PATHS: "models:villains" });
    assert.match(done.stdout, /villain/);
    assert.doesNotMatch(run(["diff", "--from", "history"], {}).stdout, /villain/);
  },
  EXCLUDE_PATHS() {
    const env = { MODEL_DISCOVERY_PATHS: "models,nested" };
    const without = run(["diff", "--from", "history"], { ...env, EXCLUDE_PATHS: "villains,venv" });
    assert.doesNotMatch(without.stdout, /villain/);
    const whole = run(["diff", "--from", "history"], { ...env, EXCLUDE_PATHS: "villain" });
    assert.match(whole.stdout, /villain/, "a part of a segment is none");
  },
  MODULE_PATHS() {
    const names = (env: Env): string => run(["module", "list", "--quiet"], env).stdout;
    assert.equal(names({}), "");
    assert.match(names({ MODULE_PATHS: "parts" }), /^stock /);
  },
  MODULES_ENABLED() {
    const env = { MODULE_PATHS: "parts" };
    assert.match(run(["module", "list"], { ...env, MODULES_ENABLED: "Stock" }).stdout, /^stock /);
    const done = project.athanor(["module", "list"], { ...env, SM_MODULES_ENABLED: "stocks" });
    assert.equal(done.status, 2);
    assert.match(done.stderr, /stocks/);
  },
  MODULE_NAMING() {
    const sql = (env: Env): string =>
      run(["migrate", "stock@head", "--sql"], { ...server, MODULE_PATHS: "parts", ...env }).stdout;
    assert.match(sql({}), /"stock"\."item"/);
    assert.match(sql({ MODULE_NAMING: "prefix" }), /"stock_item"/);
    assert.doesNotMatch(sql({ MODULE_NAMING: "prefix" }), /CREATE SCHEMA/);
  },
  DISCOVERY_TIMEOUT() {
    project.write("endless/hero.ts", `${heroModel}\nfor (;;);\n`);
    const env = { MODEL_DISCOVERY_PATHS: "endless", DISCOVERY_TIMEOUT: "1" };
    const done = project.athanor(["check"], env);
    assert.equal(done.status, 2, done.stderr);
    assert.match(done.stderr, /took longer than 1 s|1 second/);
  },
  DISCOVERY_CACHE() {
    const imported = (env: Env): boolean =>
      /imported=[1-9]/.test(run(["diff", "--from", "history"], { ...env, LOGGING_LEVEL: "INFO" }).stderr);
    imported({});
    assert.equal(imported({ DISCOVERY_CACHE: "true" }), false);
    assert.equal(imported({ DISCOVERY_CACHE: "no" }), true);
  },
  DISCOVERY_CACHE_DIR() {
    run(["diff", "--from", "history"], { DISCOVERY_CACHE_DIR: "kept/here" });
    assert.ok(readdirSync(project.path("kept/here")).includes("discovery.json"));
  },
};

describe("every key is obeyed", () => {
  before(() => {
    project = new CliProject({ "athanor.toml": "[general]\n", "models/hero.ts": heroModel });
    run(["makemigrations", "create hero", "--rev-id", "aaaaaaaaaaaa"], { DB_NAME: "applied.db" });
    run(["migrate"], { DB_NAME: "applied.db" });
    project.write("models/hero.ts", changed);
    project.write(
      "parts/stock/module.ts",
      'import { defineModule } from "athanor/modules";\nexport default defineModule({ name: "Stock" });\n',
    );
    project.write(
      "parts/stock/migrations/stock.ts",
      `import { migration, t } from "athanor/migrations";
export default migration({
  revision: "bbbbbbbbbbbb", downRevision: null, branchLabels: ["stock"], dependsOn: [], message: "stock",
  upgrade(op) {
    op.createNamespace("stock");
    op.createTable({ schema: "stock", name: "item" }, (table) => [table.column("id", t.integer())]);
  },
  downgrade() {},
});
`,
    );
    const villain = heroModel.replace("Hero", "Villain").replace('"hero"', '"villain"');
    for (const name of ["villains/villain.ts", "nested/villains/villain.ts"]) project.write(name, villain);
    project.write("nested/other.ts", "export {};\n");
    project.write("gathered/all.ts", 'export { Hero } from "../models/hero.ts";\n');
  });
  after(() => project.remove());

  for (const [section, schema] of Object.entries(configSchema)) {
    for (const key of Object.keys(schema.shape)) it(`[${section}] ${key}`, keys[key as Key]);
  }
});
