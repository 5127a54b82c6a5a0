import assert from "node:assert/strict";
import { test } from "node:test";
import { applyAll, describe, type Operation } from "../operation/index.ts";
import { emptySchema, t } from "../schema/index.ts";
import { type MigrationOperations, record } from "../script/index.ts";
import { joined, simplified } from "./squash-operations.ts";

const recorded = (body: (op: MigrationOperations) => void): readonly Operation[] =>
  record({ file: "a.ts", direction: "upgrade" }, body);

const rules = {
  sameType: Object.is,
  sameDefault: Object.is,
  sameExpression: Object.is,
  describeType: () => "",
};

function shorten(before: (op: MigrationOperations) => void, body: (op: MigrationOperations) => void) {
  const start = applyAll(emptySchema, recorded(before));
  const operations = recorded(body);
  const result = simplified(operations, start, rules);
  if (result !== null)
    assert.deepEqual(
      applyAll(start, result).tables.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      applyAll(start, operations).tables.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    );
  return result?.map((each) => describe(each).replace(/ \(.*/, "")) ?? null;
}

const make = (name: string) => (op: MigrationOperations) =>
  op.createTable(name, (table) => [
    table.column("id", t.integer(), { nullable: false }),
    table.primaryKey(["id"]),
  ]);
const nothing = (): void => undefined;

test("what is done to a new table goes into it", () => {
  const done = shorten(nothing, (op) => {
    make("a")(op);
    op.addColumn("a", "b_id", t.integer());
    make("b")(op);
    op.addForeignKey("a", ["b_id"], "b", ["id"], { name: "fk" });
    op.renameTable("a", "c");
    make("gone")(op);
    op.dropTable("gone");
  });
  assert.deepEqual(done, ["create table b", "create table c"]);
});

test("what stood before is changed step by step", () => {
  const done = shorten(make("old"), (op) => {
    op.addColumn("old", "x", t.integer());
    make("new")(op);
    op.addColumn("new", "y", t.integer());
    op.addForeignKey("old", ["x"], "new", ["id"], { name: "fk" });
  });
  assert.deepEqual(done?.length, 3);
  assert.match(done?.at(-1) ?? "", /foreign key/);
});

test("statements of one's own stay where they are", () => {
  const done = shorten(nothing, (op) => {
    make("a")(op);
    op.addColumn("a", "x", t.integer());
    op.execute("UPDATE a SET x = 1");
    op.addColumn("a", "y", t.integer());
    op.dropColumn("a", "x");
  });
  assert.deepEqual(done?.length, 4);
  assert.match(done?.[1] ?? "", /UPDATE/);
});

test("nothing is gained, or a name is taken again", () => {
  assert.equal(shorten(nothing, make("a")), null);
  const again = shorten(make("a"), (op) => {
    op.dropTable("a");
    make("a")(op);
    op.addColumn("a", "x", t.integer());
  });
  assert.equal(again, null);
});

test("blocks of a dialect keep their meaning among those of another", () => {
  const lists = [
    recorded((op) => op.on("one", (inner) => make("for_both")(inner))),
    recorded((op) => op.on("two", (inner) => make("for_two")(inner))),
  ];
  const all = joined(lists, new Map([["two", ["one"]]]));
  const dialects = all.map((operation) => (operation.kind === "onDialect" ? operation.dialect : ""));
  assert.deepEqual(dialects, ["one", "two", "two"]);
  assert.deepEqual(joined(lists, new Map()).length, 2);
});
