/** Databases that are attached to a connection of SQLite: none of ours, whatever their tables are called. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diff } from "../../src/diff/index.ts";
import { runPlan } from "../../src/migrate/run-plan.ts";
import { plan } from "../../src/plan/index.ts";
import {
  check,
  column,
  emptySchema,
  foreignKey,
  index,
  indexPart,
  primaryKey,
  type Schema,
  schemaObject,
  t,
  table,
} from "../../src/schema/index.ts";
import { code, openWorkplace } from "../connections.ts";
import { dialects } from "../dialects.ts";

const id = column("id", t.integer(), { nullable: false });

function wanted(rich: boolean): Schema {
  const columns = [
    id,
    column("y", rich ? t.text() : t.integer()),
    ...(rich ? [column("z", t.integer())] : []),
  ];
  const a = table("a", columns, {
    primaryKey: primaryKey(["id"]),
    checks: rich ? [check("id > 0", { name: "c" })] : [],
    indexes: [index("a_x", [indexPart(rich ? "z" : "y")])],
  });
  const b = table("b", [id, column("a_id", t.integer())], {
    primaryKey: primaryKey(["id"]),
    foreignKeys: [foreignKey(["a_id"], { schema: null, name: "a", columns: ["id"] }, { name: "fk" })],
  });
  const light = { dialect: "sqlite" };
  const step = `AFTER INSERT ON a BEGIN UPDATE b SET a_id = ${rich ? 1 : 2} WHERE 0; END`;
  return {
    ...emptySchema,
    tables: [a, b],
    objects: [
      schemaObject("view", "v", rich ? "AS SELECT y, z FROM a" : "AS SELECT id FROM a", light),
      schemaObject("trigger", "g", step, { ...light, table: { schema: null, name: "a" } }),
    ],
  };
}

for (const row of dialects.filter(({ name }) => name === "sqlite")) {
  test("a database that is attached is left alone, whatever is called as ours", async (t) => {
    const { design, connection, close } = await openWorkplace(row);
    t.after(close);
    const run = (sql: string) => connection.query(sql);
    await run("ATTACH ':memory:' AS other");
    for (const sql of [
      "CREATE TABLE other.a (id INTEGER PRIMARY KEY, x TEXT)",
      "CREATE INDEX other.a_x ON a (x)",
      "CREATE TABLE other.b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a (id))",
      "CREATE VIEW other.v AS SELECT 1 AS one",
      "CREATE TRIGGER other.g AFTER INSERT ON a BEGIN SELECT 1; END",
      "INSERT INTO other.a VALUES (99, 'theirs')",
    ])
      await run(sql);
    const theirs = async (): Promise<unknown> => [
      (await run("SELECT * FROM other.sqlite_schema ORDER BY name")).rows,
      (await run("SELECT * FROM other.a")).rows,
    ];
    const before = await theirs();
    let state = await design.inspector.inspect(connection);
    assert.deepEqual([state.tables, state.objects], [[], []]);
    for (const target of [wanted(false), wanted(true), wanted(false), emptySchema]) {
      const models = await design.canonical(target, connection);
      await runPlan(plan(diff(state, models, design.rules), state, design), connection);
      state = await design.inspector.inspect(connection);
      assert.deepEqual(diff(state, models, design.rules), []);
      assert.deepEqual(await theirs(), before);
    }
    const full = await design.canonical(wanted(true), connection);
    for (const operation of diff(full, emptySchema, design.rules)) {
      for (const sql of design.ddl.statements(operation, full))
        await assert.rejects(run(sql), code("DATABASE.SYNTAX"));
    }
    assert.deepEqual(await theirs(), before);
  });
}
