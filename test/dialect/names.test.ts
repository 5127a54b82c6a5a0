/** Names: too long, reserved, with quotes, spaces, alphabets and emoji; in one case and in another. */
import assert from "node:assert/strict";
import { isAthanorError } from "../../src/errors/index.ts";
import {
  check,
  column,
  foreignKey,
  index,
  indexPart,
  primaryKey,
  type Schema,
  schema,
  type Table,
  t,
  table,
  unique,
} from "../../src/schema/index.ts";
import { onEvery, type Project } from "../migrate/project.ts";

/** Two tables that use a name for whatever can have one. */
function everywhere(name: string): Schema {
  const id = column("id", t.integer(), { nullable: false });
  const other = `${name}2`;
  return schema([
    table(name, [id, column(name, t.integer(), { default: { kind: "literal", value: 1 } })], {
      primaryKey: primaryKey(["id"], { name: `${name}p` }),
      uniques: [unique([name, "id"], { name: `${name}u` })],
      checks: [check(`"${name.replaceAll('"', '""')}" > 0`, { name: `${name}c` })],
      indexes: [index(`${name}i`, [name])],
    }),
    table(other, [id, column(other, t.integer())], {
      primaryKey: primaryKey(["id"], { name: `${other}p` }),
      foreignKeys: [
        foreignKey(
          [other],
          { schema: null, name, columns: ["id"] },
          { name: `${name}f`, onDelete: "cascade" },
        ),
      ],
      indexes: [index(`${other}i`, [indexPart(other, { order: "desc" })])],
    }),
  ]);
}

/** Without what a name is on, so that the reverse and the change in place are tried too. */
function less(whole: Schema): Schema {
  const bare = (each: Table): Table => ({ ...each, uniques: [], checks: [], indexes: [], foreignKeys: [] });
  return { ...whole, tables: whole.tables.map(bare) };
}

/** Made, changed, undone, and found as wanted each time. */
async function roundTrip(project: Project, wanted: Schema): Promise<void> {
  await project.with(async (environment) => {
    for (const models of [less(wanted), wanted]) {
      project.models = models;
      assert.equal((await environment.makeMigrations({ message: "next" })).outcome, "written");
      await environment.upgrade();
      for (const from of ["database", "history"] as const) {
        assert.equal((await environment.makeMigrations({ from })).outcome, "no changes");
      }
    }
    await environment.downgrade("-1");
    project.models = less(wanted);
    assert.equal((await environment.diff({ from: "database", to: "models" })).same, true);
    await environment.downgrade("base");
    assert.deepEqual(await project.tables(), []);
  });
}

const names = [
  "select",
  "ORDER",
  'it\'s "so" `here` [x]',
  "a b.c/d%\\e $1 ? :x",
  "a -- /* */ # b; drop",
  "имя_名前_éßñ",
  "HeRo",
  "1st",
];

onEvery("reserved words, quotes, spaces, comments, alphabets, capitals, digits", (project) => {
  const all = names.map(everywhere);
  return roundTrip(project, schema(all.flatMap(({ tables }) => tables)));
});

onEvery("names with emoji, where the database has them; elsewhere they are refused", async (project) => {
  project.models = everywhere("hero 🦸");
  const refused = (await (await project.server()).design()).unsupported(project.models).length > 0;
  if (!refused) return roundTrip(project, project.models);
  await assert.rejects(
    project.with((environment) => environment.makeMigrations()),
    (error) => {
      assert.ok(isAthanorError(error, "MIGRATE.UNSUPPORTED"), String(error));
      assert.match(error.message, /emoji among them: table "hero 🦸"/);
      return true;
    },
  );
});

onEvery(
  "names of constraints and indexes that are too long are the same short ones each time",
  async (project) => {
    const long = (part: string): string => `${part}_${"verylongé".repeat(9)}`;
    const id = column("id", t.integer(), { nullable: false });
    const wanted = schema([
      table("hero", [id, column("age", t.integer()), column("name", t.varchar(20))], {
        primaryKey: primaryKey(["id"], { name: long("pk_hero_with_a_name") }),
        uniques: [unique(["name", "age"], { name: long("uq") })],
        checks: [check("age > 0", { name: long("ck") })],
        indexes: [index(long("ix"), ["age"]), index(long("ix2"), ["name"])],
      }),
      table("team", [id, column("hero_id", t.integer())], {
        primaryKey: primaryKey(["id"], { name: "pk_team" }),
        foreignKeys: [
          foreignKey(["hero_id"], { schema: null, name: "hero", columns: ["id"] }, { name: long("fk") }),
        ],
      }),
    ]);
    await roundTrip(project, wanted);
  },
);

onEvery(
  "a history from where names have no limit drops by long names what has short ones",
  async (project) => {
    const long = (part: string): string => `${part}_${"x".repeat(80)}`;
    await project.migration("a1", null, {
      upgrade: `op.createTable("team", (table) => [table.column("id", t.integer(), { nullable: false }), table.primaryKey(["id"], { name: "pk_team" })]);
    op.createTable("hero", (table) => [table.column("id", t.integer(), { nullable: false }), table.column("age", t.integer()),
      table.primaryKey(["id"], { name: "pk_hero" }), table.unique(["age"], { name: "${long("uq")}" })]);
    op.addCheck("hero", "age > 0", { name: "${long("ck")}" });
    op.addForeignKey("hero", ["age"], "team", ["id"], { name: "${long("fk")}" });
    op.createIndex("${long("ix")}", "hero", ["age", "id"]);`,
      downgrade: `op.dropIndex("${long("ix")}", "hero");
    op.dropForeignKey("hero", "${long("fk")}");
    op.dropCheck("hero", "${long("ck")}");
    op.dropUnique("hero", "${long("uq")}");`,
    });
    await project.with(async (environment) => {
      await environment.upgrade();
      assert.equal((await environment.diff({ from: "database", to: "history" })).same, true);
      await environment.downgrade();
    });
    const hero = (await project.catalog()).tables.find((each) => each.name === "hero");
    assert.deepEqual([hero?.indexes, hero?.foreignKeys, hero?.checks, hero?.uniques], [[], [], [], []]);
  },
);

onEvery(
  "names of tables and columns that are too long are refused, in models and in migrations",
  async (project) => {
    const long = "x".repeat(70);
    const { maxIdentifierBytes } = project.dialect.capabilities;
    const limited = maxIdentifierBytes < long.length;
    for (const models of [
      schema([table(long, [column("id", t.integer())])]),
      schema([table("hero", [column(long, t.integer())])]),
    ]) {
      project.models = models;
      const made = project.with((environment) => environment.makeMigrations({ dryRun: true }));
      if (!limited) assert.equal((await made).outcome, "dry run");
      else
        await assert.rejects(made, (error) => {
          assert.ok(isAthanorError(error, "MIGRATE.UNSUPPORTED"), String(error));
          assert.match(error.message, /at most, and this has 70: (?:table|column) "x{70}"/);
          return true;
        });
    }
    await project.migration("a1", null, {
      upgrade: `op.createTable("${long}", (table) => [table.column("id", t.integer())]);`,
    });
    const ran = project.with((environment) => environment.upgrade());
    if (!limited) return void (await ran);
    await assert.rejects(ran, (error) => isAthanorError(error, "MIGRATE.FAILED"));
    assert.deepEqual(await project.tables(), []);
  },
);
