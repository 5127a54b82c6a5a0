import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findObject, findTable, schema, schemaObject, table } from "./index.ts";
import { canonicalOrder } from "./order.ts";

describe("what goes by a name", () => {
  const names = ["b", "a", "ä", "B", "a b", "z"];
  const tables = [
    ...names.map((name) => table(name, [])),
    ...names.map((name) => ({ ...table(name, []), schema: "own" })),
  ];
  const on = { schema: null, name: "a" };
  const objects = [
    ...names.map((name) => schemaObject("view", name, `AS SELECT '${name}'`)),
    ...names.map((name) => schemaObject("trigger", name, "x", { table: on })),
    schemaObject("function", "f", "one", { signature: "integer" }),
    schemaObject("function", "f", "two", { signature: "integer, text" }),
    schemaObject("trigger", "t", "x", { table: on, dialect: "mysql" }),
    schemaObject("trigger", "t", "y", { table: on, dialect: "sqlite" }),
  ];
  const written = { ...schema(tables), objects };

  for (const [order, given] of [
    ["as written", written],
    ["in order", canonicalOrder(written)],
  ] as const) {
    it(`is found ${order}`, () => {
      for (const each of tables) assert.equal(findTable(given, each)?.schema, each.schema);
      for (const each of objects) assert.equal(findObject(given, each)?.definition, each.definition);
      assert.equal(findTable(given, { schema: null, name: "c" }), undefined);
      assert.equal(findTable(given, { schema: "zz", name: "z" }), undefined);
      assert.equal(findObject(given, { ...objects[0]!, kind: "index" as never }), undefined);
      assert.equal(findObject(given, { ...objects.at(-1)!, dialect: "postgresql" }), undefined);
    });
  }
});
