import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { Connection, DesignDialect } from "../../src/dialect/index.ts";
import { diff } from "../../src/diff/index.ts";
import { runPlan } from "../../src/migrate/run-plan.ts";
import { plan } from "../../src/plan/index.ts";
import { firstDifference } from "../../src/schema/equal.ts";
import type { Schema } from "../../src/schema/index.ts";
import { openWorkplace } from "../connections.ts";
import { lawDialects } from "../dialects.ts";
import { bare } from "./bare.ts";
import { type Features, featuresOf } from "./features.ts";
import { arbitrarySchema } from "./generate.ts";
import { withObjects } from "./generate-objects.ts";
import { clear } from "./rows.ts";
import { workTemporarily } from "./temporary.ts";

const runs = Number(process.env["LAW_RUNS"] ?? 100);

for (const row of lawDialects) {
  describe(`what is made is read back, on ${row.name}`, () => {
    let design: DesignDialect;
    let connection: Connection;
    let close: () => Promise<void>;
    let features: Features;

    before(async () => {
      features = await featuresOf(row);
      const workplace = await openWorkplace(row);
      ({ design, connection, close } = workplace);
      await workTemporarily(connection, workplace.dialect);
    });

    after(() => close());

    async function make(schema: Schema): Promise<Schema> {
      await clear(connection, design);
      const empty = await design.inspector.inspect(connection);
      assert.equal(empty.tables.length + empty.objects.length + empty.enums.length, 0);
      await runPlan(plan(diff(empty, schema, design.rules), empty, design), connection);
      return design.inspector.inspect(connection);
    }

    it("inspect(create A) is canonical(A), and canonical of a canonical schema is itself", async () => {
      const whole = arbitrarySchema(features).chain((schema) =>
        withObjects(
          { from: schema, to: schema, rows: {}, renames: [] },
          features.recipes,
          features.share,
        ).map(({ from }) => from),
      );
      const property = fc.asyncProperty(whole, async (schema) => {
        const read = (each: Schema): Promise<Schema> => design.canonical(each, connection);
        const difference = (one: Schema, other: Schema): string | null =>
          firstDifference(bare(one), bare(other));
        const canonical = await read(schema);
        const again = await read(canonical);
        const found = await make(schema);
        // Some of it is read as the database writes it only now: a check that calls a function that was not there.
        const isRead = difference(found, canonical) === null;
        if (isRead) assert.equal(difference(again, canonical), null);
        const reached = isRead ? canonical : await read(schema);
        assert.equal(difference(found, reached), null);
        assert.equal(difference(await read(found), found), null);
        assert.equal(difference(await read(reached), reached), null);
      });
      await fc.assert(property, { numRuns: runs, endOnFailure: process.env["LAW_SHRINK"] === "0" });
    });
  });
}
