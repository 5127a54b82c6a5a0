/** Enums change with the rows that hold their values, on every database. */
import assert from "node:assert/strict";
import { isAthanorError } from "../../src/errors/index.ts";
import { onEvery, type Project } from "./project.ts";

async function withRows(project: Project): Promise<void> {
  await project.migration("0001", null, {
    upgrade: `op.createTable("thing", (table) => [
      table.column("id", t.integer(), { nullable: false }),
      table.column("kind", t.enum(["old", "kept", "odd"]), { default: "old" }),
      table.primaryKey(["id"], { name: "pk_thing" }),
    ]);`,
    downgrade: `op.dropTable("thing");`,
  });
  await project.with((environment) => environment.upgrade());
  await project.sql("INSERT INTO thing (id, kind) VALUES (1, 'old'), (2, 'kept')");
}

async function kinds(project: Project): Promise<readonly unknown[]> {
  return (await project.sql("SELECT kind FROM thing ORDER BY id")).map(([kind]) => kind);
}

onEvery(
  "a value under a new name, one that goes into another: rows follow, there and back",
  async (project) => {
    await withRows(project);
    await project.migration("0002", "0001", {
      upgrade: `op.alterColumn("thing", "kind", {
      type: t.enum(["new", "kept"]), values: { old: "new", odd: "kept" }, default: "new",
    });`,
      downgrade: `op.alterColumn("thing", "kind", {
      type: t.enum(["old", "kept", "odd"]), values: { new: "old" }, default: "old",
    });`,
    });
    await project.with(async (environment) => {
      await environment.upgrade();
      assert.deepEqual(await kinds(project), ["new", "kept"]);
      await project.sql("INSERT INTO thing (id) VALUES (3)");
      assert.deepEqual(await kinds(project), ["new", "kept", "new"]);
      await environment.downgrade("-1");
      assert.deepEqual(await kinds(project), ["old", "kept", "old"]);
    });
  },
);

onEvery("a value goes that rows still hold: refused, and nothing is lost", async (project) => {
  await withRows(project);
  await project.migration("0002", "0001", {
    upgrade: `op.alterColumn("thing", "kind", { type: t.enum(["kept", "odd"]), default: "kept" });`,
    downgrade: `op.alterColumn("thing", "kind", { type: t.enum(["old", "kept", "odd"]), default: "old" });`,
  });
  await project.with(async (environment) => {
    await assert.rejects(environment.upgrade(), (error) => isAthanorError(error));
    assert.deepEqual(await kinds(project), ["old", "kept"]);
  });
});

onEvery("values in another order, and more of them, used at once", async (project) => {
  await withRows(project);
  await project.migration("0002", "0001", {
    upgrade: `op.alterColumn("thing", "kind", { type: t.enum(["old", "kept", "odd", "later"]), default: "later" });
    op.execute("UPDATE thing SET kind = 'later' WHERE id = 2", { changes: [] });`,
    downgrade: `op.execute("UPDATE thing SET kind = 'kept' WHERE id = 2", { changes: [] });
    op.alterColumn("thing", "kind", { type: t.enum(["old", "kept", "odd"]), default: "old" });`,
  });
  await project.migration("0003", "0002", {
    upgrade: `op.alterColumn("thing", "kind", { type: t.enum(["later", "odd", "kept", "old"]) });`,
    downgrade: `op.alterColumn("thing", "kind", { type: t.enum(["old", "kept", "odd", "later"]) });`,
  });
  await project.with(async (environment) => {
    await environment.upgrade();
    assert.deepEqual(await kinds(project), ["old", "later"]);
    await environment.downgrade("0001");
    assert.deepEqual(await kinds(project), ["old", "kept"]);
  });
});
