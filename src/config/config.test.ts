import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { AthanorError } from "../errors/index.ts";
import { Dispatcher } from "../signal/index.ts";
import {
  allKeys,
  Config,
  ConfigurationError,
  configJsonSchema,
  describeConfig,
  initializeCore,
} from "./index.ts";

let root: string;

describe("Config", () => {
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "athanor-config-")));
    writeFileSync(join(root, "package.json"), "{}");
    writeFileSync(
      join(root, "custom.toml"),
      '[database]\nDATABASE_URL = "postgresql://me:hunter2@host/db"\nDB_PASS = "hunter2"\n[general]\nSECRET_KEY = "k3y"\n',
    );
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("loads a file outright, without the environment", async () => {
    const config = await Config.load({ cwd: root, file: "custom.toml", env: false });
    assert.equal(config.databaseUrl, "postgresql://me:hunter2@host/db");
    assert.equal(config.get("DATABASE_POOL_SIZE"), 5);
    assert.deepEqual(config.placeOf("DB_PASS"), {
      origin: "custom.toml",
      file: join(root, "custom.toml"),
      line: 3,
    });
    assert.deepEqual(config.engineOptions, {
      poolSize: 5,
      maxOverflow: 10,
      poolTimeout: 30_000,
      poolRecycle: 3_600_000,
      moduleNaming: "schema",
      echo: false,
    });
  });

  it("sets a value for everybody who has it, at once", async () => {
    const config = await Config.load({ cwd: root, env: false });
    const seen: string[] = [];
    const end = config.onChange((changed) => seen.push(changed.get("LOGGING_LEVEL")));
    config.set("DEBUG", true).set("LOGGING_LEVEL", "DEBUG", { section: "logging" });
    end();
    config.set("DB_NAME", "other.db");
    assert.equal(config.values.general.DEBUG, true);
    assert.equal(config.toDict().logging["LOGGING_LEVEL"], "DEBUG");
    assert.equal(config.databaseUrl, `sqlite:///${root}/other.db`);
    assert.equal(config.placeOf("DB_NAME").origin, "set");
    assert.deepEqual(seen, ["INFO", "DEBUG"]);
  });

  it("sets the address over a URL from elsewhere, and a URL over the address", async () => {
    const config = await Config.load({ cwd: root, file: "custom.toml", env: false });
    config.set("DB_NAME", "mine.db");
    assert.equal(config.databaseUrl, `sqlite:///${root}/mine.db`);
    config.set("DATABASE_URL", "sqlite:///again.db");
    assert.equal(config.databaseUrl, `sqlite:///${root}/again.db`);
  });

  it("refuses bad keys and values, and stays as it was", async () => {
    const config = await Config.load({ cwd: root, env: false });
    assert.throws(() => config.set("DB_PORT", 70_000), { code: "CONFIG.BAD_VALUE" });
    assert.throws(() => config.set("DB_PRT" as "DB_PORT", 1), { code: "CONFIG.UNKNOWN_KEY" });
    assert.throws(() => config.set("DB_PORT", 1, { section: "general" }), { code: "CONFIG.UNKNOWN_KEY" });
    assert.throws(() => config.get("DB_PRT" as "DB_PORT"), { code: "CONFIG.UNKNOWN_KEY" });
    assert.equal(config.get("DB_PORT"), undefined);
    assert.equal(Object.isFrozen(config.values.database), true);
  });

  it("throws errors that are told apart from others", async () => {
    await assert.rejects(Config.load({ file: "nowhere.toml" }), (error) => {
      assert.ok(error instanceof ConfigurationError);
      const code: `CONFIG.${string}` = error.code;
      return code === "CONFIG.FILE_MISSING";
    });
    for (const other of [
      new Error("CONFIG."),
      new AthanorError("LOG.FILE", { file: "x", reason: "y" }),
      null,
    ])
      assert.ok(!(other instanceof ConfigurationError));
  });

  it("never shows a secret", async () => {
    const config = await Config.load({ cwd: root, file: "custom.toml", env: false });
    for (const shown of [config.toDict(), config, describeConfig(config.loaded)]) {
      const text = JSON.stringify(shown);
      assert.ok(!text.includes("hunter2") && !text.includes("k3y"), text);
      assert.ok(text.includes("postgresql://me:***@host/db"));
    }
  });

  it("gives programs what they start with", async () => {
    const { config, logger, errorHandler, dispatcher } = await initializeCore({
      cwd: root,
      env: { LOGGING_FILE: "logs/app.log", LOGGING_LEVEL: "ERROR", SECRET_KEY: "hunter2" },
    });
    assert.ok(dispatcher instanceof Dispatcher);
    logger.info("not yet");
    config.set("LOGGING_LEVEL", "CRITICAL");
    logger.error("nor this");
    assert.equal(logger.level, "CRITICAL");
    config.set("LOGGING_LEVEL", "ERROR");
    const write = process.stderr.write;
    process.stderr.write = () => true;
    try {
      assert.equal(errorHandler.handle(new Error("hunter2 is lost")), 3);
    } finally {
      process.stderr.write = write;
    }
    assert.match(readFileSync(join(root, "logs/app.log"), "utf8"), /CRITICAL - \*\*\* is lost/);
  });

  it("has a JSON Schema of every key", () => {
    const { properties } = configJsonSchema() as {
      properties: Record<string, { properties?: Record<string, { description: string }> }>;
    };
    const keys = Object.values(properties).flatMap((section) => Object.entries(section.properties ?? {}));
    assert.deepEqual(
      keys.map(([key]) => key),
      allKeys(),
    );
    for (const [key, { description }] of keys) assert.ok(description.length > 0, key);
  });
});
