import assert from "node:assert/strict";
import { dialectFor } from "../../src/dialect/registry.ts";
import { onEvery } from "./project.ts";

onEvery("operations for one database run there and nowhere else", async (project) => {
  const { id } = project.dialect;
  const table = (name: string) =>
    `(inner) => inner.createTable("${name}", (table) => [table.column("id", t.integer())])`;
  await project.migration("a1", null, {
    upgrade: `op.on(${JSON.stringify(id)}, ${table("ours")});
    op.on("elsewhere", ${table("theirs")});`,
  });
  await project.with((environment) => environment.upgrade());
  assert.deepEqual(await project.tables(), ["ours"]);
  assert.equal((await project.with((environment) => environment.status())).dialect, id);
});

onEvery("the very server decides, whatever its URL calls it", async (project) => {
  const { serverDialect, id, standsInFor } = project.dialect;
  const [name] = standsInFor ?? [];
  if (serverDialect === undefined || name === undefined) return;
  const url = project.url.replace(/^[^:]+/, name);
  await project.migration("a1", null, {
    upgrade: `op.on(${JSON.stringify(id)}, (inner) => inner.createTable("ours", (table) => [table.column("id", t.uuid())]));
    op.on(${JSON.stringify(name)}, (inner) => inner.createTable("theirs", (table) => [table.column("id", t.integer())]));`,
  });
  const dialect = await dialectFor(url);
  await project.with(
    async (environment) => {
      assert.equal(environment.dialect.id, name);
      await environment.upgrade();
      assert.equal(environment.dialect.id, id);
      const { schema } = await environment.inspect();
      const ours = schema.tables.find((each) => each.name === "ours");
      assert.deepEqual(ours?.columns[0]?.type, { kind: "uuid" });
      const same = await environment.diff({ from: url, to: "heads" });
      assert.deepEqual([same.same, same.dialect], [true, id]);
    },
    { url, dialect },
  );
  assert.deepEqual(await project.tables(), ["ours"]);
});

onEvery(
  "the record of migrations may stand in a schema of its own",
  async (project) => {
    await project.sql("CREATE SCHEMA ops");
    const options = {
      versionTable: { schema: "ops", name: "athanor_version" },
      logTable: { schema: "ops", name: "athanor_log" },
    };
    await project.migration("a1", null, {
      upgrade: 'op.createTable("ours", (table) => [table.column("id", t.integer())]);',
      downgrade: 'op.dropTable("ours");',
    });
    await project.with(async (environment) => {
      await environment.upgrade();
      assert.deepEqual((await environment.status()).current, ["a1"]);
      assert.equal((await environment.validate()).ok, true);
      assert.equal((await environment.diff({ to: "heads" })).same, true);
    }, options);
    assert.equal((await project.sql("SELECT * FROM ops.athanor_version")).length, 1);
    assert.ok((await project.sql("SELECT * FROM ops.athanor_log")).length > 0);
    await project.with((environment) => environment.downgrade("base"), options);
    assert.equal((await project.sql("SELECT * FROM ops.athanor_version")).length, 0);
  },
  ({ namespaces }) => namespaces,
);
