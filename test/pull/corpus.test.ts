/** Databases that nobody here made: read, written as models, and the models compared with the database. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { diff } from "../../src/diff/index.ts";
import { toSchema } from "../../src/model/index.ts";
import { describe as inWords } from "../../src/operation/index.ts";
import { type PulledFile, pullModels } from "../../src/pull/index.ts";
import { defaultNaming, type Schema } from "../../src/schema/index.ts";
import { dialects } from "../dialects.ts";
import { dumpDifferences } from "../migrate/dump.ts";
import { Project } from "../migrate/project.ts";
import { loadPulled } from "./load.ts";

const corpus = ["schemas", "fixtures"].map((name) => join(import.meta.dirname, "../corpus", name));

const folders = dialects.flatMap((row) =>
  corpus.map((folder) => ({ row, folder: join(folder, row.server ?? row.name) })),
);

for (const { row, folder } of folders) {
  const names = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith(".sql"));
  for (const name of names) {
    test(`${name} as models (${row.name})`, async (t) => {
      const sql = await readFile(join(folder, name), "utf8");
      const project = await Project.make((work) => t.after(work), row);
      const loaded = project.runScript(sql);
      assert.equal(loaded.status, 0, loaded.errors);
      const found = await project.catalog({ asMade: true });
      const out = await mkdtemp(join(import.meta.dirname, "pulled-"));
      t.after(() => rm(out, { recursive: true, force: true }));
      await project.connected(async (connection, design) => {
        const files = await pullModels(found, {
          layout: "model",
          naming: defaultNaming,
          rules: design.rules,
          canonical: (schema) => design.canonical(schema, connection),
        });
        assert.deepEqual(files.flatMap(unusedImports), []);
        const { schema } = toSchema(await loadPulled(files, out));
        const wanted = await design.canonical(schema, connection, found);
        const bare = (each: Schema): Schema => ({ ...each, unmanaged: [] });
        assert.deepEqual(diff(bare(found), bare(wanted), design.rules).map(inWords), []);
        const again = await Project.make((work) => t.after(work), row);
        again.models = schema;
        await again.with(async (environment) => {
          await environment.makeMigrations({ message: "pulled" });
          await environment.upgrade();
          assert.equal((await environment.check()).ok, true);
          assert.deepEqual(await dumpDifferences(again, project, row, t), []);
        });
      });
    });
  }
}

/** What a file imports and says nowhere else. */
function unusedImports({ path, source }: PulledFile): readonly string[] {
  const [, head = "", body = ""] = /^((?:import .*\n)*)([\s\S]*)$/.exec(source) ?? [];
  const names = [...head.matchAll(/\{ (.*) \}/g)].flatMap(([, list = ""]) => list.split(", "));
  return names
    .filter((name) => !new RegExp(`\\b${name.replaceAll("$", "\\$")}\\b`).test(body))
    .map((name) => `${path}: ${name}`);
}
