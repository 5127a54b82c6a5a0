import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findLeftovers } from "../../src/inspect/index.ts";
import { plan } from "../../src/plan/index.ts";
import { newDefault, ref, workbench } from "./workbench.ts";

const sql = `
  CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT DEFAULT 'a');
  CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE);
  CREATE INDEX ix_p_x ON p (x);
  CREATE TRIGGER tr AFTER INSERT ON p BEGIN INSERT INTO c (p_id) VALUES (new.id); END;
  CREATE VIEW v AS SELECT x FROM p;
  INSERT INTO p (x) VALUES ('one'), ('two');
`;

const fails = { kind: "execute", sql: "INSERT INTO nowhere VALUES (1)", params: [], changes: [] } as const;

describe("when something fails", () => {
  it("in the middle, everything is as before, and the same change succeeds afterwards", async (context) => {
    const bench = await workbench(context, sql);
    await bench.refuses("DATABASE.SYNTAX", newDefault("p", "x", "b"), newDefault("c", "p_id", 1), fails);
    await bench.change(newDefault("p", "x", "b"));
    assert.equal((await bench.schema()).tables.length, 2);
  });

  it("after any statement of a plan, everything is as before", async (context) => {
    const bench = await workbench(context, sql);
    const operations = [
      newDefault("p", "x", "b"),
      { kind: "renameTable", from: ref("c"), to: ref("child") },
      newDefault("child", "p_id", 1),
    ] as const;
    const { steps } = plan(operations, await bench.schema(), bench.design);
    const before = await bench.dump();
    for (let stop = 1; stop <= steps.length; stop++) {
      await bench.connection.query("PRAGMA foreign_keys = OFF");
      await bench.connection.begin({ immediate: true });
      for (const step of steps.slice(0, stop)) {
        if (step.kind === "statement") await bench.connection.query(step.sql);
      }
      await bench.connection.rollback();
      for (const pragma of ["legacy_alter_table = OFF", "foreign_keys = ON"]) {
        await bench.connection.query(`PRAGMA ${pragma}`);
      }
      assert.deepEqual(await bench.dump(), before, `after ${stop} of ${steps.length}`);
    }
  });

  it("foreign keys that could not be switched off are noticed before anything is dropped", async (context) => {
    const bench = await workbench(context, sql);
    const { steps } = plan([newDefault("p", "x", "b")], await bench.schema(), bench.design);
    const [first] = steps;
    assert.ok(first?.kind === "statement" && first.violation !== undefined);
    assert.deepEqual((await bench.rows(first.sql)).length, 1);
  });

  it("a table that stands where the new one is to be filled is not overwritten: it is named", async (context) => {
    const bench = await workbench(
      context,
      `${sql} CREATE TABLE _athanor_new_p (precious TEXT); INSERT INTO _athanor_new_p VALUES ('x')`,
    );
    const error = await bench.refuses("PLAN.LEFTOVER", newDefault("p", "x", "b"));
    assert.deepEqual(error.fields, { table: "p", leftover: "_athanor_new_p" });
  });

  it("what other tools left behind is no hindrance, is kept, and can be listed", async (context) => {
    const bench = await workbench(
      context,
      `${sql} CREATE TABLE _alembic_tmp_p (x TEXT); CREATE TABLE __new_p (x TEXT); CREATE TABLE temporary_p (x TEXT); CREATE TABLE p_backup (x TEXT)`,
    );
    await bench.change(newDefault("p", "x", "b"));
    const found = findLeftovers(await bench.schema());
    assert.deepEqual(
      found.map((each) => [each.name, each.table, each.tool]),
      [
        ["__new_p", "p", "Drizzle"],
        ["_alembic_tmp_p", "p", "Alembic"],
        ["p_backup", "p", "Sequelize"],
        ["temporary_p", "p", "TypeORM"],
      ],
    );
  });

  it("several changes of one table make it anew once, and index changes of others stay out of the way", async (context) => {
    const bench = await workbench(context, sql);
    const table = await bench.table("c");
    const index = { ...(await bench.table("p")).indexes[0]!, name: "ix_c_p_id" };
    const part = { ...index.parts[0]!, column: "p_id" };
    const operations = [
      newDefault("p", "x", "b"),
      { kind: "createIndex", table: ref("c"), index: { ...index, parts: [part] } },
      { kind: "addCheck", table: ref("p"), check: { name: "ck_p_x", expression: "x <> ''", options: {} } },
      { kind: "renameColumn", table: ref("c"), from: "id", to: "key" },
      { kind: "dropIndex", table: ref("p"), name: "ix_p_x", index },
    ] as const;
    const { steps } = plan(operations, await bench.schema(), bench.design);
    const texts = steps.map((step) => (step.kind === "statement" ? step.sql : ""));
    assert.equal(texts.filter((text) => text === 'DROP TABLE "p"').length, 1);
    assert.equal(texts.filter((text) => text.startsWith("INSERT OR ABORT")).length, 1);
    await bench.change(...operations);
    assert.equal((await bench.table("p")).checks.length, 1);
    assert.equal((await bench.table("c")).columns[0]?.name, "key");
    assert.equal((await bench.table("c")).columns.length, table.columns.length);
  });
});
