import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dialect } from "../../src/dialect/index.ts";
import { sqlite } from "../../src/dialect/sqlite/index.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import type { EnvironmentOptions } from "../../src/migrate/index.ts";
import { onEvery, Project } from "./project.ts";

/** The same database, told to commit every statement by itself, as those do whose DDL ends a transaction. */
const stepwise: Dialect = {
  ...sqlite,
  capabilities: { ...sqlite.capabilities, transactionalDdl: false },
};

const log =
  "SELECT status, statement_index, statement_count, plan IS NULL, error IS NULL FROM athanor_log ORDER BY id";

/** Where DDL ends transactions, and where we say so. */
function onStepwise(
  name: string,
  work: (project: Project, options: Partial<EnvironmentOptions>) => Promise<void>,
): void {
  test(`${name} (told so)`, async (t) => {
    await work(await Project.make((end) => t.after(end)), { dialect: stepwise });
  });
  onEvery(
    name,
    (project) => work(project, {}),
    ({ transactionalDdl }) => !transactionalDdl,
  );
}

async function prepare(made: Project): Promise<void> {
  await made.migration("a1", null, {
    upgrade: `op.createTable("one", (table) => [table.column("id", t.integer())]);
    op.run("fill", (db) => db.execute("INSERT INTO one VALUES (1)").then(() => {}), { changes: [] });
    op.createTable("two", (table) => [table.column("id", t.integer())]);`,
    downgrade: `op.dropTable("two");
    op.execute("DELETE FROM hindrance");
    op.dropTable("one");`,
  });
  await made.sql("CREATE TABLE hindrance (id INTEGER)");
}

onStepwise("the log says after each statement how far the revision has come", async (made, stepOptions) => {
  await prepare(made);
  const seen: unknown[] = [];
  await made.with((environment) => environment.upgrade(), {
    ...stepOptions,
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
  await made.with((environment) => environment.downgrade(), stepOptions);
  assert.deepEqual(await made.tables(), ["hindrance"]);
});

/** A run that fails at its third statement. */
async function failsInTheMiddle(made: Project, stepOptions: Partial<EnvironmentOptions>): Promise<void> {
  await assert.rejects(
    made.with((environment) => environment.upgrade(), stepOptions),
    (error) => {
      assert.ok(isAthanorError(error, "MIGRATE.FAILED"), String(error));
      assert.equal(error.fields.undone, false);
      assert.match(error.fields.statement ?? "", /CREATE TABLE .two/);
      return true;
    },
  );
}

const problems = async (made: Project, stepOptions: Partial<EnvironmentOptions>) =>
  (await made.with((environment) => environment.validate(), stepOptions)).problems.map(
    (problem) => problem.code,
  );

onStepwise(
  "a failure in the middle is told exactly, and the next run goes on from there",
  async (made, stepOptions) => {
    await prepare(made);
    await made.sql("CREATE VIEW two AS SELECT 1");
    await failsInTheMiddle(made, stepOptions);
    assert.deepEqual(await made.sql(log), [["failed", 1, 3, 0, 0]]);
    assert.deepEqual(await problems(made, stepOptions), ["UNFINISHED"]);
    await failsInTheMiddle(made, stepOptions);
    assert.deepEqual(await made.sql("SELECT * FROM one"), [[1]]);
    await made.sql("DROP VIEW two");
    const done = await made.with((environment) => environment.upgrade(), stepOptions);
    assert.deepEqual(
      done.steps.map((step) => [step.revision, step.resumedAfter, step.statements]),
      [["a1", 2, 3]],
    );
    assert.deepEqual(await made.sql("SELECT * FROM one"), [[1]]);
    assert.deepEqual(await made.tables(), ["hindrance", "one", "two"]);
    assert.deepEqual(await made.sql(log), [["done", 2, 3, 1, 1]]);
    assert.deepEqual(await problems(made, stepOptions), []);
  },
);

onStepwise("the file may be mended from the operation on that failed", async (made, stepOptions) => {
  await prepare(made);
  await made.sql("CREATE VIEW two AS SELECT 1");
  await failsInTheMiddle(made, stepOptions);
  const fill =
    'op.run("fill", (db) => db.execute("INSERT INTO one VALUES (1)").then(() => {}), { changes: [] });';
  await made.migration("a1", null, {
    upgrade: `op.createTable("one", (table) => [table.column("id", t.bigint())]);
    ${fill}
    op.createTable("three", (table) => [table.column("id", t.integer())]);`,
  });
  await assert.rejects(
    made.with((environment) => environment.upgrade(), stepOptions),
    (error) => {
      assert.ok(isAthanorError(error, "MIGRATE.CHANGED"), String(error));
      assert.deepEqual([error.fields.finished, error.fields.total], [2, 3]);
      assert.match(error.fields.statement ?? "", /CREATE TABLE .two/);
      return true;
    },
  );
  await made.migration("a1", null, {
    upgrade: `op.createTable("one", (table) => [table.column("id", t.integer())]);
    ${fill}
    op.createTable("three", (table) => [table.column("id", t.integer())]);
    op.addColumn("one", "more", t.text());`,
    downgrade: 'op.dropTable("three");\n    op.dropTable("one");',
  });
  const done = await made.with((environment) => environment.upgrade(), stepOptions);
  assert.deepEqual(
    done.steps.map((step) => [step.resumedAfter, step.statements]),
    [[2, 4]],
  );
  assert.deepEqual(await made.sql("SELECT * FROM one"), [[1, null]]);
  await made.sql("DROP VIEW two");
  assert.deepEqual(await made.tables(), ["hindrance", "one", "three"]);
  assert.deepEqual(await problems(made, stepOptions), []);
});

onStepwise("what is finished by hand, or undone, is said with a stamp", async (made, stepOptions) => {
  await prepare(made);
  await made.sql("CREATE VIEW two AS SELECT 1");
  await failsInTheMiddle(made, stepOptions);
  await made.sql("DROP TABLE one");
  await made.with((environment) => environment.stamp("base"), stepOptions);
  assert.deepEqual(await problems(made, stepOptions), []);
  await failsInTheMiddle(made, stepOptions);
  await made.sql("DROP VIEW two");
  await made.sql("CREATE TABLE two (id INTEGER)");
  await made.with((environment) => environment.stamp("a1"), stepOptions);
  const settled = await made.with((environment) => environment.upgrade(), stepOptions);
  assert.deepEqual(settled.steps, []);
  assert.deepEqual(await problems(made, stepOptions), []);
  await made.sql("DROP TABLE hindrance");
  await made.sql("INSERT INTO one VALUES (2)");
  const down = made.with((environment) => environment.downgrade(), stepOptions);
  await assert.rejects(down, { code: "MIGRATE.FAILED" });
  await assert.rejects(
    made.with((environment) => environment.upgrade(), stepOptions),
    { code: "MIGRATE.UNFINISHED" },
  );
  await made.sql("CREATE TABLE two (id INTEGER)");
  await made.with((environment) => environment.stamp("a1"), stepOptions);
  assert.deepEqual(await problems(made, stepOptions), []);
  await made.sql("CREATE TABLE hindrance (id INTEGER)");
  const back = await made.with((environment) => environment.downgrade(), stepOptions);
  assert.deepEqual(back.to, []);
});

onStepwise("a hook that fails at the end leaves only the record to be written", async (made, stepOptions) => {
  await prepare(made);
  const hooks = {
    onVersionApply: () => {
      throw new Error("not now");
    },
  };
  await assert.rejects(
    made.with((environment) => environment.upgrade(), { ...stepOptions, hooks }),
    /not now/,
  );
  assert.deepEqual(await made.sql("SELECT version_num FROM athanor_version"), []);
  const done = await made.with((environment) => environment.upgrade(), stepOptions);
  assert.deepEqual([done.to, done.steps[0]?.resumedAfter], [["a1"], 3]);
  assert.deepEqual(await made.sql("SELECT * FROM one"), [[1]]);
});
