/** Tables that take columns from others, where those change: what holds a column goes before it and comes after it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DesignDialect } from "../../src/dialect/index.ts";
import { diff } from "../../src/diff/index.ts";
import { runPlan } from "../../src/migrate/run-plan.ts";
import { reverse } from "../../src/operation/index.ts";
import { plan } from "../../src/plan/index.ts";
import {
  column,
  index,
  type Json,
  type Schema,
  schema,
  type Table,
  t,
  table,
} from "../../src/schema/index.ts";
import { openWorkplace } from "../connections.ts";
import { dialects } from "../dialects.ts";

const part = (name: string, schemaName: string | null = null): Json => ({ schema: schemaName, name });

/** A table with a column of that name, and heirs that hold on to it, their names before its own and after. */
const family = (held: string): readonly Table[] => {
  const holding = (name: string, from: string): Table =>
    table(name, [], {
      checks: [{ name: `${name}_check`, expression: `${held} > 0`, options: {} }],
      indexes: [index(`${name}_index`, [held])],
      options: { postgresql: { inherits: [part(from)] } },
    });
  const above = table("middle", [column("id", t.integer()), column(held, t.integer())]);
  return [holding("an_heir", "middle"), above, holding("the_heir", "an_heir")];
};

for (const row of dialects.filter(({ name }) => name === "postgresql")) {
  test(`what heirs hold goes and comes with their columns (${row.name})`, async (context) => {
    const { design, connection, close } = await openWorkplace(row);
    context.after(close);
    const inspect = (): Promise<Schema> => design.inspector.inspect(connection);
    const { rules } = design as DesignDialect;
    const [old, now] = [
      await design.canonical(schema(family("age")), connection),
      await design.canonical(schema(family("size")), connection),
    ];
    await runPlan(plan(diff(await inspect(), old, rules), await inspect(), design), connection);
    const first = await inspect();
    const up = diff(first, now, rules);
    await runPlan(plan(up, first, design), connection);
    const there = await inspect();
    assert.deepEqual(diff(there, now, rules), []);
    await runPlan(plan(reverse(up, first), there, design), connection);
    assert.deepEqual(diff(await inspect(), first, rules), []);
  });
}
