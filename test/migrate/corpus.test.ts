import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { sqlite } from "../../src/dialect/sqlite/index.ts";
import { firstDifference } from "../../src/schema/equal.ts";
import type { Schema } from "../../src/schema/index.ts";
import { Project } from "./project.ts";

const corpus = join(import.meta.dirname, "../corpus/schemas/sqlite");

async function inspect(url: string): Promise<Schema> {
  const { inspector } = await sqlite.design();
  const source = await sqlite.open(url);
  const connection = await source.acquire();
  const found = await inspector.inspect(connection);
  await connection.release();
  await source.close();
  return { ...found, tables: found.tables.filter((table) => !table.name.startsWith("athanor_")) };
}

for (const name of (await readdir(corpus)).filter((file) => file.endsWith(".sql"))) {
  test(`${name}: read, written as a migration, applied to an empty database, read again`, async (t) => {
    const project = await Project.make((work) => t.after(work));
    const original = join(project.root, "original.db");
    const database = new DatabaseSync(original);
    database.exec(await readFile(join(corpus, name), "utf8"));
    database.close();
    project.models = await inspect(`sqlite:///${original}`);
    assert.ok(project.models.tables.length > 10);
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "everything" });
      await environment.upgrade();
      assert.equal(firstDifference((await inspect(project.url)).tables, project.models.tables), null);
      for (const from of ["database", "history"] as const) {
        assert.equal((await environment.makeMigrations({ from })).outcome, "no changes");
      }
      await environment.downgrade("base");
      assert.deepEqual((await inspect(project.url)).tables, []);
    });
  });
}
