import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { isAthanorError } from "../errors/index.ts";
import { absoluteFileUrl } from "./database-url.ts";
import { loadConfig } from "./index.ts";

let root: string;

const write = (name: string, text: string): void => writeFileSync(join(root, name), text);

async function failure(code: string, work: Promise<unknown>): Promise<{ message: string; remedy: string }> {
  try {
    await work;
  } catch (error) {
    assert.ok(isAthanorError(error), String(error));
    assert.equal(error.code, code);
    return error;
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

  it("reads TOML, YAML and JSON alike", async () => {
    write("athanor.json", '{ "database": { "DB_NAME": "j.db" } }');
    assert.match((await loadConfig({ cwd: root, env: false })).databaseUrl, /j\.db$/);
    write("athanor.yaml", "database:\n  DB_NAME: y.db\n");
    assert.match((await loadConfig({ cwd: root, env: false })).databaseUrl, /y\.db$/);
    write("athanor.toml", '[database]\nDB_NAME = "t.db"\n');
    assert.match((await loadConfig({ cwd: root, env: false })).databaseUrl, /t\.db$/);
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

  it("never tells a password in an error", async () => {
    write("athanor.toml", "[database]\nDB_PASS = [1]\n");
    const { message } = await failure("CONFIG.BAD_VALUE", loadConfig({ cwd: root, env: false }));
    assert.ok(message.includes("***"));
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
