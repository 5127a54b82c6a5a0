/**
 * The law of the differ: for schemas A and B with rows, the catalog equals B once `diff(A, B)` is applied and the
 * next diff is empty; once the reverse is applied it equals A and that diff is empty too; the rows in columns that
 * were kept are the same after both. `LAW_PAIRS` sets how many pairs, `LAW_SEED` repeats a run.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { Connection, ConnectionSource, DesignDialect, Dialect } from "../../src/dialect/index.ts";
import { diff } from "../../src/diff/index.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import { runPlan } from "../../src/migrate/run-plan.ts";
import { describe as inWords, type Operation, reverse } from "../../src/operation/index.ts";
import { plan } from "../../src/plan/index.ts";
import { firstDifference } from "../../src/schema/equal.ts";
import { findColumn, findTable, type Schema, type Table } from "../../src/schema/index.ts";
import { dialects, loadDialect, type TemporaryDatabase, temporaryDatabase } from "../dialects.ts";
import { arbitrarySchema, commonFeatures, sqliteFeatures } from "./generate.ts";
import { mutateSchema } from "./generate-mutation.ts";
import { arbitraryRows, type GeneratedRows } from "./generate-rows.ts";
import { clear, insertRows, readRows } from "./rows.ts";

const pairs = Number(process.env["LAW_PAIRS"] ?? 2000);
const seed = Number(process.env["LAW_SEED"] ?? Date.now() % 2 ** 31);

for (const row of dialects) {
  describe(`the law of the differ, on ${row.name}`, () => {
    let dialect: Dialect;
    let design: DesignDialect;
    let database: TemporaryDatabase;
    let source: ConnectionSource;
    let connection: Connection;
    const reversed: ("refused" | "with rows")[] = [];

    before(async () => {
      dialect = await loadDialect(row);
      design = await dialect.design();
      database = await temporaryDatabase(row);
      source = await dialect.open(row.server === null ? `${row.name}://` : database.url);
      connection = await source.acquire();
    });

    after(async () => {
      await connection.release();
      await source.close();
      await database.remove();
    });

    /**
     * Mostly a schema and a change of it, so that every way of altering is taken; now and then two strangers,
     * without rows, since values of one type need not be values of another.
     */
    const cases = (): fc.Arbitrary<Case> => {
      const features = dialect.capabilities.alterConstraints ? commonFeatures : sqliteFeatures;
      const strangers = fc
        .tuple(arbitrarySchema(features), arbitrarySchema(features))
        .map(([from, to]) => readable({ from, to, rows: {} }));
      const changed = arbitrarySchema(features).chain((from) =>
        mutateSchema(from, features).chain((to) =>
          arbitraryRows(from, neverNullIn(to)).map((rows) => readable({ from, to, rows })),
        ),
      );
      return fc.oneof({ weight: 5, arbitrary: changed }, { weight: 1, arbitrary: strangers });
    };

    /** Shown as SQL and operations where the law fails, for people to read. */
    const readable = (each: Case): Case =>
      Object.defineProperty(each, fc.toStringMethod, { value: () => caseText(each, design) });

    async function move(operations: readonly Operation[]): Promise<Schema> {
      const state = await design.inspector.inspect(connection);
      await runPlan(plan(operations, state, design), connection);
      return design.inspector.inspect(connection);
    }

    async function lawHolds({ from, to, rows }: Case): Promise<void> {
      await clear(connection, design);
      const nothing = await design.inspector.inspect(connection);
      const first = await move(diff(nothing, await design.canonical(from, connection), design.rules));
      await insertRows(connection, dialect, from, rows);
      const wanted = await design.canonical(to, connection);
      const up = diff(first, wanted, design.rules);
      const down = reverse(up, first);
      const there = await move(up);
      equalSchemas(byColumnName(there), byColumnName(wanted), "after the upgrade", up);
      assert.deepEqual(diff(there, wanted, design.rules), [], "the next diff is not empty");
      await sameRows(keptColumns(from, to), rows, "after the upgrade");
      const refused = await refusal(down, there);
      if (refused) {
        await clear(connection, design);
        await move(diff(nothing, wanted, design.rules));
        await move(down);
      }
      const back = await design.inspector.inspect(connection);
      equalSchemas(byColumnName(back), byColumnName(first), "after the downgrade", down);
      assert.deepEqual(diff(back, first, design.rules), [], "the diff after the downgrade is not empty");
      if (!refused) await sameRows(keptColumns(from, to), rows, "after the downgrade");
      reversed.push(refused ? "refused" : "with rows");
    }

    /**
     * Whether going back is refused because of rows: those of a table that was dropped are gone, and what referred
     * to them cannot again. A refusal leaves everything as it was.
     */
    async function refusal(down: readonly Operation[], there: Schema): Promise<boolean> {
      try {
        await move(down);
        return false;
      } catch (error) {
        if (!isAthanorError(error) || !dataErrors.has(error.code)) throw error;
        equalSchemas(await design.inspector.inspect(connection), there, "after a refusal", down);
        return true;
      }
    }

    /** The values of the columns are those that were put in. */
    async function sameRows(tables: readonly Kept[], rows: GeneratedRows, when: string): Promise<void> {
      for (const { table, names } of tables) {
        const found = await readRows(connection, dialect, table, names);
        const expected = (rows[table.name] ?? []).map((each) => names.map((name) => each[name] ?? null));
        assert.deepEqual(sorted(found), sorted(expected), `rows of ${table.name} ${when}`);
      }
    }

    it(`holds for ${pairs} pairs (LAW_SEED=${seed})`, async () => {
      await fc.assert(fc.asyncProperty(cases(), lawHolds), { numRuns: pairs, seed });
      const whole = reversed.filter((each) => each === "with rows").length;
      assert.ok(
        whole > reversed.length / 2,
        `only ${whole} of ${reversed.length} were reversed with their rows`,
      );
    });
  });
}

/** What says that rows are in the way. */
const dataErrors: ReadonlySet<string> = new Set([
  "PLAN.VIOLATION",
  "DATABASE.UNIQUE",
  "DATABASE.CHECK",
  "DATABASE.NOT_NULL",
  "DATABASE.FOREIGN_KEY",
]);

interface Case {
  readonly from: Schema;
  readonly to: Schema;
  readonly rows: GeneratedRows;
}

/** A case as SQL: what is there, its rows, and what is wanted. */
function caseText({ from, to, rows }: Case, design: DesignDialect): string {
  const sql = (schema: Schema): string =>
    schema.tables
      .flatMap((table) => design.ddl.statements({ kind: "createTable", table }, schema))
      .map((statement) => `${statement};`)
      .join("\n");
  const values = Object.entries(rows).flatMap(([table, list]) =>
    list.map((row) => `-- ${table}: ${JSON.stringify(row)}`),
  );
  return ["\n-- from", sql(from), ...values, "-- to", sql(to), ""].join("\n");
}

interface Kept {
  readonly table: Table;
  readonly names: readonly string[];
}

/** Columns that both schemas have, under types that lose nothing on the way there and back. */
function keptColumns(from: Schema, to: Schema): readonly Kept[] {
  return to.tables.flatMap((table) => {
    const old = findTable(from, table);
    if (old === undefined) return [];
    const kept = table.columns.filter(
      (column) => column.generated === null && findColumn(old, column.name)?.generated === null,
    );
    return [{ table, names: kept.map((column) => column.name) }];
  });
}

function neverNullIn(to: Schema): (table: { name: string }, column: { name: string }) => boolean {
  return (table, column) =>
    to.tables.some(
      (each) =>
        each.name === table.name && each.columns.some((own) => own.name === column.name && !own.nullable),
    );
}

/** A column that goes and comes back stands at the end: the order of columns is no part of the law. */
function byColumnName(schema: Schema): Schema {
  return {
    ...schema,
    tables: schema.tables.map((table) => ({
      ...table,
      columns: table.columns.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    })),
  };
}

function equalSchemas(found: Schema, wanted: Schema, when: string, operations: readonly Operation[]): void {
  const difference = firstDifference(found.tables, wanted.tables);
  assert.equal(difference, null, `${when}: ${difference}\n${operations.map(inWords).join("\n")}`);
}

function sorted(rows: readonly (readonly unknown[])[]): readonly string[] {
  return rows.map((each) => JSON.stringify(each)).sort();
}
