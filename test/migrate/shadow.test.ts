import assert from "node:assert/strict";
import { isAthanorError } from "../../src/errors/index.ts";
import { column, primaryKey, table } from "../../src/schema/build.ts";
import { emptySchema, t } from "../../src/schema/index.ts";
import { onEvery, type Project } from "./project.ts";

/** A raw step that keeps silent about what it does, and a model that has a column more. */
async function silent(project: Project): Promise<void> {
  await project.migration("a1", null, {
    upgrade: `op.execute("CREATE TABLE raw (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20))");`,
    downgrade: 'op.execute("DROP TABLE raw");',
  });
  await project.migration("b2", "a1", {
    upgrade: `op.run("fill", async (db) => { await db.execute("INSERT INTO raw VALUES (1, 'a')"); });`,
  });
}

const on = (project: Project): { readonly on?: string } => (project.onServer ? { on: "server" } : {});

onEvery(
  "models are compared with what raw steps really do, and no database of the project is asked",
  async (project) => {
    await silent(project);
    const columns = [
      column("id", t.integer(), { nullable: false }),
      column("name", t.varchar(20)),
      column("city", t.text()),
    ];
    project.models = {
      ...emptySchema,
      tables: [table("raw", columns, { primaryKey: primaryKey(["id"]) })],
    };
    await project.with(async (environment) => {
      await assert.rejects(environment.makeMigrations({ from: "history" }), (error) =>
        isAthanorError(error, "MIGRATE.HISTORY_UNKNOWN"),
      );
      const before = await environment.check({ from: "shadow", ...on(project) });
      assert.deepEqual(
        before.differences.map(({ description }) => description),
        ["add column raw.city (text)"],
      );
      const made = await environment.makeMigrations({ from: "shadow", revId: "c3", ...on(project) });
      assert.equal(made.outcome, "written");
      assert.match(made.source ?? "", /op\.addColumn\("raw", "city"/);
      assert.equal((await environment.check({ from: "shadow", ...on(project) })).ok, true);
      const compared = await environment.diff({ from: "shadow", to: "models", ...on(project) });
      assert.equal(compared.same, true, JSON.stringify(compared.differences));
      const apart = await environment
        .diff({ from: "database", to: "shadow", ...on(project) })
        .catch((error) => {
          assert.ok(isAthanorError(error, "DATABASE.CONNECTION"), String(error));
          return null;
        });
      if (apart !== null)
        assert.deepEqual(
          apart.differences.map(({ kind }) => kind),
          ["createTable"],
        );
    });
    assert.deepEqual(await project.tables(), []);
  },
);

onEvery("a history that cannot be run says where, and leaves no database behind", async (project) => {
  await project.migration("a1", null, { upgrade: 'op.execute("CREATE BOGUS");' });
  await project.with((environment) =>
    assert.rejects(environment.check({ from: "shadow", ...on(project) }), (error) =>
      isAthanorError(error, "MIGRATE.FAILED"),
    ),
  );
});
