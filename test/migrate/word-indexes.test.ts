/** Indexes of words that SQLite cannot fill by itself: made all the same, and never emptied unseen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { isAthanorError } from "../../src/errors/index.ts";
import { field, Model, toSchema } from "../../src/model/index.ts";
import { virtualTable } from "../../src/objects.ts";
import { dialects } from "../dialects.ts";
import { Project } from "./project.ts";

class Talk extends Model("talk", {
  id: field(z.int(), { primaryKey: true }),
  title: field(z.string()),
}) {}

for (const row of dialects.filter(({ name }) => name === "sqlite")) {
  for (const content of ["talk", "gone", ""]) {
    test(`an index of words over "${content}", which lacks a column of it`, async (t) => {
      const project = await Project.make((work) => t.after(work), row);
      const models = (rest: string): void => {
        const using = `fts5(title, spoken, content = '${content}'${rest})`;
        project.models = toSchema([Talk, virtualTable("words", using)]).schema;
      };
      models("");
      await project.with(async (environment) => {
        await environment.makeMigrations({ message: "words" });
        await environment.upgrade();
        assert.equal((await environment.check()).ok, true);
        await project.sql("INSERT INTO words (rowid, title, spoken) VALUES (7, 'one', 'two')");
        models(", tokenize = 'porter'");
        await environment.makeMigrations({ message: "porter" });
        await assert.rejects(environment.upgrade(), (error) => isAthanorError(error, "MIGRATE.VIOLATION"));
        const find = () => project.sql("SELECT rowid FROM words WHERE words MATCH 'two'");
        assert.deepEqual(await find(), [[7]]);
        await project.sql("INSERT INTO words (words) VALUES ('delete-all')");
        await environment.upgrade();
        assert.equal((await environment.check()).ok, true);
        assert.deepEqual(await find(), []);
      });
    });
  }

  test("an index of words over a table that has its columns is filled, whatever their case", async (t) => {
    const project = await Project.make((work) => t.after(work), row);
    project.models = toSchema([Talk]).schema;
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "talk" });
      await environment.upgrade();
      await project.sql("INSERT INTO talk VALUES (7, 'one two')");
      const using = "fts5(Title, content = 'TALK', content_rowid = 'Id')";
      project.models = toSchema([Talk, virtualTable("words", using)]).schema;
      await environment.makeMigrations({ message: "words" });
      await environment.upgrade();
      assert.deepEqual(await project.sql("SELECT rowid FROM words WHERE words MATCH 'two'"), [[7]]);
    });
  });
}
