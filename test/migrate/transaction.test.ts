import assert from "node:assert/strict";
import type { Capabilities } from "../../src/dialect/index.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import type { TransactionMode } from "../../src/migrate/index.ts";
import { onEvery, type Project } from "./project.ts";

const transactional = ({ transactionalDdl }: Capabilities): boolean => transactionalDdl;

const table = (name: string) =>
  `op.createTable("${name}", (table) => [table.column("id", t.integer(), { nullable: false })]);`;

const upgrade = (project: Project, transaction: TransactionMode, target = "heads") =>
  project.with((environment) => environment.upgrade(target, { transaction }));

async function three(project: Project): Promise<void> {
  await project.migration("a1", null, { upgrade: table("one"), downgrade: 'op.dropTable("one");' });
  await project.migration("b2", "a1", {
    upgrade: `op.execute("INSERT INTO one VALUES (1)", { changes: [] });
    op.alterColumn("one", "id", { type: t.bigint() });
    ${table("two")}`,
    downgrade: `op.dropTable("two");\n    op.alterColumn("one", "id", { type: t.integer() });`,
  });
  await project.migration("c3", "b2", {
    upgrade: 'op.execute("INSERT INTO two VALUES (2)", { changes: [] });',
    downgrade: 'op.execute("DELETE FROM two", { changes: [] });',
  });
}

onEvery(
  "all revisions in one transaction: every one of them, or none",
  async (project) => {
    await three(project);
    await project.migration("d4", "c3", { upgrade: 'op.execute("nonsense", { changes: [] });' });
    await assert.rejects(upgrade(project, "all"), { code: "MIGRATE.FAILED" });
    assert.deepEqual(await project.tables(), []);
    const done = await upgrade(project, "all", "c3");
    assert.deepEqual(
      done.steps.map((step) => step.revision),
      ["a1", "b2", "c3"],
    );
    assert.deepEqual(done.to, ["c3"]);
    assert.deepEqual(await project.sql("SELECT * FROM two"), [[2]]);
    const finished = project.events.filter((event) => event.kind === "revisionFinished");
    assert.equal(finished.length, 3);
    const back = await project.with((environment) => environment.downgrade("base", { transaction: "all" }));
    assert.deepEqual(back.to, []);
    assert.deepEqual(await project.tables(), []);
  },
  transactional,
);

onEvery("each operation committed by itself, and gone on with", async (project) => {
  await three(project);
  await project.migration("d4", "c3", {
    upgrade: `op.addColumn("two", "x", t.integer());
    op.execute("UPDATE two SET x = id + 1", { changes: [] });
    op.execute("INSERT INTO two (id, x) SELECT id, id FROM hindered", { changes: [] });
    op.execute("UPDATE two SET x = x + 1", { changes: [] });`,
  });
  await assert.rejects(upgrade(project, "none"), (error) => {
    assert.ok(isAthanorError(error, "MIGRATE.FAILED"), String(error));
    assert.equal(error.fields.undone, false);
    return true;
  });
  assert.deepEqual(await project.sql("SELECT id, x FROM two"), [[2, 3]]);
  await project.sql("CREATE TABLE hindered (id INTEGER)");
  const done = await upgrade(project, "each");
  assert.deepEqual(
    done.steps.map((step) => [step.revision, step.resumedAfter, step.statements]),
    [["d4", 2, 4]],
  );
  assert.deepEqual(await project.sql("SELECT id, x FROM two"), [[2, 4]]);
});

const refused: readonly (readonly [
  string,
  Parameters<Project["migration"]>[2],
  (on: Capabilities) => boolean,
])[] = [
  ["a file says that it is none", { header: "transaction: false," }, transactional],
  [
    "a statement has to stand alone",
    {
      upgrade: `op.on("sqlite", (inner) => inner.execute("VACUUM"));
    op.on("postgresql", (inner) => inner.execute("VACUUM"));`,
    },
    transactional,
  ],
  [
    "a value of an enum has to be committed before it is used",
    {
      upgrade: `op.alterColumn("one", "mood", { type: t.enum(["low", "high"], { name: "mood" }) });
    op.execute("UPDATE one SET mood = 'high'", { changes: [] });`,
    },
    ({ namedEnums }) => namedEnums,
  ],
  ["the database commits every change", {}, (on) => !transactional(on)],
];

for (const [name, body, needs] of refused) {
  onEvery(
    `one transaction is refused where ${name}`,
    async (project) => {
      await project.migration("a1", null, {
        upgrade: `op.createTable("one", (table) => [
      table.column("id", t.integer()),
      table.column("mood", t.enum(["low"], { name: "mood" })),
    ]);`,
      });
      await project.migration("b2", "a1", body);
      await assert.rejects(upgrade(project, "all"), { code: "MIGRATE.TRANSACTION" });
      assert.deepEqual(await project.tables(), []);
      assert.deepEqual((await upgrade(project, "each")).to, ["b2"]);
    },
    needs,
  );
}
