import assert from "node:assert/strict";
import { test } from "node:test";
import type { DdlWriter, Dialect } from "../../src/dialect/index.ts";
import { sqlite } from "../../src/dialect/sqlite/index.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import { check, column, index, schema, t, table } from "../../src/schema/index.ts";
import { Project } from "./project.ts";

/** SQLite with a fault: it forgets indexes. */
const forgetful: Dialect = {
  ...sqlite,
  design: async () => {
    const design = await sqlite.design();
    const statements: DdlWriter["statements"] = (operation, state) =>
      operation.kind === "createIndex" ? [] : design.ddl.statements(operation, state);
    return { ...design, ddl: { ...design.ddl, statements } };
  },
};

test("a migration that would not do what it says is not written", async (t) => {
  const project = await Project.make((work) => t.after(work));
  const hero = table("hero", [column("name", types.text())]);
  project.models = schema([hero]);
  await project.with(async (environment) => {
    await environment.makeMigrations({ message: "one" });
    await environment.upgrade();
  });
  project.models = schema([{ ...hero, indexes: [index("ix_hero_name", ["name"])] }]);
  await assert.rejects(
    project.with((environment) => environment.makeMigrations({ message: "two" }), { dialect: forgetful }),
    (error) => {
      assert.ok(isAthanorError(error, "MIGRATE.UNPROVEN"), String(error));
      assert.equal(error.fields.direction, "upgrade");
      assert.match(error.message, /ix_hero_name/);
      return true;
    },
  );
  assert.equal((await project.files()).length, 1);
  const made = await project.with((environment) => environment.makeMigrations({ message: "two" }));
  assert.equal(made.outcome, "written");
});

test("what cannot be tried elsewhere is let pass", async (t) => {
  const project = await Project.make((work) => t.after(work));
  project.models = schema([
    table("hero", [column("name", types.text())], {
      checks: [check("ours(name)", { name: "ck_hero_name" })],
    }),
  ]);
  const made = await project.with((environment) => environment.makeMigrations({ message: "one" }));
  assert.equal(made.outcome, "written");
});

const types = t;
