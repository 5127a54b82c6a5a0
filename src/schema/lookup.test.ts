import assert from "node:assert/strict";
import { test } from "node:test";
import { column, emptySchema, findObject, findTable, schemaObject, t, table } from "./index.ts";

test("what is looked up again and again is found as it was the first time", () => {
  const tables = Array.from({ length: 40 }, (_, at) =>
    table({ schema: at % 2 === 0 ? null : "area", name: `t${at >> 1}` }, [column("id", t.integer())]),
  );
  const objects = ["a", "b", "constructor"].flatMap((name) =>
    Array.from({ length: 10 }, (_, at) =>
      schemaObject("function", name, "()", { signature: `x${at}`, dialect: at % 2 === 0 ? null : "sqlite" }),
    ),
  );
  const schema = { ...emptySchema, tables, objects };
  for (let time = 0; time < 40; time++) {
    for (const each of tables) assert.equal(findTable(schema, { ...each }), each);
    assert.equal(findTable(schema, { schema: "area", name: "t99" }), undefined);
    for (const each of objects) assert.equal(findObject(schema, { ...each }), each);
    assert.equal(findObject(schema, schemaObject("view", "a", "")), undefined);
  }
});
