import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { isAthanorError } from "../errors/index.ts";
import { hookNames } from "../migrate/hooks.ts";
import { defaultNaming } from "../schema/naming.ts";
import { absoluteFileUrl } from "./database-url.ts";
import { loadConfig } from "./index.ts";

let root: string;

const write = (name: string, text: string): void => writeFileSync(join(root, name), text);

async function failure(
  code: string,
  work: Promise<unknown>,
): Promise<{ message: string; remedy: string; fields: Readonly<Record<string, unknown>> }> {
  try {
    await work;
  } catch (error) {
    assert.ok(isAthanorError(error), String(error));
    assert.equal(error.code, code);
    return {
      ...error,
      message: error.message,
      remedy: error.remedy,
      fields: error.fields as Record<string, unknown>,
    };
  }
  assert.fail(`${code} was expected`);
}

describe("the configuration", () => {
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "athanor-config-"));
    write("package.json", "{}");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("has defaults where nothing is said; a file's path counts from the project's root", async () => {
    const config = await loadConfig({ cwd: root, env: false });
    assert.equal(config.databaseUrl, `sqlite:///${root}/database.db`);
    assert.equal(config.values.migration.MIGRATION_VERSION_TABLE, "athanor_version");
    assert.equal(config.origins.get("DB_ENGINE"), "default");
  });

  it("reads TOML, YAML, JSON and TypeScript alike", async () => {
    const files = {
      "athanor.json": '{ "$schema": "x", "database": { "DB_NAME": "here.db" } }',
      "athanor.yaml": "database:\n  DB_NAME: here.db\n",
      "athanor.toml": '[database]\nDB_NAME = "here.db"\n',
      "athanor.config.ts": 'export default { database: { DB_NAME: "here.db" } };\n',
      "config.toml": '[server]\nport = 80\n[database]\nDB_NAME = "here.db"\n',
      "alembic.json": '{ "database": { "DB_NAME": "here.db" } }',
    };
    for (const [name, text] of Object.entries(files)) {
      write(name, text);
      const config = await loadConfig({ cwd: root, env: false });
      assert.match(config.databaseUrl, /here\.db$/, name);
      assert.equal(config.origins.get("DB_NAME"), name);
      rmSync(join(root, name));
    }
  });

  it("leaves shared files alone that hold no section of ours", async () => {
    write("config.json", '{ "server": { "port": 80 } }');
    assert.equal((await loadConfig({ cwd: root, env: false })).file, null);
  });

  it("takes the first of --url, environment, .env.local, .env, file", async () => {
    write("athanor.toml", '[database]\nDB_NAME = "file.db"\n');
    const name = async (env: Record<string, string> = {}, url?: string): Promise<string> =>
      (await loadConfig({ cwd: root, env, ...(url === undefined ? {} : { url }) })).databaseUrl
        .split("/")
        .at(-1)!;
    assert.equal(await name(), "file.db");
    write(".env", "DB_NAME=env.db\n");
    assert.equal(await name(), "env.db");
    write(".env.local", "DB_NAME=local.db\n");
    assert.equal(await name(), "local.db");
    assert.equal(await name({ DB_NAME: "process.db" }), "process.db");
    assert.equal(await name({ SM_DATABASE_URL: "sqlite:///alias.db" }), "alias.db");
    assert.equal(await name({ DB_NAME: "process.db" }, "sqlite:///flag.db"), "flag.db");
  });

  it("finds the file from a folder inside the project", async () => {
    write("athanor.toml", '[general]\nPROJECT_NAME = "here"\n');
    const config = await loadConfig({ cwd: root, env: false });
    assert.equal(config.root, root);
    assert.equal(config.values.general.PROJECT_NAME, "here");
  });

  it("names an unknown key with the nearest, a section too", async () => {
    write("athanor.toml", '[database]\nDB_NAM = "x"\n');
    assert.match(
      (await failure("CONFIG.UNKNOWN_KEY", loadConfig({ cwd: root, env: false }))).remedy,
      /DB_NAME/,
    );
    write("athanor.toml", '[databas]\nDB_NAME = "x"\n');
    assert.match(
      (await failure("CONFIG.UNKNOWN_KEY", loadConfig({ cwd: root, env: false }))).remedy,
      /\[database\]/,
    );
    write("athanor.toml", '[general]\nDB_NAME = "x"\n');
    assert.match(
      (await failure("CONFIG.UNKNOWN_KEY", loadConfig({ cwd: root, env: false }))).remedy,
      /DB_NAME in \[database\]/,
    );
  });

  it("refuses bad values, files that do not parse, and explicit files that are missing", async () => {
    write("athanor.toml", "[database]\nDB_PORT = 99999\n");
    await failure("CONFIG.BAD_VALUE", loadConfig({ cwd: root, env: false }));
    write("athanor.toml", "[database\n");
    await failure("CONFIG.FILE_UNREADABLE", loadConfig({ cwd: root, env: false }));
    await failure("CONFIG.FILE_MISSING", loadConfig({ cwd: root, file: "nowhere.toml", env: false }));
  });

  it("says the file and the line of what is wrong, in every format", async () => {
    const cases: readonly (readonly [string, string, number])[] = [
      ["athanor.toml", '# DB_PORT = 1\n[general]\nDEBUG = true\n\n[database]\nDB_PORT = "no"\n', 6],
      ["athanor.yaml", "general:\n  DEBUG: true\ndatabase:\n  # DB_PORT: 1\n  DB_PORT: 99999\n", 5],
      ["athanor.json", '{\n  "database": {\n    "DB_PORT": true\n  }\n}\n', 3],
      ["athanor.config.ts", "export default {\n  database: { DB_PORT: -1 },\n};\n", 2],
      [".env", "# DB_PORT=1\nDB_NAME=x\nDB_PORT=70000\n", 3],
    ];
    for (const [name, text, line] of cases) {
      write(name, text);
      const { fields } = await failure("CONFIG.BAD_VALUE", loadConfig({ cwd: root, env: {} }));
      const { file, line: said, key } = fields as { file: string; line: number; key: string };
      assert.deepEqual([file, said, key], [join(root, name), line, "DB_PORT"]);
      rmSync(join(root, name));
    }
  });

  it("says the line where a file does not parse", async () => {
    const cases = { "athanor.toml": "[database]\nDB_NAME = \n", "athanor.json": '{\n "database": {,}\n}' };
    for (const [name, text] of Object.entries({ ...cases, "athanor.yaml": "database:\n  - a\n  b: [\n" })) {
      write(name, text);
      const { fields } = await failure("CONFIG.FILE_UNREADABLE", loadConfig({ cwd: root, env: false }));
      assert.ok(((fields as { line: number | null }).line ?? 0) >= 2, `${name}: ${JSON.stringify(fields)}`);
      rmSync(join(root, name));
    }
  });

  it("refuses what cannot be read: a folder in a file's place, a file without sections", async () => {
    mkdirSync(join(root, ".env"));
    await failure("CONFIG.FILE_UNREADABLE", loadConfig({ cwd: root, env: {} }));
    write("athanor.json", "[1]");
    await failure("CONFIG.FILE_UNREADABLE", loadConfig({ cwd: root, env: false }));
    write("athanor.json", '{ "database": "sqlite" }');
    await failure("CONFIG.BAD_VALUE", loadConfig({ cwd: root, env: false }));
  });

  it("takes settings and hooks from files side by side, and refuses two values of one key", async () => {
    write("athanor.toml", '[database]\nDB_NAME = "a.db"\n');
    write("athanor.config.ts", "export default { includeObject: () => true, general: { DEBUG: true } };\n");
    const config = await loadConfig({ cwd: root, env: false });
    assert.deepEqual(Object.keys(config.hooks), ["includeObject"]);
    assert.equal(config.values.general.DEBUG, true);
    write("athanor.json", '{ "database": { "DB_NAME": "b.db" } }');
    const { fields } = await failure("CONFIG.DISAGREE", loadConfig({ cwd: root, env: false }));
    assert.deepEqual(fields, { key: "DB_NAME", first: "athanor.toml:2", second: "athanor.json:1" });
  });

  it("takes no wrong type for a right one", async () => {
    for (const [section, line] of [
      ["database", "DB_PORT = true"],
      ["database", "DB_PORT = 5432.5"],
      ["database", 'DATABASE_POOL_SIZE = "many"'],
      ["database", "DATABASE_POOL_SIZE = -1"],
      ["database", "DB_NAME = [1]"],
      ["general", 'DEBUG = "perhaps"'],
      ["general", "DEBUG = 1"],
      ["logging", 'LOGGING_LEVEL = "LOUD"'],
      ["logging", 'LOGGING_FORMAT = "%(nothing)s"'],
      ["migration", 'MIGRATION_TIMEZONE = "Mars/Olympus"'],
      ["discovery", "MODEL_DISCOVERY_PATHS = [1]"],
    ]) {
      write("athanor.toml", `[${section}]\n${line}\n`);
      await failure("CONFIG.BAD_VALUE", loadConfig({ cwd: root, env: false }));
    }
  });

  it("takes an empty text for nothing said, where it is no text itself", async () => {
    const env = { DB_PORT: "", DATABASE_POOL_SIZE: " ", AUTO_DISCOVER_MODELS: "", DB_PASS: "" };
    const { values } = await loadConfig({ cwd: root, env });
    assert.deepEqual(
      [values.database.DB_PORT, values.database.DATABASE_POOL_SIZE, values.discovery.AUTO_DISCOVER_MODELS],
      [undefined, 5, true],
    );
  });

  it("puts each .env file over those before it, by environment", async () => {
    write("athanor.toml", '[database]\nDB_NAME = "file"\n');
    const name = async (env: Record<string, string> = {}): Promise<string> =>
      (await loadConfig({ cwd: root, env })).values.database.DB_NAME;
    const order = [".env", ".env.local", ".env.production", ".env.production.local"];
    for (const file of order) {
      write(file, `DB_NAME=${file}\n`);
      assert.equal(await name({ ENVIRONMENT: "production" }), file);
    }
    assert.equal(await name(), ".env.local");
    write(".env.local", "ENVIRONMENT=production\n");
    assert.equal(await name(), ".env.production.local");
    assert.equal(await name({ DB_NAME: "process" }), "process");
  });

  it("says of a variable that is nearly a key which one was meant", async () => {
    write(".env", "OTHER=1\nDATABSE_URL=sqlite:///x.db\nDB_NAMES=x\nDEBUGS=1\n");
    const { warnings } = await loadConfig({ cwd: root, env: {} });
    assert.deepEqual(warnings, [
      ".env:2: DATABSE_URL is no key; did you mean DATABASE_URL?",
      ".env:3: DB_NAMES is no key; did you mean DB_NAME?",
    ]);
  });

  it("takes hooks by their names, each of its kind, and refuses any other with the nearest", async () => {
    const given = async (text: string): Promise<Awaited<ReturnType<typeof loadConfig>>> => {
      const file = join(mkdtempSync(join(root, "hooks-")), "athanor.config.mjs");
      writeFileSync(file, `export default ${text};\n`);
      return loadConfig({ cwd: root, file, env: false });
    };
    const all = hookNames.map((name) => (name === "namingConvention" ? `${name}: {}` : `${name}() {}`));
    assert.deepEqual(Object.keys((await given(`{ ${all.join(", ")} }`)).hooks), hookNames);
    const { naming } = await given('{ namingConvention: { ix: "idx_%(column_0_N_name)s" } }');
    assert.deepEqual(naming, { ...defaultNaming, ix: "idx_%(column_0_N_name)s" });
    assert.equal((await given("{}")).naming, undefined);
    const unknown = await failure("CONFIG.UNKNOWN_KEY", given("{\n  includeObjekt() {},\n}"));
    assert.equal(unknown.fields["nearest"], "includeObject");
    assert.equal(unknown.fields["line"], 2);
    for (const bad of [
      "{ includeName: true }",
      "{ namingConvention: () => 1 }",
      '{ namingConvention: { idx: "x" } }',
      '{ namingConvention: { ix: "" } }',
    ])
      await failure("CONFIG.BAD_VALUE", given(bad));
  });

  it("never tells a password in an error", async () => {
    write("athanor.toml", "[database]\nDB_PASS = [1]\n");
    const { message } = await failure("CONFIG.BAD_VALUE", loadConfig({ cwd: root, env: false }));
    assert.ok(message.includes("***"));
  });

  it("puts DATABASE_URL before the DB_ keys of its source, and higher parts before a lower URL", async () => {
    const load = (env: Record<string, string>): ReturnType<typeof loadConfig> =>
      loadConfig({ cwd: root, env });
    const url = "postgresql://user:pass@localhost/db";
    const both = await load({ DATABASE_URL: url, DB_ENGINE: "mysql", DB_HOST: "localhost", DB_NAME: "db" });
    assert.equal(both.databaseUrl, url);
    assert.deepEqual(both.warnings, ["environment: DATABASE_URL counts, DB_ENGINE beside it says otherwise"]);
    write("athanor.toml", `[database]\nDATABASE_URL = "${url}"\n`);
    assert.equal((await load({ DB_NAME: "x.db" })).databaseUrl, `sqlite:///${root}/x.db`);
    assert.equal((await load({ DB_PORT: "1" })).databaseUrl, url);
  });

  it("fills in the user and the password that a URL leaves out, and nothing else", async () => {
    const urlOf = async (url: string, env: Record<string, string>): Promise<string> =>
      (await loadConfig({ cwd: root, env: { DATABASE_URL: url, ...env } })).databaseUrl;
    const env = { DB_USER: "me", DB_PASS: "p:/" };
    assert.equal(await urlOf("postgresql://host:1/db?x=1", env), "postgresql://me:p%3A%2F@host:1/db?x=1");
    assert.equal(await urlOf("postgresql://me@host/db", env), "postgresql://me:p%3A%2F@host/db");
    assert.equal(await urlOf("postgresql://you@host/db", env), "postgresql://you@host/db");
    assert.equal(await urlOf("postgresql://a:b@host/db", env), "postgresql://a:b@host/db");
    assert.equal(await urlOf("sqlite:////srv/app.db", env), "sqlite:////srv/app.db");
    const flag = await loadConfig({ cwd: root, env, url: "postgresql://host/db" });
    assert.equal(flag.databaseUrl, "postgresql://host/db");
  });

  it("refuses an alias that says something else than the key", async () => {
    const env = { DATABASE_URL: "sqlite:///a.db", SM_DATABASE_URL: "sqlite:///b.db" };
    await failure("CONFIG.DISAGREE", loadConfig({ cwd: root, env }));
  });

  it("reads lists as lists or as text", async () => {
    const paths = async (text: string): Promise<readonly string[]> =>
      (await loadConfig({ cwd: root, env: { MODEL_DISCOVERY_PATHS: text } })).values.discovery
        .MODEL_DISCOVERY_PATHS;
    assert.deepEqual(await paths("models:app/models"), ["models", "app/models"]);
    assert.deepEqual(await paths(" a, b ;c,, "), ["a", "b", "c"]);
    assert.deepEqual(await paths("C:\\app:D:/b,src/{a,b}/*.ts"), ["C:\\app", "D:/b", "src/{a,b}/*.ts"]);
  });

  it("escapes what a URL cannot hold", async () => {
    write(
      "athanor.toml",
      '[database]\nDB_ENGINE = "postgresql"\nDB_USER = "a@b"\nDB_PASS = "p:/?#"\nDB_NAME = "x y"\n',
    );
    const { databaseUrl } = await loadConfig({ cwd: root, env: false });
    assert.equal(databaseUrl, "postgresql://a%40b:p%3A%2F%3F%23@localhost/x%20y");
    const url = new URL(databaseUrl);
    assert.equal(decodeURIComponent(url.password), "p:/?#");
  });

  it("leaves absolute paths and memory alone", () => {
    assert.equal(absoluteFileUrl("sqlite:////srv/app.db", "/here"), "sqlite:////srv/app.db");
    assert.equal(absoluteFileUrl("sqlite://", "/here"), "sqlite://");
    assert.equal(absoluteFileUrl("sqlite:///app.db?mode=ro", "/here"), "sqlite:////here/app.db?mode=ro");
  });
});
