/** What PostgreSQL publishes, while the tables under it change, go and come. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { z } from "zod";
import { createRegistry, field, toSchema } from "../../src/index.ts";
import { publication } from "../../src/objects.ts";
import type { Operation } from "../../src/operation/index.ts";
import { plan } from "../../src/plan/index.ts";
import { dialects } from "../dialects.ts";
import { loadPulled } from "../pull/load.ts";
import { Project } from "./project.ts";

const { Model } = createRegistry("publications");

const key = field(z.int(), { primaryKey: true, autoIncrement: false });

class Hero extends Model("hero", { id: key, name: field(z.string().max(20)), size: field(z.int()) }) {}
class Giant extends Model("hero", { id: key, name: field(z.string()), size: field(z.number()) }) {}
class Team extends Model("team", { id: key, name: field(z.string()) }) {}

/** Every publication, as the server lists what is in it. */
async function published(project: Project): Promise<readonly string[]> {
  const rows = await project.sql(`
    SELECT p.pubname || ' of ' || pg_get_userbyid(p.pubowner) || ' ' || p.pubinsert || p.pubupdate || p.pubdelete || p.puballtables || ': '
      || COALESCE(string_agg(t.tablename || ' ' || t.attnames::text || COALESCE(' where ' || t.rowfilter, ''), ', ' ORDER BY t.tablename), '')
    FROM pg_publication p LEFT JOIN pg_publication_tables t ON t.pubname = p.pubname AND t.tablename NOT LIKE 'athanor%'
    GROUP BY p.oid, p.pubname ORDER BY 1`);
  return rows.map(([line]) => String(line));
}

for (const row of dialects.filter(({ name }) => name === "postgresql")) {
  test("what is published follows its tables, in both directions", async (t) => {
    const project = await Project.make((end) => t.after(end), row);
    const first = toSchema([
      Hero,
      Team,
      publication("news", { tables: [() => Hero, { table: Team, columns: ["id"], where: "id > 1" }] }),
      publication("sizes", { tables: [{ table: Hero, where: "size > 3" }] }),
    ]).schema;
    const second = toSchema([
      Giant,
      publication("news", { tables: [() => Giant], publish: ["insert"] }),
      publication("sizes", { tables: [{ table: Giant, where: "size > 3" }] }),
    ]).schema;
    await project.with(async (environment) => {
      project.models = first;
      await environment.makeMigrations({ message: "first" });
      await environment.upgrade();
      await project.sql(
        "CREATE PUBLICATION theirs FOR TABLE hero (id, size) WHERE (size > 1 AND id > 1), TABLE team",
      );
      const before = await published(project);
      project.models = second;
      await environment.makeMigrations({ message: "second" });
      await environment.upgrade();
      for (const from of ["database", "history"] as const)
        assert.equal((await environment.makeMigrations({ from })).outcome, "no changes");
      assert.deepEqual(
        (await published(project)).map((line) => line.replace(/ of \w+/, "")),
        [
          "news truefalsefalsefalse: hero {id,name,size}",
          "sizes truetruetruefalse: hero {id,name,size} where (size > (3)::double precision)",
          "theirs truetruetruefalse: hero {id,size} where ((size > (1)::double precision) AND (id > 1))",
        ],
      );
      await environment.downgrade("-1");
      const back = await published(project);
      // What is nobody's lost a table with it.
      assert.deepEqual(back.slice(0, 2), before.slice(0, 2));
      await environment.upgrade();
      project.models = toSchema([Giant, publication("news", { tables: "all" })]).schema;
      await environment.makeMigrations({ message: "third" });
      await environment.upgrade();
      assert.equal((await environment.makeMigrations({})).outcome, "no changes");
      await environment.downgrade("base");
      assert.deepEqual(await published(project), [before[2]?.replace(/: .*/, ": ")]);
    });
  });

  test("a table that goes and comes in one migration is published as it was", async (t) => {
    const project = await Project.make((end) => t.after(end), row);
    const first = toSchema([Hero, Team]).schema;
    project.models = first;
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "first" });
      await environment.upgrade();
      for (const sql of [
        "CREATE PUBLICATION alone FOR TABLE hero (id, size) WHERE (size > 1 AND id > 1) WITH (publish = 'insert')",
        "CREATE PUBLICATION among FOR TABLE team, hero",
        "CREATE PUBLICATION named FOR TABLE hero (id, name), team",
      ])
        await project.sql(sql);
      const before = await published(project);
      const [hero] = first.tables.filter(({ name }) => name === "hero");
      assert.ok(hero);
      const fewer = { ...hero, columns: hero.columns.filter(({ name }) => name !== "name") };
      const ref = { schema: null, name: "hero" };
      const design = await project.dialect.design();
      const run = async (operations: readonly Operation[]): Promise<void> => {
        const { steps } = plan(operations, await project.catalog(), design);
        for (const step of steps) if (step.kind === "statement") await project.sql(step.sql);
      };
      await run([
        { kind: "dropTable", name: ref, table: hero },
        { kind: "createTable", table: hero },
      ]);
      assert.deepEqual(await published(project), before);
      await run([
        { kind: "dropTable", name: ref, table: hero },
        { kind: "createTable", table: fewer },
      ]);
      // What names a column that is there no longer cannot be said again.
      assert.deepEqual(
        (await published(project)).map((line) => line.replace(/.*: /, "")),
        [
          "hero {id,size} where ((size > 1) AND (id > 1))",
          "hero {id,size}, team {id,name}",
          "team {id,name}",
        ],
      );
    });
  });

  test("what is published bears the new names of tables and columns", async (t) => {
    const project = await Project.make((end) => t.after(end), row);
    class Person extends Model("person", {
      id: key,
      called: field(z.string().max(20)),
      size: field(z.int()),
    }) {}
    const news = (columns: readonly string[], table: typeof Hero | typeof Person): object =>
      publication("news", { tables: [{ table, columns, where: `${columns[1]} <> 'x'` }] });
    await project.with(async (environment) => {
      project.models = toSchema([Hero, news(["id", "name"], Hero)] as never).schema;
      await environment.makeMigrations({ message: "hero" });
      await environment.upgrade();
      const before = await published(project);
      project.models = toSchema([Person, news(["id", "called"], Person)] as never).schema;
      project.renames = [
        { kind: "table", from: { schema: null, name: "hero" }, to: { schema: null, name: "person" } },
        { kind: "column", table: { schema: null, name: "person" }, from: "name", to: "called" },
      ];
      const { differences } = await environment.makeMigrations({ message: "person" });
      assert.ok(differences.every(({ description }) => !description.includes("publication")));
      await environment.upgrade();
      project.renames = [];
      for (const from of ["database", "history"] as const)
        assert.equal((await environment.makeMigrations({ from })).outcome, "no changes");
      await environment.downgrade("-1");
      assert.deepEqual(await published(project), before);
    });
  });

  test("a publication that is there is pulled, and what is written says the same", async (t) => {
    const project = await Project.make((end) => t.after(end), row);
    for (const sql of [
      "CREATE SCHEMA area",
      'CREATE TABLE hero (id integer PRIMARY KEY, name text, "Odd one" boolean)',
      "CREATE TABLE area.team (id integer PRIMARY KEY)",
      "CREATE TABLE heir () INHERITS (area.team)",
      `CREATE PUBLICATION news FOR TABLE hero (id, "Odd one") WHERE ("Odd one" AND name <> ')'), TABLE ONLY area.team WITH (publish = 'delete, insert')`,
      "CREATE PUBLICATION everything FOR ALL TABLES WITH (publish_via_partition_root)",
      "CREATE PUBLICATION places FOR TABLES IN SCHEMA area, public",
      "CREATE PUBLICATION nothing WITH (publish = '')",
      "COMMENT ON PUBLICATION nothing IS 'it''s none'",
    ])
      await project.sql(sql);
    await project.with(async (environment) => {
      const { files } = await environment.pull({});
      const out = await mkdtemp(join(import.meta.dirname, "pulled-"));
      t.after(() => rm(out, { recursive: true, force: true }));
      const source = files.find(({ path }) => path === "publications.ts")?.source ?? "";
      assert.equal(source.match(/= publication\(/g)?.length, 4, source);
      project.models = toSchema(await loadPulled(files, out)).schema;
      assert.deepEqual((await environment.diff()).differences, []);
      assert.deepEqual((await environment.pull({})).files, files);
    });
  });
}
