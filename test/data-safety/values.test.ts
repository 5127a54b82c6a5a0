import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Operation } from "../../src/operation/operation.ts";
import { type Column, type ColumnType, column, t } from "../../src/schema/index.ts";
import { ref, workbench } from "./workbench.ts";

const alter = (to: Partial<Column>, using: string | null = null): Operation => ({
  kind: "alterColumn",
  table: ref("t"),
  name: "x",
  from: {},
  to,
  using,
});

const filled = (type: string, ...values: readonly string[]): string =>
  `CREATE TABLE t (id INTEGER PRIMARY KEY, x ${type}); INSERT INTO t (x) VALUES ${values.map((v) => `(${v})`).join(", ")}`;

describe("values, when a column gets another type", () => {
  const fit: readonly (readonly [string, ColumnType, readonly string[], readonly unknown[]])[] = [
    ["TEXT", t.integer(), ["'12'", "' 7 '", "NULL"], [12, 7, null]],
    ["TEXT", t.double(), ["'1.5'", "'2'"], [1.5, 2]],
    ["INTEGER", t.text(), ["9007199254740993", "-1"], ["9007199254740993", "-1"]],
    ["REAL", t.numeric(10, 2), ["0.25"], ["0.25"]],
    ["TEXT", t.json(), [`'{"a":1}'`, "'[1]'"], ['{"a":1}', "[1]"]],
    ["TEXT", t.date(), ["'2020-02-29'"], ["2020-02-29"]],
    ["TEXT", t.boolean(), ["'0'", "'1'"], [0, 1]],
    ["VARCHAR(80)", t.varchar(5), ["'longer than five'"], ["longer than five"]],
    ["TEXT", t.enum(["a", "b"]), ["'a'", "NULL"], ["a", null]],
  ];
  for (const [from, to, values, expected] of fit) {
    it(`${from} to ${to.kind}: ${values.join(", ")}`, async (context) => {
      const bench = await workbench(context, filled(from, ...values));
      await bench.change(alter({ type: to }));
      const found = await bench.rows("SELECT x FROM t ORDER BY id");
      assert.deepEqual(
        found.map(([value]) => value),
        expected,
      );
    });
  }

  const unfit: readonly (readonly [string, ColumnType, string])[] = [
    ["TEXT", t.integer(), "'abc'"],
    ["TEXT", t.integer(), "'12 pieces'"],
    ["TEXT", t.integer(), "'1.5'"],
    ["TEXT", t.integer(), "''"],
    ["TEXT", t.bigint(), "'123456789012345678901'"],
    ["REAL", t.integer(), "1.5"],
    ["BLOB", t.integer(), "x'3132'"],
    ["INTEGER", t.double(), "9007199254740993"],
    ["TEXT", t.numeric(), "'ten'"],
    ["TEXT", t.json(), "'{not json'"],
    ["TEXT", t.date(), "'29.2.2020'"],
    ["TEXT", t.date(), "'2020-01-01 10:00:00'"],
    ["TEXT", t.timestamptz(), "'yesterday'"],
    ["INTEGER", t.boolean(), "5"],
    ["TEXT", t.enum(["a", "b"]), "'c'"],
  ];
  for (const [from, to, value] of unfit) {
    it(`${value} in ${from} is not turned into something else as ${to.kind}: it is refused`, async (context) => {
      const bench = await workbench(context, filled(from, value, "NULL"));
      const error = await bench.refuses("PLAN.VIOLATION", alter({ type: to }));
      assert.match(error.message, /column "x" of table "t" do not fit its new type \(1 row; for example /);
    });
  }

  it("an expression of one's own converts what a cast cannot", async (context) => {
    const bench = await workbench(context, filled("TEXT", "'12 pieces'"));
    await bench.change(alter({ type: t.integer() }, "CAST(replace(x, ' pieces', '') AS INTEGER)"));
    assert.deepEqual(await bench.rows("SELECT x, typeof(x) FROM t"), [[12, "integer"]]);
  });

  it("a column becomes NOT NULL only where every row has a value: table, column and count are named", async (context) => {
    const bench = await workbench(context, filled("TEXT", "'a'", "NULL", "NULL"));
    const error = await bench.refuses("PLAN.VIOLATION", alter({ nullable: false }));
    assert.match(error.message, /column "x" of table "t" becomes NOT NULL.*\(2 rows; for example id = 2\)/);
  });

  it("or where a default fills in", async (context) => {
    const bench = await workbench(context, filled("TEXT", "'a'", "NULL"));
    await bench.change(alter({ nullable: false, default: { kind: "literal", value: "it's" } }));
    assert.deepEqual(await bench.rows("SELECT x FROM t"), [["a"], ["it's"]]);
  });

  it("a NOT NULL column without a default is added to an empty table only", async (context) => {
    const bench = await workbench(context, filled("TEXT", "'a'"));
    const add: Operation = {
      kind: "addColumn",
      table: ref("t"),
      column: column("y", t.text(), { nullable: false }),
    };
    const error = await bench.refuses("PLAN.VIOLATION", add);
    assert.match(error.message, /column "y" is added to table "t" as NOT NULL without a default/);
    await bench.script("DELETE FROM t");
    await bench.change(add);
    assert.equal((await bench.table("t")).columns[2]?.nullable, false);
  });

  it("a default that is not constant fills the rows that are there", async (context) => {
    const bench = await workbench(context, filled("TEXT", "'a'", "'b'"));
    const y = column("y", t.text(), { nullable: false, default: { kind: "expression", sql: "upper('z')" } });
    await bench.change({ kind: "addColumn", table: ref("t"), column: y });
    assert.deepEqual(await bench.rows("SELECT x, y FROM t"), [
      ["a", "Z"],
      ["b", "Z"],
    ]);
  });

  it("a key that rows break is refused, by its own collation", async (context) => {
    const bench = await workbench(context, filled("TEXT COLLATE NOCASE", "'a'", "'A'", "NULL", "NULL"));
    const unique = { name: "uq_t_x", columns: ["x"], nullsNotDistinct: false, deferrable: null, options: {} };
    const error = await bench.refuses("PLAN.VIOLATION", { kind: "addUnique", table: ref("t"), unique });
    assert.match(error.message, /rows of table "t" are alike in "x", which is to be unique \(2 rows/);
  });

  it("a check that rows break is refused, and named", async (context) => {
    const bench = await workbench(context, filled("INTEGER", "1", "-1"));
    const check = { name: "ck_t_x", expression: "x > 0", options: {} };
    const error = await bench.refuses("DATABASE.CHECK", { kind: "addCheck", table: ref("t"), check });
    assert.match(error.message, /ck_t_x/);
  });
});
