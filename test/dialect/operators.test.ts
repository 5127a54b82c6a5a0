/** What uses an operator is made after it, however long that has to wait for its function. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diff } from "../../src/diff/index.ts";
import { runPlan } from "../../src/migrate/run-plan.ts";
import { plan } from "../../src/plan/index.ts";
import { schema, schemaObject } from "../../src/schema/index.ts";
import { openWorkplace } from "../connections.ts";
import { dialects } from "../dialects.ts";

const own = { dialect: "postgresql" };
const routine = "(a integer, b integer) RETURNS boolean LANGUAGE sql AS 'SELECT a > b'";
const compares = "(FUNCTION = compares, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = <%>)";

const wanted = schema([], {
  objects: [
    // An argument of the function is called so too.
    schemaObject("view", "a", "AS SELECT 1 AS n", own),
    schemaObject("function", "compares", routine, { ...own, signature: "integer, integer" }),
    schemaObject("operator", "<%>", compares, { ...own, signature: "integer, integer" }),
    schemaObject("view", "seen", "AS SELECT 5 <%> 2 OR 5 OPERATOR(public.<%>) 2 AS n", own),
  ],
});

for (const row of dialects.filter(({ name }) => name === "postgresql")) {
  test(`a view over an operator (${row.name})`, async (t) => {
    const { connection, design, close } = await openWorkplace(row);
    t.after(close);
    const empty = await design.inspector.inspect(connection);
    const read = await design.canonical(wanted, connection);
    await runPlan(plan(diff(empty, wanted, design.rules), empty, design), connection);
    const there = await design.inspector.inspect(connection);
    assert.deepEqual(diff(there, read, design.rules), []);
  });
}
