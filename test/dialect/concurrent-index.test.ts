/** Indexes that are built beside writers: outside the transaction, half built where they fail, and finished later. */
import assert from "node:assert/strict";
import type { Capabilities } from "../../src/dialect/index.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import { onEvery, type Project } from "../migrate/project.ts";

/** Only PostgreSQL's family builds so; elsewhere the option says nothing. */
const builds = ({ transactionalDdl, concurrentWriters }: Capabilities): boolean =>
  transactionalDdl && concurrentWriters;

const beside = "{ unique: true, options: { postgresql: { concurrently: true } } }";

async function start(project: Project, build: string): Promise<void> {
  await project.migration("a1", null, {
    upgrade: `op.createTable("hero", (table) => [table.column("id", t.integer()), table.column("name", t.text())]);
    op.createTable("team", (table) => [table.column("name", t.text())]);`,
  });
  await project.migration("b2", "a1", {
    upgrade: `op.addColumn("hero", "age", t.integer());
    ${build}
    op.addColumn("hero", "motto", t.text());`,
    downgrade: `op.dropColumn("hero", "motto");
    op.dropIndex("ix_hero_name", "hero", { options: { postgresql: { concurrently: true } } });
    op.dropColumn("hero", "age");`,
  });
  await project.with((environment) => environment.upgrade("a1"));
}

const invalid = (project: Project): Promise<readonly (readonly unknown[])[]> =>
  project.sql(
    "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid",
  );

onEvery(
  "a build that fails leaves half an index: inspect lists it, the next run recovers it",
  async (project) => {
    await start(project, `op.createIndex("ix_hero_name", "hero", ["name"], ${beside});`);
    await project.sql("INSERT INTO hero (id, name) VALUES (1, 'twice'), (2, 'twice')");
    const upgrade = (): Promise<unknown> => project.with((environment) => environment.upgrade());
    for (let time = 1; time <= 2; time += 1) {
      await assert.rejects(upgrade(), (error) => {
        assert.ok(isAthanorError(error, "MIGRATE.FAILED"), String(error));
        assert.ok(isAthanorError(error.cause, "DATABASE.UNIQUE"), String(error.cause));
        assert.equal(error.fields.undone, false);
        assert.match(error.fields.statement ?? "", /CREATE UNIQUE INDEX CONCURRENTLY/);
        return true;
      });
      assert.deepEqual(await invalid(project), [["ix_hero_name"]]);
      const { schema } = await project.with((environment) => environment.inspect());
      assert.deepEqual(
        schema.unmanaged.map(({ kind, name }) => [kind, name]),
        [["invalid index", "ix_hero_name"]],
      );
      const hero = schema.tables.find((table) => table.name === "hero");
      assert.deepEqual(hero?.indexes, []);
      assert.deepEqual(
        hero?.columns.map((column) => column.name),
        ["id", "name", "age"],
      );
    }
    await project.sql("UPDATE hero SET name = 'once' WHERE id = 1");
    await upgrade();
    assert.deepEqual(await invalid(project), []);
    const hero = (await project.catalog()).tables.find((table) => table.name === "hero");
    assert.deepEqual(
      [hero?.indexes.map((index) => [index.name, index.unique]), hero?.columns.length],
      [[["ix_hero_name", true]], 4],
    );
    await project.with((environment) => environment.downgrade("-1"));
    assert.equal(
      (await project.with((environment) => environment.diff({ from: "database", to: "a1" }))).same,
      true,
    );
  },
  builds,
);

onEvery(
  "an index of that name that somebody else made is not taken for half a one",
  async (project) => {
    await start(project, `op.createIndex("ix_hero_name", "hero", ["name"], ${beside});`);
    await project.sql("CREATE INDEX ix_hero_name ON team (name)");
    await assert.rejects(
      project.with((environment) => environment.upgrade()),
      (error) => {
        assert.ok(isAthanorError(error, "MIGRATE.FAILED"), String(error));
        assert.ok(isAthanorError(error.cause, "PLAN.UNSUPPORTED"), String(error.cause));
        assert.match(error.cause.fields.reason, /of table "team"/);
        return true;
      },
    );
    const team = (await project.catalog()).tables.find((table) => table.name === "team");
    assert.deepEqual(
      team?.indexes.map((index) => index.name),
      ["ix_hero_name"],
    );
  },
  builds,
);
