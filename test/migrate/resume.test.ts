/** What a run says and does where it was killed, and the log and the catalog alone do not tell how to go on. */
import assert from "node:assert/strict";
import type { Capabilities } from "../../src/dialect/index.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import type { RunOptions } from "../../src/migrate/index.ts";
import { migrateMortal } from "./killed.ts";
import { onEvery, type Project } from "./project.ts";

const stepwise = ({ transactionalDdl }: Capabilities): boolean => !transactionalDdl;

const upgrade = (project: Project, options: RunOptions = {}, target = "heads") =>
  project.with((environment) => environment.upgrade(target, options));

/** Dies at the statement, which has to be there. */
async function dies(project: Project, at: string, when: "before" | "after"): Promise<void> {
  const { killed } = await migrateMortal(project, { at, when });
  assert.ok(killed, `nothing says ${at}`);
}

const table = (name: string) =>
  `op.createTable("${name}", (table) => [table.column("id", t.integer(), { nullable: false })]);`;

onEvery(
  "a statement whose effect nobody can see is asked about",
  async (project) => {
    await project.migration("a1", null, { upgrade: table("one") });
    await upgrade(project);
    await project.sql("CREATE PROCEDURE p() INSERT INTO one VALUES (1)");
    await project.migration("b2", "a1", {
      upgrade: `op.execute("CALL p()", { changes: [] });\n    ${table("two")}`,
    });
    await project.migration("c3", "b2", { upgrade: table("three") });
    for (const [resume, rows] of [
      ["skip", 1],
      ["retry", 2],
    ] as const) {
      await dies(project, "CALL p()", "after");
      await assert.rejects(upgrade(project), (error) => {
        assert.ok(isAthanorError(error, "MIGRATE.UNDECIDED"), String(error));
        const { revision, finished, total, statement } = error.fields;
        assert.deepEqual([revision, finished, total, statement], ["b2", 0, 2, "CALL p()"]);
        assert.match(error.remedy, /migrate b2 --resume retry/);
        return true;
      });
      const done = await upgrade(project, { resume });
      assert.deepEqual(
        done.steps.map((step) => [step.revision, step.resumedAfter]),
        [
          ["b2", 0],
          ["c3", null],
        ],
      );
      assert.equal((await project.sql("SELECT * FROM one")).length, rows);
      await project.sql("DELETE FROM one");
      await project.sql("DROP TABLE two, three");
      await project.with((environment) => environment.stamp("a1"));
    }
    await assert.rejects(upgrade(project, { resume: "skip" }), { code: "MIGRATE.NOTHING_TO_RESUME" });
  },
  stepwise,
);

onEvery(
  "a table that is neither as it was nor as it should be is left to people",
  async (project) => {
    await project.migration("a1", null, { upgrade: table("one") });
    await project.migration("b2", "a1", { upgrade: 'op.addColumn("one", "x", t.integer());' });
    await dies(project, "ADD COLUMN `x`", "before");
    await project.sql("ALTER TABLE one ADD COLUMN y INTEGER");
    await assert.rejects(upgrade(project), { code: "MIGRATE.UNDECIDED" });
    await project.sql("ALTER TABLE one DROP COLUMN y");
    await upgrade(project);
    assert.deepEqual(
      (await project.catalog()).tables[0]?.columns.map((column) => column.name),
      ["id", "x"],
    );
  },
  stepwise,
);

onEvery(
  "what was done by hand meanwhile is not done again",
  async (project) => {
    await project.migration("a1", null, { upgrade: table("one") });
    await project.migration("b2", "a1", { upgrade: 'op.addColumn("one", "x", t.integer());' });
    await dies(project, "ADD COLUMN `x`", "before");
    await project.sql("ALTER TABLE one ADD COLUMN x INTEGER");
    assert.deepEqual((await upgrade(project)).to, ["b2"]);
  },
  stepwise,
);

onEvery(
  "a step of code that ends its own transaction is not run twice by itself",
  async (project) => {
    const [ddl, dml] = ["CREATE TABLE by_code (id INTEGER)", "INSERT INTO one VALUES (1)"];
    await project.migration("a1", null, {
      upgrade: `${table("one")}
    op.run("both", async (db) => {
      await db.execute(${JSON.stringify(dml)});
      await db.execute(${JSON.stringify(ddl)});
      await db.execute("UPDATE one SET id = 2");
    }, { changes: [] });`,
    });
    await dies(project, "UPDATE one", "before");
    await assert.rejects(upgrade(project), { code: "MIGRATE.UNDECIDED" });
    assert.deepEqual(await project.sql("SELECT * FROM one"), [[1]]);
  },
  stepwise,
);

onEvery(
  "an index built beside writers is finished, though everything else is one transaction",
  async (project) => {
    await project.migration("a1", null, {
      upgrade: `${table("one")}
    op.execute("INSERT INTO one VALUES (1)", { changes: [] });
    op.createIndex("ix_one", "one", ["id"], { options: { postgresql: { concurrently: true } } });
    op.execute("UPDATE one SET id = id + 1", { changes: [] });`,
    });
    for (const when of ["before", "after"] as const) {
      await dies(project, "CREATE INDEX CONCURRENTLY", when);
      const { problems } = await project.with((environment) => environment.validate());
      assert.deepEqual(
        problems.map((problem) => problem.code),
        ["UNFINISHED"],
      );
      const done = await upgrade(project);
      assert.deepEqual([done.to, done.steps[0]?.resumedAfter], [["a1"], 3]);
      assert.deepEqual(await project.sql("SELECT * FROM one"), [[2]]);
      const [found] = (await project.catalog()).tables;
      assert.deepEqual(
        found?.indexes.map((index) => index.name),
        ["ix_one"],
      );
      await project.sql("DROP TABLE one");
      await project.with((environment) => environment.stamp("base"));
    }
  },
  ({ transactionalDdl, concurrentWriters }) => transactionalDdl && concurrentWriters,
);

onEvery("what was broken off comes before anything else", async (project) => {
  const body = { header: "transaction: false,", downgrade: 'op.dropTable("one");' };
  await project.migration("a1", null, { upgrade: table("zero"), downgrade: 'op.dropTable("zero");' });
  await project.migration("b2", "a1", {
    ...body,
    upgrade: `${table("one")}\n    op.execute("INSERT INTO one VALUES (1)", { changes: [] });`,
  });
  await project.migration("c3", "a1", { upgrade: table("two"), labels: ["other"] });
  await project.with((environment) => environment.upgrade("a1"));
  const { killed } = await migrateMortal(project, { at: "INSERT INTO one", when: "before" });
  assert.ok(killed);
  const refused = (error: unknown): boolean => {
    assert.ok(isAthanorError(error, "MIGRATE.UNFINISHED"), String(error));
    assert.deepEqual([error.fields.revision, error.fields.finished, error.fields.resumable], ["b2", 1, true]);
    assert.match(error.remedy, /athanor migrate b2/);
    return true;
  };
  await assert.rejects(upgrade(project, {}, "other@head"), refused);
  await assert.rejects(
    project.with((environment) => environment.downgrade()),
    refused,
  );
  await assert.rejects(
    upgrade(project, { transaction: "all" }),
    (error) => isAthanorError(error, "MIGRATE.TRANSACTION") && error.fields.revision !== undefined,
  );
  const done = await upgrade(project);
  assert.equal(done.steps[0]?.revision, "b2");
  assert.deepEqual([...done.to].sort(), ["b2", "c3"]);
  assert.deepEqual(await project.sql("SELECT * FROM one"), [[1]]);
});
