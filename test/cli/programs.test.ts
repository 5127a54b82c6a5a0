/** Programs of users around the commands: those of the pages, and the seed's own tests in TypeScript. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { CliProject, heroModel, repository } from "./project.ts";

/** The programs of a page, in their order. */
function programsOf(page: string): readonly string[] {
  const text = readFileSync(join(repository, "docs", page), "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1]!);
}

describe("programs", () => {
  let project: CliProject;

  before(() => {
    const settings =
      '[database]\nDATABASE_URL = "postgresql://me:hunter2@127.0.0.1:1/db"\n[discovery]\nMODEL_DISCOVERY_PATHS = ["models"]\n';
    project = new CliProject({ "athanor.toml": settings, "models/hero.ts": heroModel });
    const [inProgram = "", , file = ""] = programsOf("configuration.md");
    project.write(
      "config-page.ts",
      `${inProgram}\nconsole.log(JSON.stringify(config));\nvoid [logger, errorHandler, dispatcher];\n`,
    );
    project.write("typed/athanor.config.ts", file);
    project.write("discovery-page.ts", programsOf("discovery.md").at(-1)!);
    project.write(
      "seed.ts",
      `import { Config, initializeCore, isAthanorError } from "athanor/config";
import { ModelDiscoverer } from "athanor/discovery";
import { createEngine } from "athanor";

const { config, logger, errorHandler, dispatcher } = await initializeCore();
for (const component of [config, logger, errorHandler, dispatcher]) if (!component) throw new Error("missing");
const discoverer = new ModelDiscoverer({ config, logger, useCache: true });
const first = await discoverer.discover();
const second = await discoverer.discover();
console.log(first.schema.tables.length, second.schema.tables.length, second.imported.length);
console.log(discoverer.cacheInfo().tables, discoverer.clearCache(), discoverer.cacheInfo().exists);
const custom = await Config.load({ file: "custom.toml", env: false });
custom.set("DEBUG", true).set("LOGGING_LEVEL", "DEBUG", { section: "logging" });
console.log(custom.get("DEBUG"), custom.toDict().logging["LOGGING_LEVEL"], custom.databaseUrl.endsWith("/mine.db"));
await using engine = createEngine(custom.databaseUrl, custom.engineOptions);
console.log((await engine.dialect).id);
try {
  await Config.load({ file: "nowhere.toml" });
} catch (error) {
  console.log(isAthanorError(error, "CONFIG.FILE_MISSING"));
}
`,
    );
    project.write("custom.toml", '[database]\nDB_NAME = "mine.db"\n');
  });
  after(() => project.remove());

  it("of the pages are right TypeScript", () => {
    const compilerOptions = {
      target: "ES2023",
      lib: ["ES2023", "ESNext.Disposable"],
      module: "NodeNext",
      strict: true,
      exactOptionalPropertyTypes: true,
      allowImportingTsExtensions: true,
      types: ["node"],
      noEmit: true,
    };
    project.write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["*.ts", "typed/*.ts"] }));
    const done = project.node([join(repository, "node_modules/typescript/bin/tsc"), "-p", "."]);
    assert.equal(done.status, 0, done.stdout);
  });

  it("show no secret", () => {
    const { status, stdout, stderr } = project.node(["config-page.ts"]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /postgresql:\/\/me:\*\*\*@/);
    assert.doesNotMatch(stdout + stderr, /hunter2/);
  });

  it("find the models, and say what they do", () => {
    const { status, stdout, stderr } = project.node(["discovery-page.ts"]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^1 \[ 'Hero in models\/hero\.ts' \] \[ 'models\/hero\.ts' \]$/m);
    assert.match(stderr, /Starting model discovery in: /);
    assert.match(stderr, /DEBUG .*potential model file: models\/hero\.ts/);
    assert.match(stderr, /Successfully discovered 1 tables/);
  });

  it("do what the seed's do", () => {
    const { status, stdout, stderr } = project.node(["seed.ts"]);
    assert.equal(status, 0, stderr);
    assert.deepEqual(stdout.trim().split("\n"), [
      "1 1 0",
      "1 true false",
      "true DEBUG true",
      "sqlite",
      "true",
    ]);
  });

  it("connect handlers in athanor.config.ts, whichever program runs the command", () => {
    project.write(
      "listening/athanor.config.ts",
      `import { defineConfig } from "athanor/config";
import { dispatcher } from "athanor/signals";
dispatcher.connect("command_finished", ({ commandName }) => console.error("heard", commandName));
export default defineConfig({ database: { DB_NAME: "here.db" } });
`,
    );
    const done = project.athanor(["status", "--config", "listening/athanor.config.ts"]);
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stderr, /^heard status$/m);
  });

  it("may print what they like: the document of --json stands alone", () => {
    project.write(
      "talking/athanor.config.ts",
      `import { dispatcher } from "athanor/signals";
console.log("the configuration speaks");
dispatcher.connect("command_finished", () => console.log("a handler speaks"));
export default { database: { DB_NAME: "talking.db" }, discovery: { MODEL_DISCOVERY_PATHS: ["../models"] } };
`,
    );
    project.write(
      "talking/migrations/versions/aaaaaaaaaaaa_a.ts",
      `import { migration } from "athanor/migrations";
export default migration({ revision: "aaaaaaaaaaaa", downRevision: null, message: "a",
  upgrade() { process.stdout.write("a migration speaks\\n"); }, downgrade() {} });
`,
    );
    const config = ["--config", "talking/athanor.config.ts"];
    const done = project.athanor(["migrate", "--json", ...config]);
    assert.equal(done.status, 0, done.stderr);
    assert.equal((JSON.parse(done.stdout) as { steps: unknown[] }).steps.length, 1);
    for (const who of ["the configuration", "a handler", "a migration"])
      assert.match(done.stderr, new RegExp(`^${who} speaks$`, "m"));
    assert.match(project.athanor(["status", ...config]).stdout, /^a handler speaks$/m);
  });

  it("make tables whose constraints are named as the project says", () => {
    const named = new CliProject({
      "athanor.config.ts": `import { defineConfig } from "athanor/config";
export default defineConfig({ database: { DB_NAME: "app.db" }, namingConvention: { pk: "%(table_name)s_key" } });
`,
      "models/team.ts": `import { field, Model } from "athanor";
import { z } from "zod";
export class Team extends Model("team", { id: field(z.int(), { primaryKey: true }) }) {}
`,
      "program.ts": `import { createAll, createEngine, dropAll } from "athanor";
import { Config } from "athanor/config";
import { Team } from "./models/team.ts";
const config = await Config.load();
for (const [options, models] of [[{}, undefined], [config.engineOptions, [Team]], [{}, [Team]]] as const) {
  await using engine = createEngine(config.databaseUrl, options);
  await createAll(engine, models);
  const connection = await engine.connect();
  const { rows } = await connection.query("SELECT sql FROM sqlite_schema WHERE name = 'team'");
  console.log(/CONSTRAINT "(\\w+)" PRIMARY/.exec(String(rows[0]?.[0]))?.[1]);
  await connection.release();
  await dropAll(engine, models);
}
`,
    });
    try {
      const done = named.node(["program.ts"]);
      assert.equal(done.stderr, "");
      assert.deepEqual(done.stdout.trim().split("\n"), ["team_key", "team_key", "pk_team"]);
    } finally {
      named.remove();
    }
  });
});
