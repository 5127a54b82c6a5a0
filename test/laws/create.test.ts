import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { Connection, ConnectionSource, DesignDialect, Dialect } from "../../src/dialect/index.ts";
import { runPlan } from "../../src/migrate/run-plan.ts";
import type { Operation } from "../../src/operation/operation.ts";
import { plan } from "../../src/plan/index.ts";
import { firstDifference } from "../../src/schema/equal.ts";
import { emptySchema, type Schema } from "../../src/schema/index.ts";
import { dialects, loadDialect, type TemporaryDatabase, temporaryDatabase } from "../dialects.ts";
import { arbitrarySchema, commonFeatures, sqliteFeatures } from "./generate.ts";

const runs = Number(process.env["LAW_RUNS"] ?? 300);

for (const row of dialects) {
  describe(`what is made is read back, on ${row.name}`, () => {
    let dialect: Dialect;
    let design: DesignDialect;
    let database: TemporaryDatabase;
    let source: ConnectionSource;
    let connection: Connection;

    before(async () => {
      dialect = await loadDialect(row);
      design = await dialect.design();
      database = await temporaryDatabase(row);
      source = await dialect.open(database.url);
      connection = await source.acquire();
    });

    after(async () => {
      await connection.release();
      await source.close();
      await database.remove();
    });

    const features = () => (dialect.capabilities.alterConstraints ? commonFeatures : sqliteFeatures);

    async function make(schema: Schema): Promise<Schema> {
      const state = await design.inspector.inspect(connection);
      const drops = state.tables.flatMap((table): Operation[] => [
        ...table.foreignKeys.map(
          (key): Operation => ({ kind: "dropForeignKey", table, name: key.name, foreignKey: key }),
        ),
      ]);
      const removals = state.tables.map((table): Operation => ({ kind: "dropTable", name: table, table }));
      const bare = schema.tables.map(
        (table): Operation => ({ kind: "createTable", table: { ...table, foreignKeys: [] } }),
      );
      const keys = schema.tables.flatMap((table) =>
        table.foreignKeys.map((foreignKey): Operation => ({ kind: "addForeignKey", table, foreignKey })),
      );
      await runPlan(plan([...drops, ...removals], state, design), connection);
      const empty = await design.inspector.inspect(connection);
      assert.equal(empty.tables.length, 0);
      await runPlan(plan([...bare, ...keys], emptySchema, design), connection);
      return design.inspector.inspect(connection);
    }

    it("inspect(create A) is canonical(A), and canonical of a canonical schema is itself", async () => {
      const property = fc.asyncProperty(arbitrarySchema(features()), async (schema) => {
        const canonical = await design.canonical(schema, connection);
        assert.equal(firstDifference(await design.canonical(canonical, connection), canonical), null);
        const found = await make(schema);
        assert.equal(firstDifference(found.tables, canonical.tables), null);
        assert.equal(firstDifference(await design.canonical(found, connection), found), null);
      });
      await fc.assert(property, { numRuns: runs });
    });
  });
}
