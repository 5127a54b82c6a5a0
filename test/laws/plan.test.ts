import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { Connection, DesignDialect, Dialect } from "../../src/dialect/index.ts";
import { diff } from "../../src/diff/index.ts";
import { runPlan } from "../../src/migrate/run-plan.ts";
import { apply } from "../../src/operation/apply.ts";
import type { Operation } from "../../src/operation/operation.ts";
import { plan } from "../../src/plan/index.ts";
import { firstDifference } from "../../src/schema/equal.ts";
import { parentsOf } from "../../src/schema/family.ts";
import { findColumn, findTable, type Schema } from "../../src/schema/index.ts";
import { openWorkplace } from "../connections.ts";
import { lawDialects } from "../dialects.ts";
import { bare } from "./bare.ts";
import { type Features, featuresOf } from "./features.ts";
import { arbitrarySchema } from "./generate.ts";
import { mutateSchema } from "./generate-mutation.ts";
import { withObjects } from "./generate-objects.ts";
import { arbitraryRows, type GeneratedRows, isSteady } from "./generate-rows.ts";
import { asAsked, byColumnName, clear, insertRows, readRows } from "./rows.ts";

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
    });

    after(() => close());

    /** A schema, the same after some changes, and rows that suit both. */
    const change = (): fc.Arbitrary<readonly [Schema, Schema, GeneratedRows]> =>
      arbitrarySchema(features).chain((from) =>
        mutateSchema(from, features).chain((to) => {
          const required = (table: { name: string }, column: { name: string }): boolean =>
            to.tables.some(
              (each) =>
                each.name === table.name &&
                each.columns.some((own) => own.name === column.name && !own.nullable),
            );
          return arbitraryRows(from, required).chain((rows) =>
            withObjects({ from, to, rows, renames: [] }, features.recipes).map(
              (pair) => [pair.from, pair.to, pair.rows] as const,
            ),
          );
        }),
      );

    async function start(schema: Schema, rows: GeneratedRows): Promise<Schema> {
      await clear(connection, design);
      const nothing = await design.inspector.inspect(connection);
      const wanted = await design.canonical(schema, connection);
      await runPlan(plan(diff(nothing, wanted, design.rules), nothing, design), connection);
      await insertRows(connection, dialect, schema, rows);
      return design.inspector.inspect(connection);
    }

    async function run(operations: readonly Operation[]): Promise<Schema> {
      const state = await design.inspector.inspect(connection);
      const planned = plan(operations, state, design);
      await runPlan(planned, connection);
      const found = await design.inspector.inspect(connection);
      const foretold = await design.canonical(planned.to, connection);
      assert.equal(difference(found, foretold), null);
      return found;
    }

    it("one at a time, each leaves the schema that it says, and the rows", async () => {
      const property = fc.asyncProperty(change(), async ([from, to, rows]) => {
        const first = await start(from, rows);
        let state = first;
        for (const operation of diff(first, await design.canonical(to, connection), design.rules)) {
          const expected = await design.canonical(apply(state, operation), connection);
          state = await run([operation]);
          assert.equal(difference(state, expected), null);
        }
        await assertRows(from, to, rows);
      });
      await fc.assert(property, { numRuns: runs, endOnFailure });
    });

    it("all at once they leave the schema that was wanted, and the rows", async () => {
      const property = fc.asyncProperty(change(), async ([from, to, rows]) => {
        const first = await start(from, rows);
        const wanted = await design.canonical(to, connection);
        const found = await run(diff(first, wanted, design.rules));
        assert.equal(difference(asAsked(found, wanted, design), wanted), null);
        await assertRows(from, to, rows);
      });
      await fc.assert(property, { numRuns: runs, endOnFailure });
    });

    /** The values of every column that is there before and after are what was put in. */
    async function assertRows(from: Schema, to: Schema, rows: GeneratedRows): Promise<void> {
      for (const table of to.tables) {
        const old = findTable(from, table);
        // The rows of a part are those of the whole.
        if (old === undefined || parentsOf(table).length > 0) continue;
        const names = table.columns
          .filter((column) => {
            const was = findColumn(old, column.name);
            return was !== undefined && isSteady(was) && isSteady(column);
          })
          .map((column) => column.name);
        const found = await readRows(connection, dialect, table, names);
        const expected = (rows[table.name] ?? []).map((each) => names.map((name) => each[name] ?? null));
        assert.deepEqual(sorted(found), sorted(expected), table.name);
      }
    }

    function sorted(rows: readonly (readonly unknown[])[]): readonly string[] {
      return rows.map((each) => JSON.stringify(each)).sort();
    }
  });
}
