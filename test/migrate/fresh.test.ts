import assert from "node:assert/strict";
import { isAthanorError } from "../../src/errors/index.ts";
import { onEvery, type Project } from "./project.ts";

async function circle(project: Project): Promise<void> {
  await project.migration("a1", null, {
    upgrade: `for (const [name, other] of [["team", "hero_id"], ["hero", "team_id"]])
      op.createTable(name, (table) => [
        table.column("id", t.integer(), { nullable: false }),
        table.column(other, t.integer()),
        table.primaryKey(["id"]),
      ]);
    op.addForeignKey("team", ["hero_id"], "hero", ["id"], { name: "fk_team_hero" });
    op.addForeignKey("hero", ["team_id"], "team", ["id"], { name: "fk_hero_team" });`,
    downgrade: 'op.execute("no way back");',
  });
}

onEvery("everything goes and comes again, whoever made it; what hooks leave out stays", async (project) => {
  await circle(project);
  await project.with((environment) => environment.upgrade());
  await project.sql("INSERT INTO team (id) VALUES (1)");
  await project.sql("CREATE TABLE stranger (id INTEGER)");
  await project.sql("CREATE TABLE legacy (id INTEGER)");
  const hooks = { includeName: ({ name }: { readonly name: string }) => name !== "legacy" };
  await project.with(
    async (environment) => {
      const dry = await environment.fresh({ dryRun: true });
      assert.deepEqual([...dry.dropped].sort(), [
        "table athanor_log",
        "table athanor_version",
        "table hero",
        "table stranger",
        "table team",
      ]);
      assert.equal(dry.applied, null);
      assert.equal((await project.tables()).length, 4);
      const { applied } = await environment.fresh();
      assert.deepEqual([applied?.from, applied?.to], [[], ["a1"]]);
    },
    { hooks },
  );
  assert.deepEqual(await project.tables(), ["hero", "legacy", "team"]);
  assert.deepEqual(await project.sql("SELECT * FROM team"), []);
  assert.deepEqual(await project.sql("SELECT revision, status FROM athanor_log"), [["a1", "done"]]);
});

/** A trunk, two branches on it, and one that stands apart and needs the first. */
async function branches(project: Project): Promise<void> {
  const one = (name: string) => ({
    upgrade: `op.createTable("${name}", (table) => [table.column("id", t.integer())]);`,
    downgrade: `op.dropTable("${name}");`,
  });
  await project.migration("users1", null, { ...one("users"), labels: ["users"] });
  await project.migration("users2", "users1", one("roles"));
  await project.migration("orders1", null, { ...one("orders"), labels: ["orders"], dependsOn: ["users1"] });
  await project.migration("apart1", null, { ...one("apart"), labels: ["apart"] });
}

onEvery(
  "a branch is undone alone, and what depends on it is named before anything is done",
  async (project) => {
    await branches(project);
    await project.with(async (environment) => {
      await environment.upgrade();
      const tables = await project.tables();
      await assert.rejects(environment.downgrade("users@base"), (error) => {
        assert.ok(isAthanorError(error, "MIGRATE.DEPENDENTS"));
        assert.deepEqual(error.fields.revisions, ["orders1"]);
        return true;
      });
      assert.deepEqual(await project.tables(), tables);
      const planned = await environment.planDowngrade("users@base");
      assert.deepEqual(planned.dependents, ["orders1"]);
      const back = await environment.downgrade("users@-1");
      assert.deepEqual(
        back.steps.map(({ revision }) => revision),
        ["users2"],
      );
      const alone = await environment.downgrade("orders@base");
      assert.deepEqual(
        alone.steps.map(({ revision }) => revision),
        ["orders1"],
      );
      assert.deepEqual(await project.tables(), ["apart", "users"]);
      await environment.upgrade();
      const together = await environment.downgrade("users@base", { dependents: true });
      assert.deepEqual(together.to, ["apart1"]);
    });
    assert.deepEqual(await project.tables(), ["apart"]);
  },
);
