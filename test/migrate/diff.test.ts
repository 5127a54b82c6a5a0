import assert from "node:assert/strict";
import { test } from "node:test";
import { isAthanorError } from "../../src/errors/index.ts";
import type { DiffDocument } from "../../src/migrate/index.ts";
import { column, index, primaryKey, type Schema, schema, t, table } from "../../src/schema/index.ts";
import { onEvery, Project } from "./project.ts";

const id = column("id", t.uuid(), { nullable: false });
const key = primaryKey(["id"], { name: "pk_hero" });

function hero(
  columns: Schema["tables"][number]["columns"],
  indexes = [index("ix_hero_name", ["name"])],
): Schema {
  return schema([table("hero", [id, ...columns], { primaryKey: key, indexes })]);
}

const name = column("name", t.varchar(80), { nullable: false });
const made = column("made", t.timestamptz(3));

const said = ({ differences }: DiffDocument): string[] => differences.map((one) => one.description);

/** A database at the models' first form. */
async function applied(project: Project): Promise<void> {
  project.models = hero([name, made]);
  await project.with(async (environment) => {
    await environment.makeMigrations({ message: "one", revId: "aa11" });
    await environment.upgrade();
  });
}

onEvery("database and models, by default", async (project) => {
  await applied(project);
  const before = await project.dump();
  const same = await project.with((environment) => environment.diff());
  assert.deepEqual([same.same, same.differences, same.leftOut, same.sql], [true, [], [], null]);
  assert.deepEqual([same.from.kind, same.from.dialect], ["database", project.dialect.id]);
  assert.doesNotMatch(same.from.name, /:[^/*]+@/);
  project.models = hero([name, made, column("age", t.integer())], []);
  const differs = await project.with((environment) => environment.diff());
  assert.equal(differs.same, false);
  assert.deepEqual(
    differs.differences.map((one) => [one.kind, one.table]),
    [
      ["dropIndex", "hero"],
      ["addColumn", "hero"],
    ],
  );
  const back = await project.with((environment) => environment.diff({ from: "models", to: "database" }));
  assert.deepEqual(
    back.differences.map((one) => one.kind),
    ["dropColumn", "createIndex"],
  );
  assert.deepEqual(await project.dump(), before);
});

onEvery("the script makes the one the other", async (project, t) => {
  await applied(project);
  project.models = hero([column("name", t2.text(), { nullable: false }), made, column("age", t2.integer())]);
  const { sql } = await project.with((environment) => environment.diff({ sql: true }));
  const ran = project.runScript(sql ?? "");
  assert.deepEqual([ran.status, ran.errors], [0, ""], sql ?? "");
  assert.deepEqual(said(await project.with((environment) => environment.diff())), []);
  const nothing = await project.with((environment) => environment.diff({ sql: true }));
  assert.match(nothing.sql ?? "", /^-- .*nothing differs\n$/);
  const other = await project.another((work) => t.after(work));
  await applied(other);
  const across = { from: other.url, to: "database" };
  const between = await project.with((environment) => environment.diff({ ...across, sql: true }));
  const second = other.runScript(between.sql ?? "");
  assert.deepEqual([second.status, second.errors], [0, ""], between.sql ?? "");
  assert.equal((await project.with((environment) => environment.diff(across))).same, true);
});

const t2 = t;

onEvery("history and revisions need no database", async (project) => {
  await applied(project);
  project.models = hero([name, made, column("age", t.integer())]);
  await project.with((environment) => environment.makeMigrations({ message: "two", revId: "bb22" }));
  const diff = async (from: string, to: string) =>
    said(await project.with((environment) => environment.diff({ from, to }), { url: null }));
  assert.deepEqual(await diff("history", "models"), []);
  assert.deepEqual(await diff("aa11", "heads"), ["add column hero.age (integer)"]);
  assert.deepEqual(await diff("bb", "aa11"), ["drop column hero.age"]);
  assert.deepEqual(await diff("base", "aa11"), ["create table hero"]);
  const open = await project.with((environment) => environment.diff({ to: "history" }));
  assert.deepEqual([said(open), open.to.revisions], [["add column hero.age (integer)"], ["bb22"]]);
  const relative = await project.with((environment) => environment.diff({ from: "-1", to: "+1" }));
  assert.deepEqual([relative.from.revisions, relative.to.revisions], [["aa11"], ["bb22"]]);
  const done = await project.with((environment) => environment.diff({ to: "aa11" }));
  assert.deepEqual([done.same, done.to.kind], [true, "revision"]);
});

onEvery("what no migration made is told and left alone; between databases it counts", async (project, t) => {
  await applied(project);
  await project.sql("CREATE TABLE legacy (id integer)");
  await project.sql("CREATE VIEW names AS SELECT name FROM hero");
  const models = await project.with((environment) => environment.diff());
  assert.equal(models.same, true);
  assert.match(models.leftOut.join("\n"), /^table legacy: [^\n]*\nview names: /);
  const other = await project.another((work) => t.after(work));
  await applied(other);
  const both = await project.with((environment) => environment.diff({ to: other.url }));
  assert.deepEqual(said(both), ["drop view names", "drop table legacy"]);
});

onEvery("a rename nobody has said is told as what goes and comes", async (project) => {
  await applied(project);
  project.models = hero([{ ...name, name: "alias" }, made], []);
  const open = await project.with((environment) => environment.diff({ sql: true }));
  assert.deepEqual(open.possibleRenames, [{ from: "hero.name", to: "hero.alias" }]);
  assert.match(open.sql ?? "", /-- hero\.name may have become hero\.alias/);
  const settled = await project.with((environment) => environment.diff({ renames: ["hero.name:alias"] }));
  assert.deepEqual(
    [said(settled).filter((line) => line.includes("column")), settled.possibleRenames],
    [["rename column hero.name to alias"], []],
  );
});

onEvery("sources that are none", async (project) => {
  await applied(project);
  const fails = async (code: string, options: Parameters<typeof diff>[0]) =>
    assert.rejects(diff(options), (error) => {
      assert.ok(isAthanorError(error), String(error));
      assert.equal(error.code, code, error.message);
      assert.notEqual(error.remedy, "");
      return true;
    });
  const diff = (options: { from?: string; to?: string }) =>
    project.with((environment) => environment.diff(options));
  await fails("MIGRATE.UNKNOWN_SOURCE", { to: "nowhere" });
  await fails("MIGRATE.UNKNOWN_SOURCE", { to: "" });
  await fails("DATABASE.UNKNOWN_SCHEME", { to: "oracle://localhost/x" });
  await fails("DATABASE.CONNECTION", { to: "postgresql://nobody:secret@127.0.0.1:1/x" });
  await fails("DATABASE.CONNECTION", { to: `sqlite:///${project.root}/missing.db` });
  await assert.rejects(
    project.with((environment) => environment.diff(), { models: undefined as never }),
    { code: "MIGRATE.NO_MODELS" },
  );
  await assert.rejects(
    project.with((environment) => environment.diff(), { url: null }),
    { code: "MIGRATE.NO_DATABASE" },
  );
  await project.migration("ab12", "aa11", {});
  await fails("REVISION.AMBIGUOUS_PREFIX", { to: "a" });
  await project.migration("cc33", "aa11", { upgrade: 'op.execute("CREATE TABLE raw (id integer)");' });
  await fails("MIGRATE.HISTORY_UNKNOWN", { to: "history" });
});

test("a password is nowhere in the document", async (t) => {
  const project = await Project.make((work) => t.after(work));
  await assert.rejects(
    project.with((environment) => environment.diff({ to: "postgresql://u:geheim@127.0.0.1:1/x" })),
    (error) => {
      assert.ok(isAthanorError(error));
      assert.doesNotMatch(JSON.stringify(error.toJSON()), /geheim/);
      return true;
    },
  );
});
