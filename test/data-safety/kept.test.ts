import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newDefault, ref, workbench } from "./workbench.ts";

describe("what a table is, when it is made anew", () => {
  const whole = `
    CREATE TABLE "Order Item" (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      code TEXT COLLATE NOCASE NOT NULL ON CONFLICT IGNORE,
      "a b" VARCHAR(20) DEFAULT (lower('ABC')),
      n INTEGER DEFAULT -1 CHECK ("Order Item".n > -5),
      total INTEGER GENERATED ALWAYS AS (n * 2) VIRTUAL,
      kept INTEGER AS (n + 1) STORED,
      x [strange type] DEFAULT current_timestamp,
      any_,
      UNIQUE (code COLLATE BINARY, n DESC) ON CONFLICT REPLACE,
      CHECK (n <> 7), -- a note with a ' in it
      CONSTRAINT "fk it" FOREIGN KEY (n) REFERENCES other (id) MATCH FULL ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED
    );
    CREATE TABLE other (id INTEGER PRIMARY KEY);
    CREATE INDEX i1 ON "Order Item" (lower(code) COLLATE RTRIM DESC, n) WHERE n IS NOT NULL AND code <> 'x';
    CREATE UNIQUE INDEX i2 ON "Order Item" ("a b" COLLATE NOCASE);
    INSERT INTO other VALUES (1), (2);
    INSERT INTO "Order Item" (code, "a b", n) VALUES ('A', 'p', 1), ('b', 'q', 2);
  `;

  it("collations, conflict clauses, generated columns, unnamed checks, indexes: everything is as before", async (context) => {
    const bench = await workbench(context, whole);
    const before = await bench.schema();
    const rows = await bench.rows(`SELECT rowid, * FROM "Order Item"`);
    await bench.change(newDefault("Order Item", "any_", "z"));
    await bench.change({
      kind: "alterColumn",
      table: ref("Order Item"),
      name: "any_",
      from: {},
      to: { default: null },
      using: null,
    });
    assert.deepEqual(await bench.schema(), before);
    assert.deepEqual(await bench.rows(`SELECT rowid, * FROM "Order Item"`), rows);
  });

  it("and it does what it did", async (context) => {
    const bench = await workbench(context, whole);
    await bench.change(newDefault("Order Item", "any_", "z"));
    assert.deepEqual(await bench.rows(`SELECT n FROM "Order Item" WHERE code = 'a'`), [[1]], "NOCASE");
    await bench.script(`INSERT INTO "Order Item" (code, n) VALUES (NULL, 1)`);
    assert.deepEqual(await bench.rows(`SELECT count(*) FROM "Order Item"`), [[2]], "ON CONFLICT IGNORE");
    await bench.script(`INSERT INTO "Order Item" (code, n, "a b") VALUES ('A', 1, 'r')`);
    assert.deepEqual(
      await bench.rows(`SELECT id, "a b" FROM "Order Item" WHERE n = 1`),
      [[4, "r"]],
      "REPLACE",
    );
    for (const n of [7, -6]) {
      const insert = bench.script(`INSERT INTO "Order Item" (code, n) VALUES ('c', ${n})`);
      await assert.rejects(insert, { code: "DATABASE.CHECK" });
    }
  });

  it("the counter of AUTOINCREMENT, which is beyond the last row", async (context) => {
    const bench = await workbench(
      context,
      `CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT DEFAULT 'a');
       CREATE TABLE e (id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT DEFAULT 'a');
       INSERT INTO t (id) VALUES (1), (100); DELETE FROM t WHERE id = 100; INSERT INTO e (id) VALUES (50); DELETE FROM e`,
    );
    await bench.change(newDefault("t", "x", "b"), newDefault("e", "x", "b"));
    await bench.script("INSERT INTO t DEFAULT VALUES; INSERT INTO e DEFAULT VALUES");
    assert.deepEqual(await bench.rows("SELECT * FROM t"), [
      [1, "a"],
      [101, "b"],
    ]);
    assert.deepEqual(await bench.rows("SELECT * FROM e"), [[51, "b"]]);
    assert.deepEqual(await bench.rows("SELECT name FROM sqlite_sequence ORDER BY name"), [["e"], ["t"]]);
  });

  it("row ids of a table without a key of its own, and what refers to them", async (context) => {
    const bench = await workbench(
      context,
      `CREATE TABLE doc (body TEXT, rowid_ TEXT DEFAULT 'a'); INSERT INTO doc (rowid, body) VALUES (5, 'five'), (9, 'nine');
       CREATE VIRTUAL TABLE search USING fts5 (body, content = doc, content_rowid = rowid);
       INSERT INTO search (search) VALUES ('rebuild')`,
    );
    await bench.change(newDefault("doc", "rowid_", "b"));
    assert.deepEqual(await bench.rows("SELECT rowid, body FROM doc"), [
      [5, "five"],
      [9, "nine"],
    ]);
    assert.deepEqual(await bench.rows("SELECT rowid FROM search WHERE search MATCH 'nine'"), [[9]]);
    const { objects, unmanaged } = await bench.schema();
    assert.ok(objects.some((each) => each.kind === "virtualTable" && each.name === "search"));
    assert.ok(unmanaged.some((each) => each.kind === "shadow table" && each.name === "search_idx"));
  });

  it("STRICT and WITHOUT ROWID", async (context) => {
    const bench = await workbench(
      context,
      `CREATE TABLE s (k TEXT PRIMARY KEY, v ANY, x INT) STRICT, WITHOUT ROWID; INSERT INTO s VALUES ('a', '007', 1), ('b', x'00ff', 2)`,
    );
    await bench.change(newDefault("s", "x", 3));
    const { options } = await bench.table("s");
    assert.deepEqual(options, { sqlite: { strict: true, withoutRowid: true } });
    assert.deepEqual(await bench.rows("SELECT k, typeof(v), quote(v) FROM s"), [
      ["a", "text", "'007'"],
      ["b", "blob", "X'00FF'"],
    ]);
  });

  it("a conflict clause that drops rows is overridden while rows are copied", async (context) => {
    const bench = await workbench(
      context,
      "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'a')",
    );
    const unique = (conflict: string) =>
      ({
        kind: "addUnique",
        table: ref("t"),
        unique: {
          name: "uq_t_x",
          columns: ["x"],
          nullsNotDistinct: false,
          deferrable: null,
          options: { sqlite: { conflict } },
        },
      }) as const;
    for (const conflict of ["ignore", "replace"]) {
      const error = await bench.refuses("PLAN.VIOLATION", unique(conflict));
      assert.match(error.message, /2 rows; for example 'a'/);
    }
  });

  it("what ALTER TABLE can do makes no table anew", async (context) => {
    const bench = await workbench(
      context,
      "CREATE TABLE team (id INTEGER PRIMARY KEY); CREATE TABLE hero (id INTEGER PRIMARY KEY, old TEXT); INSERT INTO hero VALUES (1, 'x')",
    );
    const page = async () => bench.rows("SELECT rootpage FROM sqlite_schema WHERE name = 'hero'");
    const before = await page();
    const column = (await bench.table("hero")).columns[1]!;
    await bench.change(
      { kind: "addColumn", table: ref("hero"), column: { ...column, name: "team_id" } },
      {
        kind: "addForeignKey",
        table: ref("hero"),
        foreignKey: {
          name: "fk_hero_team",
          columns: ["team_id"],
          references: { ...ref("team"), columns: ["id"] },
          onDelete: "set null",
          onUpdate: "no action",
          deferrable: null,
          match: "simple",
          options: {},
        },
      },
      { kind: "dropColumn", table: ref("hero"), name: "old", column },
      { kind: "renameColumn", table: ref("hero"), from: "team_id", to: "group" },
    );
    const { foreignKeys } = await bench.table("hero");
    assert.deepEqual(foreignKeys[0]?.columns, ["group"]);
    assert.deepEqual(await page(), before);
  });
});
