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
import type { Schema } from "../../src/schema/index.ts";
import {
  lawDialects,
  loadServerDialect,
  type TemporaryDatabase,
  type TestDialect,
  temporaryDatabase,
} from "../dialects.ts";
import { bare } from "./bare.ts";
import { type Features, featuresOf } from "./features.ts";
import { arbitrarySchema } from "./generate.ts";
import { mutateSchema } from "./generate-mutation.ts";
import { type SchemaPair, withObjects } from "./generate-objects.ts";
import { withRenames } from "./generate-renames.ts";
import { arbitraryRows } from "./generate-rows.ts";
import { keptColumns, neverNullIn, sameRows } from "./kept.ts";
import { asAsked, byColumnName, clear, insertRows } from "./rows.ts";
import { workTemporarily } from "./temporary.ts";

const pairs = Number(process.env["LAW_PAIRS"] ?? 2000);
/** `LAW_SHRINK=0` shows the first case that fails as it is; a small one takes long to find. */
const endOnFailure = process.env["LAW_SHRINK"] === "0";
const seed = Number(process.env["LAW_SEED"] ?? Date.now() % 2 ** 31);

/** The law on the database called `name`; nothing where this run leaves that out. A file for each, so that they run side by side. */
export function differLaw(name: string): void {
  const row = lawDialects.find((each) => each.name === name);
  if (row !== undefined) lawOn(row);
}

function lawOn(row: TestDialect): void {
  describe(`the law of the differ, on ${row.name}`, () => {
    let dialect: Dialect;
    let design: DesignDialect;
    let database: TemporaryDatabase;
    let source: ConnectionSource;
    let connection: Connection;
    let features: Features;
    const reversed: ("refused" | "with rows")[] = [];
    let nothing: Schema;
    /** What is there, if that is known. */
    let standing: Schema | null = null;

    before(async () => {
      dialect = await loadServerDialect(row);
      features = await featuresOf(row);
      design = await dialect.design();
      database = await temporaryDatabase(row);
      source = await dialect.open(row.server === null ? `${row.name}://` : database.url);
      connection = await source.acquire();
      await workTemporarily(connection, dialect);
      nothing = await design.inspector.inspect(connection);
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
      const strangers = fc
        .tuple(arbitrarySchema(features), arbitrarySchema(features))
        .chain(([from, to]) =>
          withObjects({ from, to, rows: {}, renames: [] }, features.recipes, features.share),
        )
        .map((pair) => readable({ ...pair, rows: {} }));
      const changed = arbitrarySchema(features).chain((from) =>
        mutateSchema(from, features).chain((to) =>
          arbitraryRows(from, neverNullIn(to)).chain((rows) =>
            withRenames(from, to)
              .chain((renamed) => withObjects({ from, rows, ...renamed }, features.recipes, features.share))
              .map(readable),
          ),
        ),
      );
      return fc.oneof({ weight: 5, arbitrary: changed }, { weight: 1, arbitrary: strangers });
    };

    /** Shown as SQL and operations where the law fails, for people to read. */
    const readable = (each: Case): Case =>
      Object.defineProperty(each, fc.toStringMethod, { value: () => caseText(each, design) });

    async function move(operations: readonly Operation[], state: Schema): Promise<Schema> {
      // What fails halfway stays so, where statements are not taken back.
      if (!dialect.capabilities.transactionalDdl) standing = null;
      await runPlan(plan(operations, state, design), connection);
      return design.inspector.inspect(connection);
    }

    async function lawHolds({ from, to, rows, renames }: Case): Promise<void> {
      await clear(connection, design, standing);
      standing = nothing;
      const first = await move(
        diff(nothing, await design.canonical(from, connection), design.rules),
        nothing,
      );
      standing = first;
      await insertRows(connection, dialect, from, rows);
      const wanted = await design.canonical(to, connection);
      const up = diff(first, wanted, design.rules, renames);
      const kept = keptColumns(from, to, renames);
      const down = reverse(up, first);
      const there = await move(up, first);
      standing = there;
      // Some of it is read as the database writes it only now: a check that calls a function that was not there.
      const isRead =
        differenceOf(byColumnName(asAsked(there, wanted, design)), byColumnName(wanted)) === null;
      const reached = isRead ? wanted : await design.canonical(to, connection);
      const asked = asAsked(there, reached, design);
      equalSchemas(byColumnName(asked), byColumnName(reached), "after the upgrade", up);
      assert.deepEqual(diff(asked, reached, design.rules), [], "the next diff is not empty");
      await sameRows(connection, dialect, kept, rows, "after the upgrade");
      let back = await refusal(down, there);
      const refused = back === null;
      if (back === null) {
        await clear(connection, design);
        standing = await move(diff(nothing, wanted, design.rules), nothing);
        back = await move(down, standing);
      }
      standing = back;
      const old = asAsked(back, first, design);
      equalSchemas(byColumnName(old), byColumnName(first), "after the downgrade", down);
      assert.deepEqual(diff(old, first, design.rules), [], "the diff after the downgrade is not empty");
      if (!refused)
        await sameRows(
          connection,
          dialect,
          kept.map(({ old }) => ({ table: old, old })),
          rows,
          "after the downgrade",
        );
      reversed.push(refused ? "refused" : "with rows");
    }

    /**
     * What is there once one went back; null where that is refused because of rows: those of a table that was dropped are gone, and what referred
     * to them cannot again. A refusal leaves everything as it was, where the database can take statements back.
     */
    async function refusal(down: readonly Operation[], there: Schema): Promise<Schema | null> {
      try {
        return await move(down, there);
      } catch (error) {
        if (!isAthanorError(error) || !dataErrors.has(error.code)) throw error;
        standing = null;
        if (!dialect.capabilities.transactionalDdl) return null;
        const left = await design.inspector.inspect(connection);
        equalSchemas(withoutNewValues(left, there), there, "after a refusal", down);
        return null;
      }
    }

    it(`holds for ${pairs} pairs (LAW_SEED=${seed})`, async () => {
      await fc.assert(fc.asyncProperty(cases(), lawHolds), { numRuns: pairs, seed, endOnFailure });
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
  "DATABASE.DATA",
]);

type Case = SchemaPair;

/** A case as SQL: what is there, its rows, and what is wanted. */
function caseText({ from, to, rows, renames }: Case, design: DesignDialect): string {
  const sql = (schema: Schema): string =>
    [
      ...schema.tables.map((table): Operation => ({ kind: "createTable", table })),
      ...schema.objects.map((object): Operation => ({ kind: "createObject", object })),
    ]
      .flatMap((operation) => design.ddl.statements(operation, schema))
      .map((statement) => `${statement};`)
      .join("\n");
  const values = Object.entries(rows).flatMap(([table, list]) =>
    list.map((row) => `-- ${table}: ${JSON.stringify(row)}`),
  );
  const names = renames.map((each) => `-- ${JSON.stringify(each)}`);
  return ["\n-- from", sql(from), ...values, ...names, "-- to", sql(to), ""].join("\n");
}

/** A value more in an enum may stay behind: it had to be there before the transaction began. */
function withoutNewValues(left: Schema, there: Schema): Schema {
  const known = new Set(
    [...there.enums, ...there.tables.flatMap((table) => table.columns.map(({ type }) => type))].flatMap(
      (type) => (type.kind === "enum" ? type.values : []),
    ),
  );
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => {
      const list = key === "values" && Array.isArray(inner) ? inner.filter((each) => known.has(each)) : inner;
      return [key, strip(list)];
    });
    return Object.fromEntries(entries) as unknown;
  };
  return strip(left) as Schema;
}

function differenceOf(found: Schema, wanted: Schema): string | null {
  const parts = ({ tables, objects }: Schema): unknown => ({ tables, objects });
  return firstDifference(parts(bare(found)), parts(bare(wanted)));
}

function equalSchemas(found: Schema, wanted: Schema, when: string, operations: readonly Operation[]): void {
  const difference = differenceOf(found, wanted);
  assert.equal(difference, null, `${when}: ${difference}\n${operations.map(inWords).join("\n")}`);
}
