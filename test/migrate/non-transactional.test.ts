import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dialect } from "../../src/dialect/index.ts";
import { sqlite } from "../../src/dialect/sqlite/index.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import { Project } from "./project.ts";

/** The same database, told to commit every statement by itself, as those do whose DDL ends a transaction. */
const stepwise: Dialect = {
  ...sqlite,
  capabilities: { ...sqlite.capabilities, transactionalDdl: false },
};

const log =
  "SELECT status, statement_index, statement_count, plan IS NULL, error IS NULL FROM athanor_log ORDER BY id";

async function project(onEnd: (work: () => Promise<void>) => void): Promise<Project> {
  const made = await Project.make(onEnd);
  await made.migration("a1", null, {
    upgrade: `op.createTable("one", (table) => [table.column("id", t.integer())]);
    op.run("fill", (db) => db.execute("INSERT INTO one VALUES (1)").then(() => {}), { changes: [] });
    op.createTable("two", (table) => [table.column("id", t.integer())]);`,
    downgrade: 'op.dropTable("two");\n    op.dropTable("one");',
  });
  return made;
}

test("the log says after each statement how far the revision has come", async (t) => {
  const made = await project((work) => t.after(work));
  const seen: unknown[] = [];
  await made.with((environment) => environment.upgrade(), {
    dialect: stepwise,
    onEvent: async (event) => {
      if (event.kind === "statementFinished" || event.kind === "stepFinished")
        seen.push(...(await made.sql(log)));
    },
  });
  assert.deepEqual(seen, [
    ["running", null, 3, 0, 1],
    ["running", 0, 3, 0, 1],
    ["running", 1, 3, 0, 1],
  ]);
  assert.deepEqual(await made.sql(log), [["done", 2, 3, 1, 1]]);
  assert.deepEqual(await made.sql("SELECT * FROM one"), [[1]]);
  await made.with((environment) => environment.downgrade(), { dialect: stepwise });
  assert.deepEqual(await made.sql("SELECT name FROM sqlite_schema WHERE name IN ('one', 'two')"), []);
});

test("a failure in the middle is told exactly, and stops the next run until it is settled", async (t) => {
  const made = await project((work) => t.after(work));
  await made.sql("CREATE VIEW two AS SELECT 1");
  await assert.rejects(
    made.with((environment) => environment.upgrade(), { dialect: stepwise }),
    (error) => {
      assert.ok(isAthanorError(error, "MIGRATE.FAILED"), String(error));
      assert.equal(error.fields.undone, false);
      assert.match(error.fields.statement ?? "", /CREATE TABLE "two"/);
      return true;
    },
  );
  assert.deepEqual(await made.sql(log), [["failed", 1, 3, 0, 0]]);
  await assert.rejects(
    made.with((environment) => environment.upgrade(), { dialect: stepwise }),
    (error) => {
      assert.ok(isAthanorError(error, "MIGRATE.UNFINISHED"), String(error));
      assert.deepEqual([error.fields.finished, error.fields.total], [2, 3]);
      assert.match(error.fields.next ?? "", /CREATE TABLE "two"/);
      return true;
    },
  );
  const status = await made.with((environment) => environment.status(), { dialect: stepwise });
  assert.deepEqual(
    status.problems.map((problem) => problem.code),
    ["UNFINISHED"],
  );
  await made.sql("DROP VIEW two");
  await made.sql("CREATE TABLE two (id INTEGER)");
  await made.with((environment) => environment.stamp("a1"), { dialect: stepwise });
  const settled = await made.with((environment) => environment.upgrade(), { dialect: stepwise });
  assert.deepEqual(settled.steps, []);
  assert.deepEqual((await made.with((environment) => environment.validate())).problems, []);
});
