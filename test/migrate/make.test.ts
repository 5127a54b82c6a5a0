import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { test } from "node:test";
import { isAthanorError } from "../../src/errors/index.ts";
import {
  type Column,
  check,
  column,
  foreignKey,
  index,
  primaryKey,
  type Schema,
  schema,
  t,
  table,
  unique,
} from "../../src/schema/index.ts";
import { onEvery, Project } from "./project.ts";

const id = column("id", t.uuid(), { nullable: false });
/** Keys of rows. */
const one = "11111111-1111-4111-8111-111111111111";
const two = "22222222-2222-4222-8222-222222222222";

function teamAnd(columns: readonly Column[], rest: Partial<Schema["tables"][number]> = {}): Schema {
  return schema([
    table("team", [id, ...columns], { primaryKey: primaryKey(["id"], { name: "pk_team" }), ...rest }),
  ]);
}

const heroAndTeam: Schema = schema([
  table(
    "hero",
    [
      id,
      column("name", t.varchar(80), { nullable: false }),
      column("tags", t.json()),
      column("made", t.timestamptz(3)),
      column("price", t.numeric(10, 2), { default: { kind: "literal", value: 0 } }),
      column("team_id", t.uuid()),
    ],
    {
      primaryKey: primaryKey(["id"], { name: "pk_hero" }),
      foreignKeys: [
        foreignKey(
          ["team_id"],
          { schema: null, name: "team", columns: ["id"] },
          { name: "fk_hero_team_id_team", onDelete: "set null" },
        ),
      ],
      indexes: [index("ix_hero_name", ["name"])],
      checks: [check("length(name) > 0", { name: "ck_hero_name" })],
    },
  ),
  table("team", [id, column("name", t.text(), { nullable: false })], {
    primaryKey: primaryKey(["id"], { name: "pk_team" }),
    uniques: [unique(["name"], { name: "uq_team_name" })],
  }),
]);

onEvery("models become a file, the file a database, and then nothing differs", async (project) => {
  project.models = heroAndTeam;
  const made = await project.with((environment) =>
    environment.makeMigrations({ message: "create hero and team" }),
  );
  assert.equal(made.outcome, "written");
  assert.match(made.file ?? "", /^migrations\/versions\/[0-9a-f]{12}_create_hero_and_team\.ts$/);
  assert.equal(await project.read(made.file ?? ""), made.source);
  assert.match(made.source ?? "", /table\.column\("id", t\.uuid\(\), \{ nullable: false \}\)/);
  assert.match(made.source ?? "", /t\.timestamptz\(3\)/);
  assert.match(made.source ?? "", /t\.numeric\(10, 2\), \{ default: 0 \}/);
  await project.with((environment) => environment.upgrade());
  const again = await project.with((environment) => environment.makeMigrations({ message: "again" }));
  assert.deepEqual([again.outcome, again.file, again.differences], ["no changes", null, []]);
  assert.equal((await project.files()).length, 1);
  const checked = await project.with((environment) => environment.check());
  assert.deepEqual([checked.ok, checked.pending, checked.differences, checked.problems], [true, [], [], []]);
  const back = await project.with((environment) => environment.downgrade("base"));
  assert.deepEqual(back.to, []);
  assert.deepEqual(await project.tables(), []);
});

onEvery("a change of each kind, there and back, in logical types", async (project) => {
  project.models = heroAndTeam;
  await project.with(async (environment) => {
    await environment.makeMigrations({ message: "one" });
    await environment.upgrade();
  });
  await project.sql(`INSERT INTO team VALUES ('${one}', 'Preventers')`);
  await project.sql(`INSERT INTO hero (id, name, team_id) VALUES ('${two}', 'Rusty-Man', '${one}')`);
  const before = sorted(await project.catalog());
  const [hero, team] = heroAndTeam.tables;
  assert.ok(hero && team);
  project.models = schema([
    {
      ...hero,
      columns: [
        ...hero.columns
          .filter((c) => c.name !== "tags")
          .map((c) => (c.name === "made" ? { ...c, type: t0() } : c)),
        column("age", { kind: "integer" }),
      ],
      checks: [check("length(name) > 1", { name: "ck_hero_name" })],
      indexes: [index("ix_hero_name", ["name"], { unique: true })],
    },
    team,
  ]);
  const made = await project.with((environment) => environment.makeMigrations({ message: "two" }));
  assert.match(made.source ?? "", /op\.alterColumn\("hero", "made", \{ type: t\.date\(\) \}\);/);
  assert.match(made.source ?? "", /op\.alterColumn\("hero", "made", \{ type: t\.timestamptz\(3\) \}\);/);
  assert.match(made.source ?? "", /op\.dropColumn\("hero", "tags"\);/);
  assert.match(made.source ?? "", /op\.addColumn\("hero", "tags", t\.json\(\)\);/);
  await project.with((environment) => environment.upgrade());
  assert.deepEqual(await project.sql("SELECT id, name, age, team_id FROM hero"), [
    [two, "Rusty-Man", null, one],
  ]);
  assert.equal((await project.with((environment) => environment.check())).ok, true);
  await project.with((environment) => environment.downgrade());
  assert.deepEqual(await project.sql("SELECT id, name, team_id FROM hero"), [[two, "Rusty-Man", one]]);
  assert.deepEqual(sorted(await project.catalog()), before);
});

/** Without the order of columns: one that comes back comes last. */
function sorted(found: Schema): Schema {
  const byName = (a: Column, b: Column): number => (a.name < b.name ? -1 : 1);
  const tables = found.tables.map((each) => ({ ...each, columns: each.columns.toSorted(byName) }));
  return { ...found, tables };
}

function t0() {
  return t.date();
}

onEvery("a possible rename is asked, never guessed", async (project) => {
  const nick = column("nick", { kind: "text" });
  project.models = teamAnd([nick]);
  await project.with(async (environment) => {
    await environment.makeMigrations({ message: "one" });
    await environment.upgrade();
  });
  await project.sql(`INSERT INTO team VALUES ('${one}', 'x')`);
  project.models = teamAnd([{ ...nick, name: "name" }]);
  await assert.rejects(
    project.with((environment) => environment.makeMigrations({ message: "two" })),
    (error) => {
      assert.ok(isAthanorError(error, "MIGRATE.RENAMES"), String(error));
      assert.equal(error.exit, 2);
      assert.deepEqual(error.fields.pairs, [
        {
          from: "team.nick",
          to: "team.name",
          flags: ["--rename team.nick:name", "--drop team.nick"],
        },
      ]);
      return true;
    },
  );
  assert.equal((await project.files()).length, 1);
  const dropped = await project.with((environment) =>
    environment.makeMigrations({ message: "two", drops: ["team.nick"], dryRun: true }),
  );
  assert.match(dropped.source ?? "", /dropColumn\("team", "nick"\)/);
  const asked: unknown[] = [];
  const answered = await project.with((environment) =>
    environment.makeMigrations({
      message: "two",
      dryRun: true,
      answer: async (candidate) => {
        asked.push([candidate.from, candidate.to, candidate.flag]);
        return "rename";
      },
    }),
  );
  assert.deepEqual(asked, [["team.nick", "team.name", "team.nick:name"]]);
  assert.equal(answered.outcome, "dry run");
  const made = await project.with((environment) =>
    environment.makeMigrations({ message: "two", renames: ["team.nick:name"] }),
  );
  assert.match(made.source ?? "", /op\.renameColumn\("team", "nick", "name"\);/);
  assert.match(made.source ?? "", /op\.renameColumn\("team", "name", "nick"\);/);
  await project.with((environment) => environment.upgrade());
  assert.deepEqual(await project.sql("SELECT name FROM team"), [["x"]]);
  await assert.rejects(
    project.with((environment) => environment.makeMigrations({ renames: ["team.none:name"] })),
    { code: "MIGRATE.RENAME_FLAG" },
  );
});

onEvery("a rename that the model says is made without asking, once", async (project) => {
  const nick = column("nick", { kind: "text" });
  project.models = teamAnd([nick]);
  await project.with(async (environment) => {
    await environment.makeMigrations({ message: "one" });
    await environment.upgrade();
  });
  project.models = teamAnd([{ ...nick, name: "name" }]);
  project.renames = [{ kind: "column", table: { schema: null, name: "team" }, from: "nick", to: "name" }];
  const made = await project.with((environment) => environment.makeMigrations({ message: "two" }));
  assert.match(made.source ?? "", /op\.renameColumn\("team", "nick", "name"\);/);
  await project.with((environment) => environment.upgrade());
  const again = await project.with((environment) => environment.makeMigrations({ message: "three" }));
  assert.equal(again.outcome, "no changes");
});

onEvery("a renamed table keeps its rows", async (project) => {
  project.models = teamAnd([column("name", { kind: "text" })]);
  await project.with(async (environment) => {
    await environment.makeMigrations({ message: "one" });
    await environment.upgrade();
  });
  await project.sql(`INSERT INTO team VALUES ('${one}', 'x')`);
  const [team] = project.models.tables;
  assert.ok(team);
  project.models = schema([{ ...team, name: "squad" }]);
  await assert.rejects(
    project.with((environment) => environment.makeMigrations({ message: "two" })),
    { code: "MIGRATE.RENAMES", message: /team → squad/ },
  );
  await project.with(async (environment) => {
    await environment.makeMigrations({ message: "two", renames: ["team:squad"] });
    await environment.upgrade();
  });
  assert.deepEqual(await project.sql("SELECT name FROM squad"), [["x"]]);
  await project.with((environment) => environment.downgrade());
  assert.deepEqual(await project.sql("SELECT name FROM team"), [["x"]]);
});

onEvery(
  "a column is renamed while what is computed of it, its check and its table change too",
  async (project) => {
    const teams = (name: string, columnName: string, twice: string, least: string): Schema =>
      schema([
        table(
          name,
          [
            id,
            column(columnName, t.integer()),
            column("twice", t.integer(), { generated: { expression: twice, stored: true } }),
            column(
              "gone",
              t.integer(),
              name === "team" ? { generated: { expression: twice, stored: true } } : {},
            ),
          ],
          {
            primaryKey: primaryKey(["id"], { name: "pk_team" }),
            checks: [check(least, { name: "ck_team_least" })],
          },
        ),
      ]);
    project.models = teams("team", "age", "age * 2", "age > 0");
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "one" });
      await environment.upgrade();
    });
    await project.sql(`INSERT INTO team (id, age) VALUES ('${one}', 7)`);
    project.models = teams("squad", "years", "years * 3", "years > 1");
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "two", renames: ["team:squad", "squad.age:years"] });
      await environment.upgrade();
    });
    assert.deepEqual(await project.sql("SELECT years, twice FROM squad"), [[7, 21]]);
    await project.with((environment) => environment.downgrade());
    assert.deepEqual(await project.sql("SELECT age, twice, gone FROM team"), [[7, 14, 14]]);
    await project.with((environment) => environment.upgrade());
    assert.deepEqual(await project.sql("SELECT years, twice FROM squad"), [[7, 21]]);
  },
);

onEvery("a database that is not at head is migrated first", async (project) => {
  project.models = teamAnd([]);
  await project.with((environment) => environment.makeMigrations({ message: "one" }));
  project.models = teamAnd([column("name", { kind: "text" })]);
  await assert.rejects(
    project.with((environment) => environment.makeMigrations({ message: "two" })),
    { code: "MIGRATE.NOT_AT_HEAD" },
  );
  const made = await project.with(
    (environment) => environment.makeMigrations({ message: "two", from: "history" }),
    { url: null },
  );
  assert.match(made.source ?? "", /op\.addColumn\("team", "name", t\.text\(\)\);/);
  assert.deepEqual(made.differences.length, 1);
});

onEvery("a history that is silent is not guessed", async (project) => {
  project.models = teamAnd([]);
  await project.migration("a1", null, { upgrade: 'op.execute("CREATE TABLE team (id TEXT)");' });
  await assert.rejects(
    project.with((environment) => environment.makeMigrations({ from: "history" }), { url: null }),
    { code: "MIGRATE.HISTORY_UNKNOWN", message: /CREATE TABLE team/ },
  );
});

onEvery("what no migration made, none drops", async (project) => {
  project.models = teamAnd([]);
  await project.sql("CREATE TABLE spatial_ref_sys (id INTEGER)");
  const made = await project.with((environment) => environment.makeMigrations({ message: "one" }));
  assert.doesNotMatch(made.source ?? "", /spatial|athanor_/);
  await project.with((environment) => environment.upgrade());
  project.models = schema([]);
  const dropped = await project.with((environment) => environment.makeMigrations({ message: "two" }));
  assert.match(dropped.source ?? "", /op\.dropTable\("team"\);/);
  assert.doesNotMatch(dropped.source ?? "", /spatial|athanor_/);
});

onEvery("hooks leave things out and rewrite operations", async (project) => {
  project.models = heroAndTeam;
  const made = await project.with((environment) => environment.makeMigrations({ message: "one" }), {
    hooks: {
      includeObject: (object) => object.name !== "hero",
      processOperations: (operations, direction) =>
        direction === "upgrade"
          ? [...operations, { kind: "execute", sql: "SELECT 1", params: [], changes: [] }]
          : operations,
    },
  });
  assert.doesNotMatch(made.source ?? "", /createTable\("hero"/);
  assert.match(made.source ?? "", /op\.execute\("SELECT 1", \{ changes: \[\] \}\);/);
});

onEvery("empty, on a given id, with labels and dependencies; splice and heads", async (project) => {
  await using env = await project.open();
  const first = await env.makeMigrations({
    empty: true,
    message: "by hand",
    revId: "a1",
    branchLabel: "main",
  });
  assert.match(first.source ?? "", /upgrade\(op\) \{\},\n {2}downgrade\(op\) \{\},/);
  assert.equal(first.file, "migrations/versions/a1_by_hand.ts");
  await env.makeMigrations({ empty: true, revId: "b2" });
  await assert.rejects(env.makeMigrations({ empty: true, head: "a1" }), { code: "REVISION.NOT_A_HEAD" });
  await env.makeMigrations({ empty: true, head: "a1", splice: true, revId: "c3", dependsOn: ["b2"] });
  await assert.rejects(env.makeMigrations({ empty: true }), { code: "MIGRATE.SEVERAL_HEADS" });
  await env.makeMigrations({ empty: true, head: "base", revId: "d4" });
  await assert.rejects(env.makeMigrations({ empty: true, revId: "a1", head: "d4" }), {
    code: "SCRIPT.REVISION_ID",
  });
  await assert.rejects(env.makeMigrations({ empty: true, revId: "a-1", head: "d4" }), {
    code: "SCRIPT.REVISION_ID",
  });
  await assert.rejects(env.makeMigrations({ empty: true, head: "d4", versionPath: "elsewhere" }), {
    code: "SCRIPT.LOCATION",
  });
  const history = await env.history();
  assert.deepEqual(
    new Map(history.revisions.map((r) => [r.revision, [r.downRevisions, r.dependsOn, r.isHead]])),
    new Map([
      ["a1", [[], [], false]],
      ["b2", [["a1"], [], true]],
      ["c3", [["a1"], ["b2"], true]],
      ["d4", [[], [], true]],
    ]),
  );
});

onEvery("the project's template is honoured, and a bad one refused", async (project) => {
  project.models = teamAnd([]);
  const template = `${project.root}/migrations/template.ts`;
  await project.write(
    "migrations/template.ts",
    `import type { MigrationFile } from "athanor/migrations";
    export default (file: MigrationFile): string => \`// Licence of ours
\${file.imports}
import { audit } from "../audit.ts";

export default migration({
\${file.header}
\${file.upgrade}
\${file.downgrade}
});
\`;`,
  );
  const made = await project.with(
    (environment) => environment.makeMigrations({ message: "one", dryRun: true }),
    {
      template,
    },
  );
  assert.match(made.source ?? "", /^\/\/ Licence of ours\nimport \{ migration, t \}.*\nimport \{ audit \}/);
  assert.equal((await project.files()).length, 0);
  await project.write("migrations/template.ts", 'export default () => "export default 3;";');
  await assert.rejects(
    project.with((environment) => environment.makeMigrations({ message: "one" }), { template }),
    { code: "SCRIPT.TEMPLATE" },
  );
  assert.equal((await project.files()).length, 0);
});

test("a folder that cannot be written to", { skip: process.getuid?.() === 0 }, async (t) => {
  const project = await Project.make((work) => t.after(work));
  project.models = teamAnd([]);
  await project.write("migrations/versions/.keep", "");
  await chmod(project.versions, 0o500);
  t.after(() => chmod(project.versions, 0o700));
  await assert.rejects(
    project.with((environment) => environment.makeMigrations({ message: "one" })),
    { code: "MIGRATE.WRITE" },
  );
});
