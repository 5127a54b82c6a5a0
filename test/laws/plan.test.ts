import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { Connection, DesignDialect, Dialect } from "../../src/dialect/index.ts";
import { diff, type Rename } from "../../src/diff/index.ts";
import { runPlan } from "../../src/migrate/run-plan.ts";
import { applyAll, type Operation } from "../../src/operation/index.ts";
import { plan } from "../../src/plan/index.ts";
import { firstDifference } from "../../src/schema/equal.ts";
import { findTable, type Schema, sameTable, type TableRef } from "../../src/schema/index.ts";
import { openWorkplace } from "../connections.ts";
import { lawDialects } from "../dialects.ts";
import { bare } from "./bare.ts";
import { type Features, featuresOf } from "./features.ts";
import { arbitrarySchema } from "./generate.ts";
import { mutateSchema } from "./generate-mutation.ts";
import { type SchemaPair, withObjects } from "./generate-objects.ts";
import { withRenames } from "./generate-renames.ts";
import { arbitraryRows, type GeneratedRows } from "./generate-rows.ts";
import { keptColumns, neverNullIn, sameRows } from "./kept.ts";
import { asAsked, byColumnName, clear, insertRows } from "./rows.ts";
import { workTemporarily } from "./temporary.ts";

const runs = Number(process.env["LAW_RUNS"] ?? 80);
const endOnFailure = process.env["LAW_SHRINK"] === "0";

function difference(found: Schema, wanted: Schema): string | null {
  const parts = ({ tables, objects }: Schema): unknown => ({ tables, objects });
  return firstDifference(parts(bare(byColumnName(found))), parts(bare(byColumnName(wanted))));
}

for (const row of lawDialects) {
  describe(`operations planned and run, on ${row.name}`, () => {
    let dialect: Dialect;
    let design: DesignDialect;
    let connection: Connection;
    let close: () => Promise<void>;
    let features: Features;

    before(async () => {
      features = await featuresOf(row);
      ({ dialect, design, connection, close } = await openWorkplace(row));
      await workTemporarily(connection, dialect);
    });

    after(() => close());

    /** A schema, the same after some changes, some of it perhaps under other names, and rows that suit both. */
    const change = (): fc.Arbitrary<SchemaPair> =>
      arbitrarySchema(features).chain((from) =>
        mutateSchema(from, features).chain((to) =>
          arbitraryRows(from, neverNullIn(to)).chain((rows) =>
            withRenames(from, to).chain((renamed) =>
              withObjects({ from, rows, ...renamed }, features.recipes, features.share),
            ),
          ),
        ),
      );

    async function start(schema: Schema, rows: GeneratedRows): Promise<Schema> {
      await clear(connection, design);
      const nothing = await design.inspector.inspect(connection);
      const wanted = await design.canonical(schema, connection);
      await runPlan(plan(diff(nothing, wanted, design.rules), nothing, design), connection);
      await insertRows(connection, dialect, schema, rows);
      return design.inspector.inspect(connection);
    }

    /** What has another name keeps what it had from the first one, where nobody asks about it. */
    const seen = (found: Schema, wanted: Schema, renames: readonly Rename[]): Schema =>
      renames.length === 0 ? found : asAsked(found, wanted, design);

    async function run(operations: readonly Operation[], renames: readonly Rename[]): Promise<Schema> {
      const state = await design.inspector.inspect(connection);
      const planned = plan(operations, state, design);
      await runPlan(planned, connection);
      const found = await design.inspector.inspect(connection);
      const foretold = await design.canonical(planned.to, connection);
      assert.equal(difference(seen(found, foretold, renames), foretold), null);
      return found;
    }

    it("one at a time, each leaves the schema that it says, and the rows", async () => {
      const property = fc.asyncProperty(change(), async ({ from, to, rows, renames }) => {
        const first = await start(from, rows);
        const wanted = await design.canonical(to, connection);
        let state = first;
        for (const operations of inSteps(diff(first, wanted, design.rules, renames), first, wanted)) {
          const expected = await design.canonical(applyAll(state, operations), connection);
          state = await run(operations, renames);
          assert.equal(difference(seen(state, expected, renames), expected), null);
        }
        await sameRows(connection, dialect, keptColumns(from, to, renames), rows, "afterwards");
      });
      await fc.assert(property, { numRuns: runs, endOnFailure });
    });

    it("all at once they leave the schema that was wanted, and the rows", async () => {
      const property = fc.asyncProperty(change(), async ({ from, to, rows, renames }) => {
        const first = await start(from, rows);
        const wanted = await design.canonical(to, connection);
        const found = await run(diff(first, wanted, design.rules, renames), renames);
        assert.equal(difference(asAsked(found, wanted, design), wanted), null);
        await sameRows(connection, dialect, keptColumns(from, to, renames), rows, "afterwards");
      });
      await fc.assert(property, { numRuns: runs, endOnFailure });
    });
  });
}

/**
 * One operation after the other. Columns that say when versions of rows began and ended come and go with the history in
 * one statement: MariaDB has none for either of them alone.
 */
function inSteps(operations: readonly Operation[], from: Schema, to: Schema): readonly Operation[][] {
  const says = (schema: Schema, table: TableRef): string =>
    JSON.stringify(findTable(schema, table)?.options["mysql"]?.["period"] ?? null);
  const inOne = (operation: Operation): TableRef | null => {
    const table = "table" in operation ? operation.table : null;
    return table !== null && says(from, table) !== says(to, table) ? table : null;
  };
  const steps: Operation[][] = [];
  for (const operation of operations) {
    const [last, table] = [steps.at(-1)?.at(-1), inOne(operation)];
    const before = last === undefined ? null : inOne(last);
    if (table !== null && before !== null && sameTable(table, before)) steps.at(-1)!.push(operation);
    else steps.push([operation]);
  }
  return steps;
}
