/** Types that the dialect has no word for: kept as they are, found unchanged, and made again by a migration. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstDifference } from "../../src/schema/equal.ts";
import { column, schema, t, table } from "../../src/schema/index.ts";
import { dialects } from "../dialects.ts";
import { onEvery, Project } from "../migrate/project.ts";

interface Foreign {
  /** What has to be there before the types are. */
  readonly before: readonly string[];
  /** Columns by the types that the database is given, and how the inspector says them. */
  readonly types: readonly string[];
}

const foreign: Readonly<Record<string, Foreign>> = {
  sqlite: { before: [], types: ["GEOMETRY", "MONEY(10)", "my type"] },
  postgresql: {
    before: [
      "CREATE EXTENSION IF NOT EXISTS citext",
      "CREATE EXTENSION IF NOT EXISTS hstore",
      "CREATE EXTENSION IF NOT EXISTS cube",
    ],
    types: [
      "citext",
      "hstore",
      "cube",
      "citext[]",
      "tsvector",
      "tsquery",
      "int4range",
      "macaddr8",
      "pg_lsn",
      "box",
      "money",
      "bit varying(9)",
      "xml",
      "jsonpath",
      "interval day to second(2)",
    ],
  },
  mariadb: {
    before: [],
    types: [
      "inet6",
      "inet4",
      "polygon",
      "geometrycollection",
      "bit(9)",
      "year(4)",
      "mediumint(7) unsigned zerofill",
    ],
  },
  mysql: { before: [], types: ["polygon", "geomcollection", "bit(9)", "year", "mediumint unsigned"] },
};

/** Types that came with a version, and how the server says that it has none. */
const young: Readonly<Record<string, readonly string[]>> = {
  postgresql: ["int4multirange"],
  mariadb: ["vector(3)", "inet4", "uuid"],
  mysql: ["vector(3)"],
};

for (const row of dialects) {
  const { before, types } = foreign[row.name] ?? { before: [], types: [] };
  test(`types that only the database knows are kept as they are (${row.name})`, async (context) => {
    const project = await Project.make((end) => context.after(end), row);
    for (const sql of before) await project.sql(sql);
    const accepted: string[] = [];
    for (const type of [...new Set([...types, ...(young[row.name] ?? [])])]) {
      const name = project.quote(`c${accepted.length}`);
      const made = await project.sql(`CREATE TABLE probe (${name} ${type})`).catch(() => null);
      if (made === null) {
        assert.ok(young[row.name]?.includes(type), `${type} is no type of the server`);
        continue;
      }
      await project.sql("DROP TABLE probe");
      accepted.push(type);
    }
    const list = accepted.map((type, at) => `${project.quote(`c${at}`)} ${type}`).join(", ");
    await project.sql(`CREATE TABLE strange (id INTEGER NOT NULL PRIMARY KEY, ${list})`);
    const original = await project.catalog();
    project.models = { ...original, objects: [], unmanaged: [] };
    await project.with(async (environment) => {
      assert.equal((await environment.diff({ from: "database", to: "models" })).same, true);
      assert.equal((await environment.makeMigrations({})).outcome, "no changes");
      await project.sql("DROP TABLE strange");
      await environment.makeMigrations({ message: "strange" });
      await environment.upgrade();
      assert.equal(firstDifference((await project.catalog()).tables, original.tables), null);
      assert.equal((await environment.makeMigrations({})).outcome, "no changes");
      assert.equal((await environment.makeMigrations({ from: "history" })).outcome, "no changes");
      await environment.downgrade();
    });
    assert.deepEqual(await project.tables(), []);
  });
}

onEvery("a type of one database is refused on another, by name", async (project) => {
  const { id } = project.dialect;
  const elsewhere = id === "postgresql" ? "mysql" : "postgresql";
  project.models = schema([table("strange", [column("at", t.native(elsewhere, "somewhere(3)"))])]);
  await assert.rejects(
    project.with((environment) => environment.makeMigrations()),
    (error) => {
      assert.match(String(error), /somewhere\(3\)/);
      return (error as { code?: string }).code === "MIGRATE.UNSUPPORTED";
    },
  );
});
