import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sqlite } from "../../src/dialect/sqlite/index.ts";
import { firstDifference } from "../../src/schema/equal.ts";
import type { Schema } from "../../src/schema/index.ts";
import { arbitrarySchema } from "../laws/generate.ts";
import { mutateSchema } from "../laws/generate-mutation.ts";
import { Project } from "./project.ts";

const runs = Number(process.env["LAW_RUNS"] ?? 40);

/** The catalog, the history's own tables aside. A column that comes back comes last, so their order is left out. */
async function catalog(project: Project): Promise<Schema["tables"]> {
  const { inspector } = await sqlite.design();
  const source = await sqlite.open(project.url);
  const connection = await source.acquire();
  const found = await inspector.inspect(connection);
  await connection.release();
  await source.close();
  return found.tables
    .filter((table) => !table.name.startsWith("athanor_"))
    .map((table) => ({ ...table, columns: table.columns.toSorted((x, y) => (x.name < y.name ? -1 : 1)) }));
}

const pair = arbitrarySchema().chain((a) => fc.tuple(fc.constant(a), mutateSchema(a)));

test("models, files, database and history agree, there and back", async () => {
  await fc.assert(
    fc.asyncProperty(pair, async ([a, b]) => {
      const ends: (() => Promise<void>)[] = [];
      const project = await Project.make((work) => ends.push(work));
      try {
        await project.with(async (environment) => {
          const settle = { answer: async () => "drop" as const };
          const nothing = async (): Promise<void> => {
            for (const from of ["database", "history"] as const) {
              const again = await environment.makeMigrations({ ...settle, from, dryRun: true });
              assert.deepEqual(again.differences, [], `from ${from}`);
            }
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
    { numRuns: runs },
  );
});
