import assert from "node:assert/strict";
import { isAthanorError } from "../../src/errors/index.ts";
import { onEvery } from "./project.ts";

const twoTables = `op.createTable("team", (table) => [
      table.column("id", t.integer(), { nullable: false, autoIncrement: true }),
      table.column("name", t.varchar(40), { nullable: false }),
      table.primaryKey(["id"], { name: "pk_team" }),
      table.unique(["name"], { name: "uq_team_name" }),
    ]);
    op.createTable("hero", (table) => [
      table.column("id", t.integer(), { nullable: false, autoIncrement: true }),
      table.column("team_id", t.integer()),
      table.primaryKey(["id"], { name: "pk_hero" }),
      table.foreignKey(["team_id"], "team", ["id"], { name: "fk_hero_team", onDelete: "cascade" }),
    ]);
    op.createIndex("ix_hero_team_id", "hero", ["team_id"]);`;

onEvery("a database as one document, the schema as the inspector has it", async (project) => {
  await project.migration("a1", null, { upgrade: twoTables });
  await project.with((environment) => environment.upgrade());
  await project.sql("CREATE VIEW names AS SELECT name FROM team");
  const document = await project.with((environment) => environment.inspect());
  assert.equal(document.dialect, project.dialect.id);
  assert.match(document.server, /^\w+ \d+\.\d+/);
  assert.equal(document.defaultSchema !== null, project.dialect.capabilities.namespaces);
  assert.deepEqual(document.versionTables, ["athanor_log", "athanor_version"]);
  assert.deepEqual(
    document.schema.tables.map((table) => table.name),
    ["athanor_log", "athanor_version", "hero", "team"],
  );
  assert.deepEqual(
    document.schema.objects.map(({ kind, name }) => [kind, name]),
    [["view", "names"]],
  );
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
});

onEvery("some tables, with what hangs on them", async (project) => {
  await project.migration("a1", null, { upgrade: twoTables });
  await project.with((environment) => environment.upgrade());
  await project.sql("CREATE VIEW names AS SELECT name FROM team");
  const { schema, versionTables } = await project.with((environment) =>
    environment.inspect({ tables: ["hero", "names"] }),
  );
  assert.deepEqual(
    [schema.tables, schema.objects].map((list) => list.map((one) => one.name)),
    [["hero"], ["names"]],
  );
  assert.deepEqual(versionTables, []);
  assert.equal(schema.tables[0]?.foreignKeys.length, 1);
});

onEvery("a name that is not there is no empty answer", async (project) => {
  await project.migration("a1", null, { upgrade: twoTables });
  await project.with((environment) => environment.upgrade());
  for (const [options, kind, nearest] of [
    [{ tables: ["team", "heros"] }, "table", "hero"],
    [{ schemas: ["nowhere_at_all"] }, "schema", null],
  ] as const) {
    await assert.rejects(
      project.with((environment) => environment.inspect(options)),
      (error) => {
        assert.ok(isAthanorError(error, "MIGRATE.NOT_THERE"), String(error));
        assert.deepEqual([error.fields.kind, error.fields.nearest], [kind, nearest]);
        return true;
      },
    );
  }
});

onEvery(
  "one schema of several, the default one by its name",
  async (project) => {
    await project.sql("CREATE SCHEMA stock");
    await project.sql("CREATE TABLE stock.item (id integer)");
    await project.sql("CREATE TABLE item (id integer)");
    const inspect = async (name: string) => {
      const { schema } = await project.with((environment) => environment.inspect({ schemas: [name] }));
      return [schema.namespaces, schema.tables.map((table) => table.schema)];
    };
    const { defaultSchema } = await project.with((environment) => environment.inspect());
    assert.deepEqual(await inspect(defaultSchema ?? ""), [[], [null]]);
    assert.deepEqual(await inspect("stock"), [["stock"], ["stock"]]);
  },
  ({ namespaces }) => namespaces,
);

onEvery(
  "looking makes no file",
  async (project) => {
    await assert.rejects(
      project.with((environment) => environment.inspect()),
      { code: "DATABASE.CONNECTION" },
    );
    await project.sql("CREATE TABLE one (id integer)");
    assert.deepEqual(await project.tables(), ["one"]);
  },
  ({ concurrentWriters }) => !concurrentWriters,
);
