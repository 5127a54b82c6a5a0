import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { followRename } from "../operation/follow-rename.ts";
import type { Operation, RenameColumn, RenameTable } from "../operation/operation.ts";
import { namedTables } from "../operation/sql-names.ts";
import { writtenColumns } from "../operation/written-columns.ts";
import { column, type Schema, schema, schemaObject, t, table } from "../schema/index.ts";
import { tokenize } from "../schema/lexer.ts";
import { refuseDependents } from "./dependents.ts";
import { regions } from "./regions.ts";

const ref = (name: string) => ({ schema: null, name });

describe("the tables a statement names", () => {
  const cases = [
    ["SELECT a FROM t", ["t"]],
    [
      "SELECT a FROM main.t AS x, u y JOIN v USING (id) LEFT JOIN w ON w.a = x.a WHERE b IN (1, c)",
      ["t x", "u y", "v", "w"],
    ],
    ["SELECT (SELECT max(n) FROM s), q FROM (SELECT * FROM t, u) ORDER BY a, b", ["s", "t", "u"]],
    ["SELECT 1 FROM a UNION SELECT x, y FROM b GROUP BY x, y", ["a", "b"]],
    [
      "CREATE TRIGGER tr AFTER UPDATE OF x ON t BEGIN UPDATE OR IGNORE u SET a = 1, b = 2; INSERT INTO v VALUES (1, 2); DELETE FROM w; END",
      ["t", "u", "v", "w"],
    ],
  ] as const;
  for (const [sql, expected] of cases) {
    it(sql, () => {
      const found = namedTables(tokenize(sql)).map(({ name, alias }) =>
        name === alias ? name : `${name} ${alias}`,
      );
      assert.deepEqual(found, expected);
    });
  }
});

describe("the columns a trigger writes", () => {
  const written = (sql: string): string[] => {
    const tokens = tokenize(sql);
    return writtenColumns(tokens, "t").map((at) => tokens[at]!.value);
  };
  const cases = [
    ["CREATE TRIGGER x AFTER UPDATE OF a, b ON t BEGIN SELECT 1; END", ["a", "b"]],
    ["CREATE TRIGGER x AFTER UPDATE OF a, b ON u BEGIN SELECT 1; END", []],
    ["UPDATE t SET a = b + f(c, d), (e, f) = (1, 2) WHERE g = 1", ["a", "e", "f"]],
    ["UPDATE u SET a = 1; UPDATE t SET b = CASE WHEN c THEN 1 ELSE 2 END", ["b"]],
    [
      "INSERT INTO t AS x (a, b) SELECT c, d FROM u ON CONFLICT (a) DO UPDATE SET b = excluded.b",
      ["a", "b", "b"],
    ],
    ["INSERT INTO t VALUES (1, 2)", []],
  ] as const;
  for (const [sql, expected] of cases) it(sql, () => assert.deepEqual(written(sql), expected));
});

describe("regions, in which operations of different tables may change places", () => {
  const make = (name: string): Operation => ({
    kind: "createTable",
    table: table(name, [column("id", t.integer())]),
  });
  const drop = (name: string): Operation => ({ kind: "dropTable", name: ref(name), table: null });
  const rename = (from: string, to: string): Operation => ({
    kind: "renameTable",
    from: ref(from),
    to: ref(to),
  });
  const add = (name: string): Operation => ({
    kind: "addColumn",
    table: ref(name),
    column: column("x", t.text()),
  });
  const raw: Operation = { kind: "execute", sql: "SELECT 1", params: [], changes: [] };
  const index = (name: string, of: string): Operation => ({
    kind: "dropIndex",
    table: ref(of),
    name,
    index: null,
  });
  const cases: readonly (readonly [string, readonly Operation[], readonly number[]])[] = [
    ["different tables", [add("a"), add("b"), make("c"), drop("d")], [4]],
    ["a raw statement stands alone", [add("a"), raw, add("a")], [1, 1, 1]],
    ["a rename of another table", [add("a"), rename("b", "c"), add("a")], [3]],
    ["a rename of the same table", [add("a"), rename("a", "b"), add("b")], [1, 2]],
    ["a name that was given up", [drop("a"), make("a")], [1, 1]],
    ["a table dropped after it was changed", [add("a"), drop("a")], [1, 1]],
    ["an index of another table", [index("i", "a"), add("b")], [2]],
  ];
  for (const [name, operations, sizes] of cases) {
    it(name, () => {
      const found = regions(operations).map((region) =>
        region.kind === "opaque" ? 1 : region.placed.length,
      );
      assert.deepEqual(found, sizes);
    });
  }
});

const base: Schema = schema([
  table("t", [column("a", t.text()), column("b", t.text())]),
  table("u", [column("b", t.text())]),
]);

const withView = (definition: string): Schema => ({
  ...base,
  objects: [schemaObject("view", "v", definition)],
});

describe("what stands on a column", () => {
  const drop: Operation = { kind: "dropColumn", table: ref("t"), name: "b", column: null };
  const certain = ["SELECT b FROM t", 'SELECT "x"."B" FROM T AS x, u', "SELECT a FROM t WHERE b = 1"];
  const uncertain = [
    "SELECT a FROM t",
    "SELECT b FROM t, u",
    "SELECT u.b FROM t, u",
    "SELECT a AS b FROM t",
    "SELECT b FROM w, t",
    "SELECT 'b' FROM t",
  ];
  for (const sql of certain) {
    it(`certainly: ${sql}`, () =>
      assert.throws(() => refuseDependents(drop, withView(sql)), { code: "PLAN.DEPENDENT" }));
  }
  for (const sql of uncertain) {
    it(`not, or only the database can tell: ${sql}`, () => refuseDependents(drop, withView(sql)));
  }
});

describe("views follow a rename as far as text is certain", () => {
  const followed = (sql: string, operation: RenameTable | RenameColumn): string | undefined =>
    followRename(withView(sql), operation).objects[0]?.definition;

  it("of a table", () => {
    const operation: RenameTable = { kind: "renameTable", from: ref("t"), to: ref("T 2") };
    assert.equal(
      followed("SELECT t.a, x.t FROM t JOIN u x ON x.t = t.b", operation),
      'SELECT "T 2".a, x.t FROM "T 2" JOIN u x ON x.t = "T 2".b',
    );
    assert.equal(followed("SELECT t.a FROM u AS t", operation), "SELECT t.a FROM u AS t");
  });

  it("of a column", () => {
    const operation: RenameColumn = { kind: "renameColumn", table: ref("t"), from: "b", to: "c" };
    assert.equal(
      followed("SELECT t.b, x.b, u.b FROM t, t AS x, u", operation),
      'SELECT t."c", x."c", u.b FROM t, t AS x, u',
    );
  });
});
