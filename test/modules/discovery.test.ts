/** Where modules are found, in which order they come, and what is wrong with them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { ModulesDocument } from "../../src/migrate/index.ts";
import { type FindModulesOptions, findModules, inRange } from "../../src/modules.ts";
import { CliProject } from "../cli/project.ts";
import { code } from "../session/database.ts";

const definition = (meta: string): string =>
  `import { defineModule } from "athanor/modules";\nexport default defineModule(${meta});\n`;

function project(t: TestContext, files: Readonly<Record<string, string>>): CliProject {
  const made = new CliProject(files);
  t.after(() => made.remove());
  return made;
}

async function names(on: CliProject, options: Partial<FindModulesOptions> = {}): Promise<string[]> {
  return (await findModules({ root: on.root, ...options })).map(({ name }) => name);
}

test("folders, packages of the workspace and installed packages, each after what it depends on", async (t) => {
  const manifest = (extra: object): string => JSON.stringify({ type: "module", ...extra });
  const on = project(t, {
    "package.json": manifest({
      workspaces: ["packages/*"],
      dependencies: { "stock-module": "1", plain: "1" },
    }),
    "modules/orders/module.ts": definition('{ name: "orders", dependsOn: ["users", "stock"] }'),
    "modules/orders/models.ts": "export {};",
    "modules/billing/src/module.ts": definition('{ name: "billing", dependsOn: ["orders"] }'),
    "modules/no-module/readme.md": "",
    "packages/users/package.json": manifest({ name: "users", athanor: { module: "./module.ts" } }),
    "packages/users/module.ts": definition('{ name: "Users", version: "1.2.0" }'),
    "packages/other/package.json": manifest({ name: "other" }),
    "node_modules/stock-module/package.json": manifest({
      name: "stock-module",
      athanor: { module: "./dist/module.js" },
    }),
    "node_modules/stock-module/dist/module.js": definition('{ name: "stock", models: "./tables.js" }'),
    "node_modules/stock-module/dist/tables.js": "export {};",
    "node_modules/plain/package.json": manifest({ name: "plain" }),
  });
  const found = await findModules({ root: on.root });
  assert.deepEqual(
    found.map(({ name, origin }) => [name, origin]),
    [
      ["stock", "package"],
      ["users", "workspace"],
      ["orders", "folder"],
      ["billing", "folder"],
    ],
  );
  assert.deepEqual(found[0]?.models, [join(on.root, "node_modules/stock-module/dist/tables.js")]);
  assert.deepEqual(found[2]?.migrations, join(on.root, "modules/orders/migrations"));
  assert.deepEqual(await names(on, { enabled: ["USERS"] }), ["users"]);
  await assert.rejects(names(on, { enabled: ["orders"] }), code("MODULE.MISSING"));
  await assert.rejects(names(on, { enabled: ["nothing"] }), code("MODULE.NOT_FOUND"));
});

test("an installed package ships JavaScript", async (t) => {
  const on = project(t, {
    "package.json": '{ "type": "module", "dependencies": { "stock": "1" } }',
    "node_modules/stock/package.json": '{ "name": "stock", "athanor": { "module": "./module.ts" } }',
    "node_modules/stock/module.ts": definition('{ name: "stock" }'),
  });
  await assert.rejects(names(on), code("MODULE.PACKAGE_TYPESCRIPT"));
});

for (const [what, metas, expected] of [
  ["a circle", ['{ name: "a", dependsOn: ["b"] }', '{ name: "b", dependsOn: ["a"] }'], "MODULE.CYCLE"],
  ["itself", ['{ name: "a", dependsOn: ["a"] }'], "MODULE.CYCLE"],
  ["what is not there", ['{ name: "a", dependsOn: ["b"] }'], "MODULE.MISSING"],
  [
    "a version that is not there",
    ['{ name: "a", dependsOn: { b: "^2" } }', '{ name: "b", version: "1.9.0" }'],
    "MODULE.VERSION",
  ],
  ["two of one name", ['{ name: "a" }', '{ name: "A" }'], "MODULE.DUPLICATE"],
  ["a name that is none", ['{ name: "my-orders" }'], "MODULE.DEFINITION"],
  ["a range that is none", ['{ name: "a", dependsOn: { b: "newest" } }'], "MODULE.DEFINITION"],
  ["models that are not there", ['{ name: "a", models: "./none.ts" }'], "MODULE.DEFINITION"],
] as const) {
  test(`modules are refused: ${what}`, async (t) => {
    const files = metas.map((meta, at) => [`modules/m${at}/module.ts`, definition(meta)]);
    await assert.rejects(names(project(t, Object.fromEntries(files))), code(expected));
  });
}

test("ranges of versions are npm's", () => {
  const cases: readonly [string, string, boolean | null][] = [
    ["1.2.3", "^1.0.0", true],
    ["2.0.0", "^1.0.0", false],
    ["0.2.9", "^0.2.3", true],
    ["0.3.0", "^0.2.3", false],
    ["0.0.4", "^0.0.3", false],
    ["1.2.9", "~1.2.3", true],
    ["1.3.0", "~1.2.3", false],
    ["1.5.0", ">=1.2 <2", true],
    ["2.0.0", ">=1.2 <2", false],
    ["3.1.0", "1.x || 3", true],
    ["1.2.3", "1.2", true],
    ["1.2.3", "1.2.4", false],
    ["1.2.3", "", true],
    ["1.2.3-beta.1", "^1.2.3", true],
    ["1.2.3", "latest", null],
    ["one", "*", null],
  ];
  for (const [version, range, expected] of cases)
    assert.equal(inRange(version, range), expected, `${version} ${range}`);
});

const models = (name: string, more = ""): string => `import { field } from "athanor";
import { createModuleBase } from "athanor/modules";
import { z } from "zod";
export class Item extends createModuleBase("${name}").Model("item", { id: field(z.int(), { primaryKey: true }), ${more} }) {}
`;

test("hooks run once each, modules are laid aside and taken up, and orphans are told", (t) => {
  const hooks = `hooks: {
    install: (db) => db.execute(\`INSERT INTO \${db.table("item")} (id) VALUES (1)\`).then(() => {}),
    upgrade: (db, from) => db.execute(\`UPDATE \${db.table("item")} SET id = 2\`).then(() => {}),
  }`;
  const on = project(t, {
    "athanor.toml": '[database]\nDB_NAME = "app.db"\n',
    "modules/a/module.ts": definition(`{ name: "a", version: "1.0.0", ${hooks} }`),
    "modules/a/models.ts": models("a"),
    "modules/b/module.ts": definition('{ name: "b" }'),
    "modules/b/models.ts": models("b"),
  });
  const run = <T>(args: readonly string[], status = 0, env = {}): T => {
    const done = on.athanor([...args, "--json"], env);
    assert.equal(done.status, status, `${args.join(" ")}\n${done.stdout}${done.stderr}`);
    return JSON.parse(done.stdout) as T;
  };
  const ids = (): string =>
    on
      .node([
        "--input-type=module",
        "--eval",
        'import { DatabaseSync } from "node:sqlite"; console.log(new DatabaseSync("app.db").prepare("SELECT id FROM a_item").all().map((row) => row.id).join())',
      ])
      .stdout.trim();
  const states = (env = {}): string[] =>
    run<ModulesDocument>(["module", "list"], 0, env).modules.map(({ name, state }) => `${name} ${state}`);
  run(["makemigrations", "first"]);
  run(["migrate"]);
  run(["migrate"]);
  assert.equal(ids(), "1");
  on.write("modules/a/module.ts", definition(`{ name: "a", version: "1.1.0", ${hooks} }`));
  on.write("modules/a/models.ts", models("a", "note: field(z.string().nullable()),"));
  run(["makemigrations", "second"]);
  run(["module", "disable", "a"]);
  assert.deepEqual(states(), ["a disabled", "b installed"]);
  run(["migrate"]);
  run(["check"]);
  assert.equal(ids(), "1");
  run(["module", "add", "a"]);
  assert.deepEqual([ids(), ...states()], ["2", "a installed", "b installed"]);
  const without = { MODULES_ENABLED: "a" };
  assert.deepEqual(states(without), ["a installed", "b orphaned"]);
  // A module that is gone is in nobody's way, and nothing of it is proposed for dropping.
  assert.equal(run<{ outcome: string }>(["makemigrations", "none"], 0, without).outcome, "no changes");
  on.write(
    "modules/a/models.ts",
    models("a", "note: field(z.string().nullable()), more: field(z.int().nullable()),"),
  );
  run(["makemigrations", "third"], 0, without);
  run(["migrate"], 0, without);
  run(["check"], 0, without);
  run(["check"]);
  run(["module", "uninstall", "b", "--confirm"], 0, without);
  assert.deepEqual(states(without), ["a installed"]);
  run(["check"], 0, without);
});
