/**
 * Whole schemas, most of which nobody here wrote: read, written as a migration, applied to an empty database, read
 * again, and taken back. Where the database has a program that writes a schema down, it writes the same of both.
 */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { firstDifference } from "../../src/schema/equal.ts";
import type { Schema } from "../../src/schema/index.ts";
import { dialects } from "../dialects.ts";
import { dumpDifferences } from "./dump.ts";
import { Project } from "./project.ts";

const folders = ["schemas", "fixtures"].map((name) => join(import.meta.dirname, "../corpus", name));

/** What migrations are about, without what only the catalog says of it. */
function managed(schema: Schema): Schema {
  const objects = schema.objects.map(({ facts: _, ...object }) => object);
  return { ...schema, unmanaged: [], objects };
}

for (const row of dialects) {
  for (const folder of folders.map((each) => join(each, row.server ?? row.name))) {
    const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith(".sql"));
    for (const name of files) {
      test(`${name}: read, written as a migration, applied, read again (${row.name})`, async (t) => {
        const sql = await readFile(join(folder, name), "utf8");
        const original = await Project.make((work) => t.after(work), row);
        const loaded = original.runScript(sql);
        assert.equal(loaded.status, 0, loaded.errors);
        const project = await Project.make((work) => t.after(work), row);
        const before = await project.catalog();
        project.models = managed(await original.catalog({ asMade: true }));
        assert.ok(project.models.tables.length > 10);
        await project.with(async (environment) => {
          await environment.makeMigrations({ message: "everything" });
          await environment.upgrade();
          assert.equal(
            firstDifference(managed(await project.catalog({ asMade: true })), project.models),
            null,
          );
          for (const from of ["database", "history"] as const) {
            assert.equal((await environment.makeMigrations({ from })).outcome, "no changes");
          }
          assert.deepEqual(await dumpDifferences(project, original, row, t), []);
          await environment.downgrade("base");
          assert.equal(firstDifference(managed(await project.catalog()), managed(before)), null);
        });
      });
    }
  }
}
