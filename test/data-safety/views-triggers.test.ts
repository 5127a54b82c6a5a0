import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newDefault, ref, type Workbench, workbench } from "./workbench.ts";

const shop = `
  CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, price INTEGER DEFAULT 1, secret TEXT, changed INTEGER DEFAULT 0);
  CREATE TABLE log (what TEXT);
  INSERT INTO item (id, name, price, secret) VALUES (1, 'a', 5, 's'), (2, 'b', 6, 't');
`;

const dropSecret = async (bench: Workbench) =>
  ({
    kind: "dropColumn",
    table: ref("item"),
    name: "secret",
    column: (await bench.table("item")).columns.find((each) => each.name === "secret") ?? null,
  }) as const;

const check = {
  kind: "addCheck",
  table: ref("item"),
  check: { name: "ck_item_price", expression: "price > 0", options: {} },
} as const;

describe("views and triggers, when a table is made anew", () => {
  it("a view on the table survives, and so does one on that view", async (context) => {
    const bench = await workbench(
      context,
      `${shop} CREATE VIEW cheap AS SELECT id, name FROM item WHERE price < 6;
       CREATE VIEW names AS SELECT name FROM cheap`,
    );
    const views = (await bench.schema()).objects;
    await bench.change(newDefault("item", "price", 2));
    assert.deepEqual((await bench.schema()).objects, views);
    assert.deepEqual(await bench.rows("SELECT * FROM names"), [["a"]]);
  });

  it("triggers of every kind survive and fire", async (context) => {
    const bench = await workbench(
      context,
      `${shop} CREATE VIEW v AS SELECT id, name FROM item;
       CREATE TRIGGER added AFTER INSERT ON item WHEN new.price > 1 BEGIN
         INSERT INTO log VALUES (CASE WHEN new.price > 8 THEN 'dear; ' ELSE 'add ' END || new.name); END;
       CREATE TRIGGER named BEFORE UPDATE OF name ON ITEM BEGIN INSERT INTO log VALUES ('name'); END;
       CREATE TRIGGER into_v INSTEAD OF INSERT ON v BEGIN INSERT INTO item (name) VALUES (new.name); END;
       CREATE TRIGGER from_log AFTER DELETE ON log BEGIN UPDATE item SET changed = changed + 1; END`,
    );
    const triggers = (await bench.schema()).objects;
    await bench.change(newDefault("item", "price", 9));
    assert.deepEqual((await bench.schema()).objects, triggers);
    assert.deepEqual(await bench.rows("SELECT * FROM log"), [], "copying rows fires nothing");
    await bench.script("INSERT INTO v (name) VALUES ('c'); UPDATE item SET name = 'd' WHERE id = 1");
    assert.deepEqual(await bench.rows("SELECT * FROM log"), [["dear; c"], ["name"]]);
    await bench.script("DELETE FROM log WHERE what = 'name'");
    assert.deepEqual(await bench.rows("SELECT changed FROM item"), [[1], [1], [1]]);
  });

  it("a column that a view shows is not dropped: the view is named", async (context) => {
    const bench = await workbench(context, `${shop} CREATE VIEW shown AS SELECT i.secret FROM item AS i`);
    const error = await bench.refuses("PLAN.DEPENDENT", await dropSecret(bench), check);
    assert.deepEqual(error.fields, { kind: "view", name: "shown", table: "item", column: "secret" });
  });

  it("where only SQLite can tell, it does, in the transaction, and everything is as before", async (context) => {
    const bench = await workbench(
      context,
      `${shop} CREATE TABLE other (secret TEXT, x INTEGER);
       CREATE VIEW shown AS SELECT item.id, secret FROM item JOIN (SELECT x FROM other) AS o ON o.x = item.id`,
    );
    const error = await bench.refuses("DATABASE.SYNTAX", await dropSecret(bench), check);
    assert.match(error.message, /view shown/);
  });

  it("a view over another column, or one of the same name elsewhere, is no hindrance", async (context) => {
    const bench = await workbench(
      context,
      `${shop} CREATE TABLE other (secret TEXT, id INTEGER);
       CREATE VIEW v1 AS SELECT id, 'secret' AS secret FROM item;
       CREATE VIEW v2 AS SELECT o.secret FROM item JOIN other AS o ON o.id = item.id;
       CREATE VIEW v3 AS SELECT * FROM item;
       CREATE VIEW v4 AS SELECT secret.id FROM item secret`,
    );
    await bench.change(await dropSecret(bench), check);
    assert.deepEqual(await bench.rows("SELECT secret FROM v1"), [["secret"], ["secret"]]);
    assert.equal((await bench.rows("SELECT * FROM v3"))[0]?.length, 4);
  });

  it("a column that a trigger reads is not dropped: the trigger is named", async (context) => {
    const bench = await workbench(
      context,
      `${shop} CREATE TRIGGER t AFTER INSERT ON item BEGIN INSERT INTO log VALUES (new.secret); END`,
    );
    const error = await bench.refuses("PLAN.DEPENDENT", await dropSecret(bench), check);
    assert.deepEqual(error.fields, { kind: "trigger", name: "t", table: "item", column: "secret" });
  });

  for (const step of [
    "UPDATE item SET price = 1, secret = 'x'",
    "UPDATE OR IGNORE item SET (price, secret) = (1, 'x')",
    "INSERT INTO item (id, secret) VALUES (5, 'x')",
    "INSERT INTO item (id) VALUES (1) ON CONFLICT DO UPDATE SET secret = 'x'",
  ]) {
    it(`a trigger of another table that writes the column: ${step}`, async (context) => {
      const bench = await workbench(
        context,
        `${shop} CREATE TRIGGER t AFTER INSERT ON log BEGIN ${step}; END`,
      );
      const error = await bench.refuses("PLAN.DEPENDENT", await dropSecret(bench), check);
      assert.deepEqual(error.fields, { kind: "trigger", name: "t", table: "item", column: "secret" });
    });
  }

  it("a trigger of another table that reads the column is found by SQLite", async (context) => {
    const bench = await workbench(
      context,
      `${shop} CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM item WHERE secret = 'x'; END`,
    );
    const error = await bench.refuses("DATABASE.SYNTAX", await dropSecret(bench), check);
    assert.match(error.message, /trigger t/);
  });

  it("a table that a view or trigger works on is not dropped", async (context) => {
    const bench = await workbench(context, `${shop} CREATE VIEW v AS SELECT what FROM log, item`);
    const table = await bench.table("log");
    const drop = { kind: "dropTable", name: ref("log"), table } as const;
    assert.deepEqual((await bench.refuses("PLAN.DEPENDENT", drop)).fields, {
      kind: "view",
      name: "v",
      table: "log",
      column: null,
    });
    await bench.script(
      "DROP VIEW v; CREATE TRIGGER t AFTER INSERT ON item BEGIN INSERT INTO log VALUES ('x'); END",
    );
    await bench.refuses("PLAN.DEPENDENT", drop);
  });

  it("a renamed column is renamed in views and triggers too, though the table is made anew at once", async (context) => {
    const bench = await workbench(
      context,
      `${shop} CREATE VIEW v AS SELECT secret FROM item;
       CREATE TRIGGER t AFTER UPDATE OF secret ON item BEGIN INSERT INTO log VALUES (old.secret || new.secret); END`,
    );
    const rename = { kind: "renameColumn", table: ref("item"), from: "secret", to: "hidden" } as const;
    await bench.change(rename);
    await bench.change({ ...rename, from: "hidden", to: "code" }, check, newDefault("item", "code", "z"));
    await bench.script("UPDATE item SET code = 'u' WHERE id = 1");
    assert.deepEqual(await bench.rows("SELECT * FROM log"), [["su"]]);
    assert.deepEqual(await bench.rows("SELECT code FROM v"), [["u"], ["t"]]);
  });

  it("a renamed table is renamed in views and triggers too, though it is made anew at once", async (context) => {
    const bench = await workbench(
      context,
      `${shop} CREATE VIEW v AS SELECT item.name FROM item;
       CREATE TRIGGER t AFTER INSERT ON item BEGIN UPDATE item SET changed = 7 WHERE id = new.id; END`,
    );
    await bench.change(
      { kind: "renameTable", from: ref("item"), to: ref("Things") },
      newDefault("Things", "price", 3),
    );
    await bench.script("INSERT INTO Things (id, name) VALUES (9, 'n')");
    assert.deepEqual(await bench.rows("SELECT price, changed FROM Things WHERE id = 9"), [[3, 7]]);
    assert.deepEqual(await bench.rows("SELECT * FROM v"), [["a"], ["b"], ["n"]]);
  });

  it("a trigger that the plan does not know of is not lost in silence", async (context) => {
    const bench = await workbench(context, shop);
    const sql = "CREATE TRIGGER t AFTER INSERT ON item BEGIN INSERT INTO log VALUES ('x'); END";
    const raw = { kind: "execute", sql, params: [], changes: [] } as const;
    const error = await bench.refuses("PLAN.VIOLATION", raw, newDefault("item", "price", 2));
    assert.match(error.message, /for example t\)/);
  });
});
