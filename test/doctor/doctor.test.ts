/** Each check of the doctor on a project that has what it looks for, and on one that has not. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { checks, type DoctorDocument } from "../../src/doctor/index.ts";
import { CliProject } from "../cli/project.ts";
import { matrix, onServer, temporaryDatabase } from "../dialects.ts";

const head = `import { field, Model, index, uniqueIndex } from "athanor";\nimport { z } from "zod";\n`;
const healthy = `${head}
export class Team extends Model("team", { id: field(z.int(), { primaryKey: true }) }) {}
export class Hero extends Model("hero", {
  id: field(z.int(), { primaryKey: true }),
  teamId: field(z.int(), { foreignKey: "team.id", index: true }),
}) {}
`;

const module = (name: string, rest = ""): string =>
  `import { defineModule } from "athanor/modules";\nexport default defineModule({ name: "${name}"${rest} });\n`;

const moduleModel = (name: string, body = ""): string => `import { field } from "athanor";
import { createModuleBase } from "athanor/modules";
import { z } from "zod";
export const Base = createModuleBase("${name}");
export class Item extends Base.Model("item", { id: field(z.int(), { primaryKey: true }), ${body} }) {}
`;

function project(t: TestContext, files: Readonly<Record<string, string>>): CliProject {
  const made = new CliProject({ "athanor.toml": '[database]\nDB_NAME = "app.db"\n', ...files });
  t.after(() => made.remove());
  return made;
}

function run(on: CliProject, args: readonly string[], status: number, env = {}): DoctorDocument {
  const done = on.athanor(["doctor", ...args, "--json"], env);
  assert.equal(done.status, status, `${done.stdout}${done.stderr}`);
  return JSON.parse(done.stdout) as DoctorDocument;
}

const found = ({ findings }: DoctorDocument): string[] =>
  findings.map(({ code, subject }) => `${code} ${subject}`).sort();

function sql(on: CliProject, ...statements: readonly string[]): void {
  const database = new DatabaseSync(on.path("app.db"), { enableForeignKeyConstraints: false });
  for (const statement of statements) database.exec(statement);
  database.close();
}

test("a project that is well has no findings", (t) => {
  const on = project(t, { "models/hero.ts": healthy });
  on.athanor(["makemigrations", "first"]);
  on.athanor(["migrate"]);
  const document = run(on, [], 0);
  assert.deepEqual([found(document), document.skipped, document.ok], [[], [], true]);
  assert.deepEqual(
    document.ran,
    checks.map(({ code }) => code),
  );
});

test("models are examined without a database", (t) => {
  const on = project(t, {
    "models/hero.ts": `${head}
export class Team extends Model("team", {
  id: field(z.int32(), { primaryKey: true }),
  tenantId: field(z.string()),
  name: field(z.string().max(20), { unique: true }),
  place: field(z.string().max(20)),
}, (c) => [index(c.tenantId), index(c.tenantId, c.place)]) {}
export class Hero extends Model("hero", {
  id: field(z.int(), { primaryKey: true }),
  teamId: field(z.int(), { foreignKey: "team.id" }),
}) {}
`,
  });
  const document = run(on, ["--offline"], 0);
  assert.deepEqual(found(document), [
    "SM011 hero",
    "SM011 team",
    "SM024 team.name",
    "SM101 hero.team_id",
    "SM110 team.id",
    "SM112 team.ix_team_tenant_id",
    "SM116 hero.team_id",
  ]);
  assert.ok(document.skipped.every(({ needs }) => needs === "database"));
  assert.equal(document.findings.find(({ code }) => code === "SM101")?.file, "models/hero.ts");
  run(on, ["--offline", "--strict"], 1);
  const only = run(on, ["--offline", "--only", "sm101,SM110"], 0);
  assert.deepEqual(
    [found(only), only.ran],
    [
      ["SM101 hero.team_id", "SM110 team.id"],
      ["SM101", "SM110"],
    ],
  );
  const ignored = run(on, ["--offline", "--ignore", "SM101:hero.team_id=a handful of rows"], 0);
  assert.equal(ignored.findings.find(({ code }) => code === "SM101")?.ignored, "a handful of rows");
  assert.equal(ignored.findings.find(({ code }) => code === "SM110")?.ignored, null);
});

test("what is ignored has a reason, and a check a code that exists", (t) => {
  const on = project(t, { "models/hero.ts": healthy });
  for (const [args, code] of [
    [["--ignore", "SM101"], "DOCTOR.NO_REASON"],
    [["--only", "SM999"], "DOCTOR.UNKNOWN_CHECK"],
  ] as const) {
    const done = on.athanor(["doctor", ...args, "--json"]);
    assert.equal(done.status, 2);
    assert.match(done.stdout, new RegExp(code));
  }
});

test("a database is examined", (t) => {
  const on = project(t, { "models/hero.ts": healthy });
  on.athanor(["makemigrations", "first", "--rev-id", "aaaaaaaaaaaa"]);
  on.athanor(["migrate"]);
  sql(on, "CREATE TABLE stranger (id INTEGER)", "INSERT INTO hero (id, team_id) VALUES (1, 99)");
  on.write(
    "models/hero.ts",
    healthy.replace(
      "export class Hero",
      'export class Foe extends Model("foe", { id: field(z.int(), { primaryKey: true }) }) {}\nexport class Hero',
    ),
  );
  const drift = run(on, [], 1);
  assert.deepEqual(found(drift), ["SM011 foe", "SM102 stranger", "SM103 foe", "SM114 hero"]);
  on.athanor(["makemigrations", "second", "--rev-id", "bbbbbbbbbbbb"]);
  const behind = run(on, ["--only", "SM010"], 1);
  assert.deepEqual(found(behind), ["SM010 bbbbbbbbbbbb"]);
  const file = on.path("migrations/versions");
  const first = on.read("migrations/versions/aaaaaaaaaaaa_first.ts");
  on.write(
    "migrations/versions/aaaaaaaaaaaa_first.ts",
    first.replace("upgrade(op) {", 'upgrade(op) {\n    op.execute("SELECT 1", { changes: [] });'),
  );
  assert.deepEqual(found(run(on, ["--only", "SM104"], 1)), ["SM104 aaaaaaaaaaaa"], file);
  on.athanor([
    "makemigrations",
    "--empty",
    "fork",
    "--head",
    "aaaaaaaaaaaa",
    "--splice",
    "--rev-id",
    "cccccccccccc",
  ]);
  assert.deepEqual(found(run(on, ["--only", "SM105"], 1)), ["SM105 history"]);
  sql(on, "UPDATE athanor_log SET status = 'running', finished_at = NULL WHERE revision = 'aaaaaaaaaaaa'");
  assert.deepEqual(found(run(on, ["--only", "SM107"], 1)), ["SM107 aaaaaaaaaaaa"]);
  sql(on, "UPDATE athanor_version SET version_num = 'ffffffffffff'");
  assert.deepEqual(found(run(on, ["--only", "SM106"], 1)), ["SM106 ffffffffffff"]);
});

test("modules are examined", (t) => {
  const on = project(t, {
    "modules/a/module.ts": module("a"),
    "modules/a/models.ts": moduleModel("a"),
    "modules/b/module.ts": module("b"),
    // Two files away, by an alias; of "c" only types are imported, and a comment is no import.
    "modules/b/models.ts": `import "./other.ts";\nimport type {} from "../c/module.ts";\n// import "../c/module.ts"\n${moduleModel("b")}`,
    "modules/b/other.ts": 'export * from "#a/models.ts";',
    "tsconfig.json": '{ "compilerOptions": { "paths": { "#a/*": ["./modules/a/*"] } } }',
    "modules/c/module.ts": module("c"),
  });
  assert.deepEqual(found(run(on, ["--only", "SM007,SM008,SM009,SM001"], 1)), ["SM007 c", "SM009 b -> a"]);
  on.athanor(["makemigrations", "first"]);
  on.athanor(["migrate"]);
  const orphan = run(on, ["--only", "SM113"], 0, { MODULES_ENABLED: "b" });
  assert.deepEqual(found(orphan), ["SM113 a"]);
});

for (const [name, files, code] of [
  ["a broken definition", { "modules/a/module.ts": "export default {};" }, "SM001 MODULE.DEFINITION"],
  [
    "a missing dependency",
    { "modules/a/module.ts": module("a", ', dependsOn: ["b"]') },
    "SM001 MODULE.MISSING",
  ],
  [
    "a base of another name",
    { "modules/a/module.ts": module("a"), "modules/a/models.ts": moduleModel("other") },
    "SM001 MODULE.MISNAMED",
  ],
  [
    "a foreign key into a module that is not depended on",
    {
      "modules/a/module.ts": module("a"),
      "modules/a/models.ts": moduleModel("a"),
      "modules/b/module.ts": module("b"),
      "modules/b/models.ts": moduleModel(
        "b",
        'aId: field(z.int(), { foreignKey: "a.item.id", index: true }),',
      ),
    },
    "SM001 MODULE.UNDECLARED",
  ],
  [
    "two modules of one name",
    { "modules/a/module.ts": module("a"), "modules/b/module.ts": module("A") },
    "SM008 MODULE.DUPLICATE",
  ],
] as const) {
  test(`${name} is a finding, and hides what needs it`, (t) => {
    const on = project(t, files);
    const document = run(on, ["--offline"], 1);
    assert.ok(found(document).includes(code), found(document).join(", "));
    assert.ok(document.skipped.length > 0);
  });
}

for (const row of matrix.filter(({ name }) => ["postgresql", "mariadb"].includes(name))) {
  test(`what numbers rows, before it ends (${row.name})`, async (t) => {
    const database = await temporaryDatabase(row);
    t.after(() => database.remove());
    const on = project(t, { "models/hero.ts": healthy.replaceAll("z.int()", "z.int32()") });
    const env = { DATABASE_URL: database.url };
    on.athanor(["makemigrations", "first"], env);
    on.athanor(["migrate"], env);
    assert.deepEqual(found(run(on, ["--only", "SM108,SM109"], 0, env)), []);
    const dialect = await (await import("../../src/dialect/registry.ts")).dialectFor(row.name);
    const source = await dialect.open(database.url);
    const connection = await source.acquire();
    const quote = dialect.query.quote;
    await connection.query(`INSERT INTO ${quote("team")} (id) VALUES (2100000000)`);
    if (dialect.capabilities.namespaces) {
      await connection.query("SELECT setval(pg_get_serial_sequence('team', 'id'), 2100000000)");
      await connection.query("INSERT INTO team (id) VALUES (7)");
      await connection.query("ALTER TABLE hero ADD COLUMN twice integer DEFAULT 1");
      await connection.query("INSERT INTO hero (id, team_id) VALUES (1, 7), (2, 7)");
      await connection
        .query("CREATE UNIQUE INDEX CONCURRENTLY ix_broken ON hero (twice)")
        .catch(() => undefined);
    }
    await connection.release();
    await source.close();
    const expected = dialect.capabilities.namespaces
      ? ["SM108 team.id", "SM109 hero.ix_broken"]
      : ["SM108 team.id"];
    assert.deepEqual(found(run(on, ["--only", "SM108,SM109"], 1, env)), expected);
  });
}

test("the databases of these tests are there", async () => {
  for (const row of matrix.filter(({ name }) => ["postgresql", "mariadb"].includes(name)))
    assert.ok((await onServer(row, (connection) => connection.query("SELECT 1"))).rows.length === 1);
});
