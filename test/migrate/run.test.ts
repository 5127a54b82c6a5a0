import assert from "node:assert/strict";
import { test } from "node:test";
import { isAthanorError } from "../../src/errors/index.ts";
import { Project } from "./project.ts";

const createTeam = `op.createTable("team", (table) => [
      table.column("id", t.integer(), { nullable: false, autoIncrement: true }),
      table.column("name", t.text(), { nullable: false }),
      table.primaryKey(["id"], { name: "pk_team" }),
    ]);`;

async function twoRevisions(project: Project): Promise<void> {
  await project.migration("a1", null, { upgrade: createTeam, downgrade: 'op.dropTable("team");' });
  await project.migration("b2", "a1", {
    upgrade: `op.addColumn("team", "city", t.text());
    op.createIndex("ix_team_name", "team", ["name"], { unique: true });`,
    downgrade: `op.dropIndex("ix_team_name", "team");
    op.dropColumn("team", "city");`,
  });
}

test("up, down and up again", async (t) => {
  const project = await Project.make((work) => t.after(work));
  await twoRevisions(project);
  const up = await project.with((environment) => environment.upgrade());
  assert.deepEqual(
    up.steps.map((step) => [step.revision, step.direction]),
    [
      ["a1", "upgrade"],
      ["b2", "upgrade"],
    ],
  );
  assert.deepEqual([up.from, up.to], [[], ["b2"]]);
  assert.deepEqual(await project.sql("SELECT version_num FROM athanor_version"), [["b2"]]);
  await project.sql("INSERT INTO team (name, city) VALUES ('Preventers', 'Sharp Tower')");
  const down = await project.with((environment) => environment.downgrade());
  assert.deepEqual([down.from, down.to], [["b2"], ["a1"]]);
  assert.deepEqual(await project.sql("SELECT * FROM team"), [[1, "Preventers"]]);
  const again = await project.with((environment) => environment.upgrade("+1"));
  assert.deepEqual(again.to, ["b2"]);
  assert.deepEqual(await project.sql("SELECT * FROM team"), [[1, "Preventers", null]]);
  const base = await project.with((environment) => environment.downgrade("base"));
  assert.deepEqual(base.to, []);
  assert.deepEqual(await project.sql("SELECT version_num FROM athanor_version"), []);
  assert.deepEqual(
    (
      await project.sql(
        "SELECT revision, direction, status, statement_count > 0 FROM athanor_log ORDER BY id",
      )
    ).map((row) => row.join(" ")),
    [
      "a1 upgrade done 1",
      "b2 upgrade done 1",
      "b2 downgrade done 1",
      "b2 upgrade done 1",
      "b2 downgrade done 1",
      "a1 downgrade done 1",
    ],
  );
});

test("nothing to do is no error", async (t) => {
  const project = await Project.make((work) => t.after(work));
  await twoRevisions(project);
  await project.with((environment) => environment.upgrade());
  const second = await project.with((environment) => environment.upgrade());
  assert.deepEqual(second.steps, []);
  assert.deepEqual(second.to, ["b2"]);
});

test("a migration that fails in the middle leaves everything as it was", async (t) => {
  const project = await Project.make((work) => t.after(work));
  await twoRevisions(project);
  await project.with((environment) => environment.upgrade());
  await project.sql("INSERT INTO team (name) VALUES ('a'), ('b')");
  await project.migration("c3", "b2", {
    upgrade: `op.createTable("power", (table) => [table.column("id", t.integer())]);
    op.alterColumn("team", "name", { type: t.varchar(9) });
    op.execute("UPDATE team SET name = 'same'");`,
  });
  const before = await project.dump();
  await assert.rejects(
    project.with((environment) => environment.upgrade()),
    (error) => {
      assert.ok(isAthanorError(error, "MIGRATE.FAILED"), String(error));
      assert.equal(error.fields.revision, "c3");
      assert.equal(error.fields.file, "migrations/versions/c3.ts");
      assert.equal(error.fields.statement, "UPDATE team SET name = 'same'");
      assert.match(error.fields.operation ?? "", /UPDATE team/);
      assert.ok(isAthanorError(error.cause, "DATABASE.UNIQUE"));
      assert.equal(error.exit, 3);
      return true;
    },
  );
  assert.deepEqual(await project.dump(), before);
});

test("revisions before the failing one stay applied", async (t) => {
  const project = await Project.make((work) => t.after(work));
  await twoRevisions(project);
  await project.migration("c3", "b2", {
    upgrade: `op.addColumn("team", "x", t.text());
    op.dropTable("nowhere");
    op.dropColumn("team", "x");`,
  });
  await assert.rejects(
    project.with((environment) => environment.upgrade()),
    {
      code: "MIGRATE.FAILED",
      message: /c3\.ts\) failed at: drop table nowhere: There is no table "nowhere"/,
    },
  );
  assert.deepEqual(await project.sql("SELECT version_num FROM athanor_version"), [["b2"]]);
  assert.equal(project.events.at(-1)?.kind, "revisionFailed");
});

test("the first migration failing leaves no tables behind", async (t) => {
  const project = await Project.make((work) => t.after(work));
  await project.migration("a1", null, { upgrade: `${createTeam} op.execute("nonsense");` });
  await assert.rejects(
    project.with((environment) => environment.upgrade()),
    { code: "MIGRATE.FAILED" },
  );
  assert.deepEqual(await project.sql("SELECT name FROM sqlite_schema"), []);
});

test("data steps work in the migration's transaction, on the schema as it is then", async (t) => {
  const project = await Project.make((work) => t.after(work));
  await twoRevisions(project);
  await project.with((environment) => environment.upgrade());
  await project.sql("INSERT INTO team (name) VALUES ('a'), ('b')");
  await project.migration("c3", "b2", {
    upgrade: `op.addColumn("team", "motto", t.text());
    op.run("write mottos", async (db) => {
      for (const { id, name } of await db.query("SELECT id, name FROM team")) {
        await db.execute("UPDATE team SET motto = ? WHERE id = ?", ["we are " + name, id]);
      }
    }, { changes: [] });
    op.execute("ALTER TABLE team ADD COLUMN raw TEXT DEFAULT 'r'");
    op.alterColumn("team", "motto", { nullable: false });`,
  });
  const up = await project.with((environment) => environment.upgrade());
  assert.equal(up.to[0], "c3");
  assert.deepEqual(await project.sql("SELECT name, motto, raw FROM team ORDER BY id"), [
    ["a", "we are a", "r"],
    ["b", "we are b", "r"],
  ]);
  assert.ok(project.events.some((event) => event.kind === "stepFinished" && event.name === "write mottos"));
});

test("a step that commits is found out", async (t) => {
  const project = await Project.make((work) => t.after(work));
  await project.migration("a1", null, {
    upgrade: 'op.run("too much", async (db) => { await db.execute("COMMIT"); });',
  });
  await assert.rejects(
    project.with((environment) => environment.upgrade()),
    { code: "MIGRATE.TRANSACTION_ENDED" },
  );
});

test("a parent made anew keeps the rows of its children", async (t) => {
  const project = await Project.make((work) => t.after(work));
  await project.migration("a1", null, {
    upgrade: `${createTeam}
    op.createTable("hero", (table) => [
      table.column("id", t.integer(), { nullable: false }),
      table.column("team_id", t.integer()),
      table.primaryKey(["id"], { name: "pk_hero" }),
      table.foreignKey(["team_id"], "team", ["id"], { name: "fk_hero", onDelete: "cascade" }),
    ]);`,
  });
  await project.migration("b2", "a1", {
    upgrade: 'op.addCheck("team", "length(name) > 0", { name: "ck_team_name" });',
    downgrade: 'op.dropCheck("team", "ck_team_name");',
  });
  await project.with((environment) => environment.upgrade("a1"));
  await project.sql("INSERT INTO team VALUES (1, 'a')");
  await project.sql("INSERT INTO hero VALUES (7, 1)");
  await project.with((environment) => environment.upgrade());
  assert.deepEqual(await project.sql("SELECT * FROM hero"), [[7, 1]]);
  await project.with((environment) => environment.downgrade());
  assert.deepEqual(await project.sql("SELECT * FROM hero"), [[7, 1]]);
});

test("branches, a merge, and one branch alone taken back", async (t) => {
  const project = await Project.make((work) => t.after(work));
  const table = (name: string) => ({
    upgrade: `op.createTable("${name}", (table) => [table.column("id", t.integer())]);`,
    downgrade: `op.dropTable("${name}");`,
  });
  await project.migration("a1", null, table("one"));
  await project.migration("b2", "a1", { ...table("two"), labels: ["left"] });
  await project.migration("c3", "a1", { ...table("three"), labels: ["right"] });
  const up = await project.with((environment) => environment.upgrade("heads"));
  assert.deepEqual([...up.to].sort(), ["b2", "c3"]);
  await assert.rejects(
    project.with((environment) => environment.upgrade("head")),
    (error) => isAthanorError(error) && error.exit === 2,
  );
  await project.with((environment) => environment.downgrade("left@-1"));
  const names = async () =>
    (
      await project.sql("SELECT name FROM sqlite_schema WHERE name IN ('one','two','three') ORDER BY 1")
    ).flat();
  assert.deepEqual(await names(), ["one", "three"]);
  await project.with((environment) => environment.upgrade("heads"));
  const merged = await project.with((environment) => environment.merge(["heads"], { message: "join" }));
  assert.equal(merged.outcome, "written");
  const joined = await project.with((environment) => environment.upgrade());
  assert.deepEqual(joined.to, [merged.revision]);
  assert.deepEqual(await project.sql("SELECT count(*) FROM athanor_version"), [[1]]);
  await project.with((environment) => environment.downgrade("base"));
  assert.deepEqual(await names(), []);
});

test("plans and scripts change nothing", async (t) => {
  const project = await Project.make((work) => t.after(work));
  await twoRevisions(project);
  const plan = await project.with((environment) => environment.planUpgrade());
  assert.deepEqual(
    plan.steps.map((step) => [step.revision, step.operations.length]),
    [
      ["a1", 1],
      ["b2", 2],
    ],
  );
  assert.match(plan.steps[1]?.statements[0]?.sql ?? "", /ADD COLUMN/i);
  const script = await project.with((environment) => environment.upgradeSql({ range: "heads" }));
  assert.deepEqual(script.revisions, ["a1", "b2"]);
  assert.deepEqual(await project.sql("SELECT count(*) FROM sqlite_schema"), [[0]]);
});

test("a script does what the run does", async (t) => {
  const online = await Project.make((work) => t.after(work));
  const offline = await Project.make((work) => t.after(work));
  for (const project of [online, offline]) {
    await twoRevisions(project);
    await project.migration("c3", "b2", {
      upgrade: `op.alterColumn("team", "name", { nullable: true });
      op.execute("INSERT INTO team (name) VALUES (?)", { params: ["it's"] });`,
      downgrade: 'op.alterColumn("team", "name", { nullable: false });',
    });
  }
  await online.with((environment) => environment.upgrade());
  const script = await offline.with((environment) => environment.upgradeSql({ range: ":heads" }), {
    url: null,
  });
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(offline.database);
  database.exec(script.sql);
  database.close();
  const schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2";
  assert.deepEqual(await offline.sql(schema), await online.sql(schema));
  assert.deepEqual(await offline.sql("SELECT * FROM team"), await online.sql("SELECT * FROM team"));
  const log = "SELECT revision, direction, status, checksum, statement_count FROM athanor_log ORDER BY id";
  assert.deepEqual(await offline.sql(log), await online.sql(log));
  const down = await offline.with((environment) => environment.downgradeSql({ range: "c3:a1" }));
  const again = new DatabaseSync(offline.database);
  again.exec(down.sql);
  again.close();
  await online.with((environment) => environment.downgrade("a1"));
  assert.deepEqual(await offline.sql(schema), await online.sql(schema));
  const validated = await offline.with((environment) => environment.validate());
  assert.deepEqual(validated.problems, []);
});
