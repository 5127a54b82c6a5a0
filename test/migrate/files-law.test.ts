import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { firstDifference } from "../../src/schema/equal.ts";
import type { Schema } from "../../src/schema/index.ts";
import { dialects } from "../dialects.ts";
import { featuresOf } from "../laws/features.ts";
import { arbitrarySchema } from "../laws/generate.ts";
import { mutateSchema } from "../laws/generate-mutation.ts";
import { Project } from "./project.ts";

const runs = Number(process.env["LAW_RUNS"] ?? 40);

/** The catalog. A column that comes back comes last, so their order is left out. */
async function catalog(project: Project): Promise<Schema["tables"]> {
  return (await project.catalog()).tables.map((table) => ({
    ...table,
    columns: table.columns.toSorted((x, y) => (x.name < y.name ? -1 : 1)),
  }));
}

for (const row of dialects)
  test(`models, files, database and history agree, there and back (${row.name})`, async () => {
    const features = await featuresOf(row);
    const pair = arbitrarySchema(features).chain((a) => fc.tuple(fc.constant(a), mutateSchema(a, features)));
    await fc.assert(
      fc.asyncProperty(pair, async ([a, b]) => {
        const ends: (() => Promise<void>)[] = [];
        const project = await Project.make((work) => ends.push(work), row);
        try {
          await project.with(async (environment) => {
            const settle = { answer: async () => "drop" as const };
            const nothing = async (): Promise<void> => {
              for (const from of ["database", "history"] as const) {
                const again = await environment.makeMigrations({ ...settle, from, dryRun: true });
                assert.deepEqual(again.differences, [], `from ${from}`);
                assert.deepEqual((await environment.diff({ from })).differences, [], `diff from ${from}`);
              }
              const back = await environment.diff({ from: "history", to: "database" });
              assert.deepEqual(back.differences, []);
            };
            project.models = a;
            await environment.makeMigrations(settle);
            await environment.upgrade();
            await nothing();
            const before = await catalog(project);
            project.models = b;
            const made = await environment.makeMigrations(settle);
            await environment.upgrade();
            await nothing();
            if (made.outcome === "no changes") return;
            await environment.downgrade();
            assert.equal(firstDifference(await catalog(project), before), null, made.source ?? "");
            await environment.upgrade();
            await nothing();
            await environment.downgrade("base");
            assert.deepEqual(await catalog(project), []);
          });
        } finally {
          for (const end of ends) await end();
        }
      }),
      { numRuns: row.server === null ? runs : Math.ceil(runs / 4) },
    );
  });
