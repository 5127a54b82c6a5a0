import assert from "node:assert/strict";
import { test } from "node:test";
import { check, column, foreignKey, schema, t, table } from "../../schema/index.ts";
import { canonical } from "./canonical.ts";

test("what is not enforced does not say that it is not valid", async () => {
  const options = { postgresql: { notEnforced: true, notValid: true } };
  const team = table("team", [column("id", t.integer())], {
    checks: [check("id > 0", { name: "ck", options })],
    foreignKeys: [
      foreignKey(["id"], { schema: null, name: "team", columns: ["id"] }, { name: "fk", options }),
    ],
  });
  const [found] = (await canonical(schema([team]), null)).tables;
  for (const each of [found?.checks[0], found?.foreignKeys[0]])
    assert.deepEqual(each?.options, { postgresql: { notEnforced: true } });
});
