import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { describe, it, type TestContext } from "node:test";
import { Project } from "../migrate/project.ts";

/** A history of one revision, applied, with rows: teams, heroes that go with their team, a log. */
async function started(context: TestContext): Promise<Project> {
  const project = await Project.make((work) => context.after(work));
  await project.migration("a1", null, {
    upgrade: `op.createTable("team", (table) => [
      table.column("id", t.integer(), { nullable: false, autoIncrement: true }),
      table.column("name", t.text()),
      table.primaryKey(["id"], { name: "pk_team" }),
    ]);
    op.createTable("hero", (table) => [
      table.column("id", t.integer(), { nullable: false, autoIncrement: true }),
      table.column("team_id", t.integer()),
      table.primaryKey(["id"], { name: "pk_hero" }),
      table.foreignKey(["team_id"], "team", ["id"], { name: "fk_hero_team", onDelete: "cascade" }),
    ]);
    op.createTable("log", (table) => [table.column("what", t.text())]);`,
    downgrade: 'op.dropTable("log"); op.dropTable("hero"); op.dropTable("team");',
  });
  await project.with((environment) => environment.upgrade());
  await project.sql("INSERT INTO team VALUES (1, 'a'), (2, '12')");
  await project.sql("INSERT INTO hero VALUES (7, 1), (8, 2)");
  return project;
}

const heroes = [
  [7, 1],
  [8, 2],
];

describe("migrations of a project", () => {
  it("a trigger made in the same file as a rebuild is kept", async (context) => {
    const project = await started(context);
    await project.migration("b2", "a1", {
      upgrade: `op.execute("CREATE TRIGGER tr AFTER INSERT ON team BEGIN INSERT INTO log VALUES (new.name); END");
      op.addCheck("team", "name <> ''", { name: "ck_team_name" });
      op.execute("INSERT INTO team (name) VALUES ('c')");
      op.alterColumn("team", "name", { nullable: false });`,
      downgrade: `op.alterColumn("team", "name", { nullable: true });
      op.dropCheck("team", "ck_team_name");
      op.execute("DROP TRIGGER tr");`,
    });
    await project.with((environment) => environment.upgrade());
    await project.sql("INSERT INTO team (name) VALUES ('d')");
    assert.deepEqual(await project.sql("SELECT what FROM log"), [["c"], ["d"]]);
    assert.deepEqual(await project.sql("SELECT * FROM hero"), heroes);
    await project.with((environment) => environment.downgrade());
    assert.deepEqual(await project.sql("SELECT * FROM hero"), heroes);
  });

  it("a run that failed leaves nothing, and the corrected file runs", async (context) => {
    const project = await started(context);
    const upgrade = `op.alterColumn("team", "name", { type: t.integer() });`;
    await project.migration("b2", "a1", { upgrade });
    const before = await project.dump();
    await assert.rejects(
      project.with((environment) => environment.upgrade()),
      {
        code: "MIGRATE.VIOLATION",
        message: /column "name" of table "team" do not fit its new type \(1 row.*'a'/,
      },
    );
    assert.deepEqual(await project.dump(), before);
    await project.migration("b2", "a1", {
      upgrade: `op.execute("UPDATE team SET name = '11' WHERE name = 'a'"); ${upgrade}`,
    });
    await project.with((environment) => environment.upgrade());
    assert.deepEqual(await project.sql("SELECT id, name, typeof(name) FROM team"), [
      [1, 11, "integer"],
      [2, 12, "integer"],
    ]);
    assert.deepEqual(await project.sql("SELECT * FROM hero"), heroes);
  });

  it("a data step that takes away what children refer to is found before the commit", async (context) => {
    const project = await started(context);
    await project.migration("b2", "a1", {
      upgrade: `op.addCheck("team", "name <> ''", { name: "ck_team_name" });
      op.execute("DELETE FROM team WHERE id = 1");`,
    });
    const before = await project.dump();
    await assert.rejects(
      project.with((environment) => environment.upgrade()),
      { code: "MIGRATE.VIOLATION", message: /rows of table "hero" refer to rows that are not there/ },
    );
    assert.deepEqual(await project.dump(), before);
  });

  it("a script stops where the run would have", async (context) => {
    const project = await started(context);
    await project.migration("b2", "a1", {
      upgrade: `op.alterColumn("team", "name", { type: t.integer() });`,
    });
    const script = await project.with((environment) => environment.upgradeSql({ range: "a1:heads" }));
    assert.match(script.sql, /sqlite3 -bail/);
    const before = await project.dump();
    const database = new DatabaseSync(project.database);
    assert.throws(() => database.exec(script.sql), /do not fit its new type: 1 \(''a''\)/);
    database.close();
    assert.deepEqual(await project.dump(), before);
    await project.sql("UPDATE team SET name = '11' WHERE id = 1");
    const again = new DatabaseSync(project.database);
    again.exec(script.sql);
    again.close();
    assert.deepEqual(await project.sql("SELECT name FROM team"), [[11], [12]]);
    assert.deepEqual(await project.sql("SELECT * FROM hero"), heroes);
  });
});
