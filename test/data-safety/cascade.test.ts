import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newDefault, ref, workbench } from "./workbench.ts";

const chats = (action: string): string => `
  CREATE TABLE chats (id INTEGER PRIMARY KEY, title TEXT NOT NULL DEFAULT 'old');
  CREATE TABLE messages (id INTEGER PRIMARY KEY, chat_id INTEGER REFERENCES chats (id) ON DELETE ${action});
  INSERT INTO chats VALUES (1, 'a'), (2, 'b');
  INSERT INTO messages VALUES (10, 1), (11, 2);
`;

describe("rows of other tables, when a table is made anew or dropped", () => {
  for (const action of ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"]) {
    it(`a parent is made anew under ON DELETE ${action}`, async (context) => {
      const bench = await workbench(context, chats(action));
      await bench.change(newDefault("chats", "title", "new"));
      assert.deepEqual(await bench.rows("SELECT * FROM messages"), [
        [10, 1],
        [11, 2],
      ]);
      await bench.script("INSERT INTO chats (id) VALUES (3)");
      assert.deepEqual(await bench.rows("SELECT title FROM chats WHERE id = 3"), [["new"]]);
    });
  }

  it("the reference still works afterwards, and cascades when it is meant to", async (context) => {
    const bench = await workbench(context, chats("CASCADE"));
    await bench.change(newDefault("chats", "title", "new"));
    await assert.rejects(bench.script("INSERT INTO messages VALUES (12, 99)"), {
      code: "DATABASE.FOREIGN_KEY",
    });
    await bench.script("DELETE FROM chats WHERE id = 1");
    assert.deepEqual(await bench.rows("SELECT id FROM messages"), [[11]]);
  });

  it("a table that refers to itself with ON DELETE CASCADE", async (context) => {
    const bench = await workbench(
      context,
      `CREATE TABLE node (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES node (id) ON DELETE CASCADE, x TEXT DEFAULT 'a');
       INSERT INTO node (id, parent) VALUES (1, NULL), (2, 1), (3, 2)`,
    );
    await bench.change(newDefault("node", "x", "b"));
    assert.deepEqual(await bench.rows("SELECT id, parent, x FROM node"), [
      [1, null, "a"],
      [2, 1, "a"],
      [3, 2, "a"],
    ]);
    assert.deepEqual((await bench.table("node")).foreignKeys[0]?.references.name, "node");
  });

  it("parent and child are both made anew, and refer to each other", async (context) => {
    const bench = await workbench(
      context,
      `CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER REFERENCES b (id) ON DELETE CASCADE, x TEXT DEFAULT 'a');
       CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a (id) ON DELETE CASCADE, x TEXT DEFAULT 'a');
       INSERT INTO a (id) VALUES (1); INSERT INTO b (id, a_id) VALUES (2, 1); UPDATE a SET b_id = 2`,
    );
    await bench.change(newDefault("a", "x", "c"), newDefault("b", "x", "c"));
    assert.deepEqual(await bench.rows("SELECT * FROM a"), [[1, 2, "a"]]);
    assert.deepEqual(await bench.rows("SELECT * FROM b"), [[2, 1, "a"]]);
  });

  it("a parent that is dropped takes no rows of its children along: it is refused", async (context) => {
    const bench = await workbench(context, chats("CASCADE"));
    const table = await bench.table("chats");
    const error = await bench.refuses("PLAN.VIOLATION", { kind: "dropTable", name: ref("chats"), table });
    assert.match(error.message, /rows of table "messages" refer to rows that are not there \(2 rows/);
  });

  it("a parent is dropped after the foreign key of its child, and the rows of the child stay", async (context) => {
    const bench = await workbench(context, chats("CASCADE"));
    const table = await bench.table("chats");
    const foreignKey = (await bench.table("messages")).foreignKeys[0]!;
    await bench.change(
      { kind: "dropForeignKey", table: ref("messages"), name: null, foreignKey },
      { kind: "dropTable", name: ref("chats"), table },
    );
    assert.deepEqual(await bench.rows("SELECT * FROM messages"), [
      [10, 1],
      [11, 2],
    ]);
  });

  it("a foreign key that rows break is refused, with a row to look at", async (context) => {
    const bench = await workbench(
      context,
      `CREATE TABLE team (id INTEGER PRIMARY KEY); CREATE TABLE hero (id INTEGER PRIMARY KEY, team_id INTEGER);
       INSERT INTO team VALUES (1); INSERT INTO hero VALUES (1, 1), (2, 7)`,
    );
    const error = await bench.refuses("PLAN.VIOLATION", {
      kind: "addForeignKey",
      table: ref("hero"),
      foreignKey: {
        name: "fk_hero_team",
        columns: ["team_id"],
        references: { ...ref("team"), columns: ["id"] },
        onDelete: "no action",
        onUpdate: "no action",
        deferrable: null,
        match: "simple",
        options: {},
      },
    });
    assert.match(error.message, /1 row; for example hero row 2 refers to team/);
  });

  it("what a data step deletes while foreign keys are off is found before the commit", async (context) => {
    const bench = await workbench(context, chats("NO ACTION"));
    await bench.refuses(
      "PLAN.VIOLATION",
      newDefault("messages", "id", 0),
      newDefault("chats", "title", "new"),
      {
        kind: "execute",
        sql: "DELETE FROM chats WHERE id = 1",
        params: [],
        changes: [],
      },
    );
  });
});
