/** Views, functions, triggers and their like, said beside the models, from the file to the database and back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import {
  createAll,
  createEngine,
  createRegistry,
  dropAll,
  field,
  index,
  tableOptions,
  toSchema,
} from "../../src/index.ts";
import {
  collation,
  composite,
  domain,
  enumType,
  event,
  eventTrigger,
  extension,
  foreignDataWrapper,
  foreignServer,
  foreignTable,
  materializedView,
  namespace,
  object,
  partitionOf,
  policy,
  publication,
  range,
  routine,
  rule,
  sequence,
  statistics,
  trigger,
  view,
  virtualTable,
} from "../../src/objects.ts";
import { dialects } from "../dialects.ts";
import { onEvery, Project } from "./project.ts";

const { Model } = createRegistry("objects");

class Hero extends Model(
  "hero",
  {
    id: field(z.int(), { primaryKey: true, autoIncrement: false }),
    name: field(z.string()),
    lat: field(z.number()),
    lon: field(z.number()),
    made: field(z.date()),
  },
  () => [tableOptions({ postgresql: { rowSecurity: true } })],
) {}

class Visit extends Model(
  "visit",
  {
    id: field(z.int(), { primaryKey: true, autoIncrement: false }),
    at: field(z.date(), { primaryKey: true }),
  },
  () => [tableOptions({ postgresql: { partitionBy: "RANGE (at)" } })],
) {}

/** Written as people write: nothing is in the database's own form. */
const everything = [
  Hero,
  Visit,
  extension("pg_trgm", { comment: "by three letters" }),
  namespace("area", { comment: "it's another" }),
  enumType("mood", ["sad", "ok"]),
  domain("positive", "int check (value > 0)", { comment: "above zero" }),
  composite("place", { street: "varchar(40)", mood: "mood" }, { comments: { street: "of the house" } }),
  range("floats", { subtype: "float8" }),
  sequence("numbers", { start: 10, ownedBy: () => Hero.c.id }),
  routine("touched", "() returns trigger language plpgsql as $$ begin return new; end $$"),
  routine("twice", "(n int, times int = 2) returns int language sql immutable as 'select n * times'"),
  routine("twice", "(n text) returns text language sql as 'select n || n'"),
  routine({ schema: "area", name: "forget" }, "(n int4) language sql as 'delete from hero where id = n'", {
    kind: "procedure",
  }),
  routine("total", "(int) (sfunc = int4pl, stype = int, initcond = 0)", { kind: "aggregate" }),
  view("active", "select *, twice(id::int) as twice from hero where lat > 0", {
    columns: { name: { comment: "its name" } },
  }),
  view({ schema: "area", name: "named" }, "select a.id, a.name from active a", {
    with: "security_barrier",
    comment: "by name",
  }),
  materializedView("kept", "select id, name from area.named", {
    indexes: { kept_id: { on: "(id)", unique: true }, kept_name: "(lower(name))" },
  }),
  trigger(
    "touch",
    "before update or insert",
    () => Hero,
    "for each row when (new.id > 0) execute procedure touched()",
  ),
  trigger(
    "checked",
    "AFTER UPDATE",
    Hero,
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touched()",
    { constraint: true, enabled: "disabled" },
  ),
  policy("all_rows", () => Hero, { using: "id > 0", check: "id > 1" }),
  policy("some_rows", Hero, { for: "select", to: ["current_user"], using: "true", restrictive: true }),
  rule("keep", Hero, "ON DELETE", "WHERE old.id = 1 DO INSTEAD NOTHING"),
  statistics("places", Hero, ["lat", "lon"], { kinds: ["dependencies"], target: 50 }),
  partitionOf(
    "visit_2020",
    () => Visit,
    "FROM ('2020-01-01') TO ('2021-01-01')",
    (c) => [index(c.id)],
  ),
  partitionOf("visit_rest", () => Visit, "DEFAULT"),
  eventTrigger("noted", "ddl_command_end", "note_it()", { tags: ["DROP TABLE"], enabled: "disabled" }),
  routine("note_it", "() returns event_trigger language plpgsql as 'begin end'"),
  publication("heroes", {
    tables: [{ table: () => Hero, columns: ["name", "id"], where: "id>5" }, Visit],
    publish: ["update", "insert"],
    viaPartitionRoot: true,
    comment: "for others",
  }),
  publication("areas", { schemas: ["area"] }),
  publication("everything", { tables: "all" }),
  object("cast", "place AS text", "WITH INOUT", { dialect: "postgresql" }),
  object("operator", "<%>", "(function = twice, leftarg = int, rightarg = int, commutator = <%>)", {
    dialect: "postgresql",
    signature: "integer, integer",
  }),
  collation("german", { provider: "icu", locale: "de-u-co-phonebk", deterministic: false }),
  foreignDataWrapper("nothing", { options: { debug: "true" } }),
  foreignServer("far", { wrapper: "nothing", type: "none", options: { host: "it's", dbname: "x" } }),
  foreignTable("far_hero", {
    server: "far",
    columns: { id: "int not null", "Odd name": "varchar(20) default 'x'" },
    options: { table_name: "hero" },
    comments: { id: "theirs" },
    comment: "elsewhere",
  }),
];

for (const row of dialects.filter(({ name }) => name === "postgresql")) {
  test("every kind of object is said, made, found as it is, and taken back", async (t) => {
    const project = await Project.make((work) => t.after(work), row);
    const before = await project.catalog();
    const models = toSchema(everything).schema;
    project.models = models;
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "everything" });
      await environment.upgrade();
      const names = (await project.catalog()).objects.map(({ kind }) => kind);
      assert.deepEqual(
        [...new Set(names)].sort(),
        [...new Set(models.objects.map(({ kind }) => kind))].sort(),
      );
      for (const from of ["database", "history"] as const) {
        const again = await environment.makeMigrations({ from });
        assert.deepEqual([again.outcome, again.differences], ["no changes", []]);
      }
      assert.equal((await environment.check()).ok, true);
      await environment.downgrade("base");
      assert.deepEqual(await project.catalog(), before);
    });
  });

  test("objects that are there and nobody's stay, whatever happens beside them", async (t) => {
    const project = await Project.make((work) => t.after(work), row);
    const models = toSchema([Hero]).schema;
    project.models = models;
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "hero" });
      await environment.upgrade();
      await project.sql("CREATE VIEW theirs AS SELECT name, lat FROM hero");
      await project.sql("CREATE FUNCTION theirs() RETURNS integer LANGUAGE sql AS 'SELECT 1'");
      await project.sql("CREATE TYPE their_mood AS ENUM ('a')");
      assert.equal((await environment.makeMigrations({})).outcome, "no changes");
      const { tables, ...rest } = models;
      const [hero] = tables;
      assert.ok(hero);
      const retyped = hero.columns.map((column) =>
        column.name === "lat" ? { ...column, type: { kind: "real" } as const } : column,
      );
      project.models = { ...rest, tables: [{ ...hero, columns: retyped }] };
      await environment.makeMigrations({ message: "real" });
      await environment.upgrade();
      const there = await project.catalog();
      assert.deepEqual(
        there.objects.map(({ kind, name }) => [kind, name]),
        [
          ["function", "theirs"],
          ["view", "theirs"],
        ],
      );
      assert.deepEqual(
        there.enums.map(({ name }) => name),
        ["their_mood"],
      );
    });
  });

  test("createAll makes objects with their tables, dropAll drops them", async (t) => {
    const project = await Project.make((work) => t.after(work), row);
    const before = await project.catalog();
    const engine = createEngine(project.url);
    try {
      await createAll(engine, everything as never);
      await createAll(engine, everything as never);
      const there = await project.catalog();
      assert.ok(there.objects.length >= everything.length - 4);
      await dropAll(engine, everything as never);
    } finally {
      await engine.dispose();
    }
    const { namespaces: _, ...left } = await project.catalog();
    const { namespaces: __, ...empty } = before;
    assert.deepEqual(left, empty);
  });
}

/** The same in the words of other databases, written as people write. */
const elsewhere: Readonly<Record<string, () => readonly unknown[]>> = {
  mariadb: () => [
    Plain,
    view("v_all", "select *, n+1 as next from plain where n <> 5", { settings: { security: "invoker" } }),
    view("a_count", "select count(*) as many from v_all"),
    routine("add_one", "(n int) returns int deterministic return n + 1", { comment: "it's one more" }),
    routine("clean_up", "(in least int) begin delete from plain where id < least; end", {
      kind: "procedure",
    }),
    view("added", "select add_one(n) as it from plain"),
    trigger("zz_first", "before insert", () => Plain, "for each row set new.n = coalesce(new.n, 'x')"),
    trigger("aa_then", "before insert", () => Plain, "for each row set new.n = new.n + 1"),
    event("tidy", "on schedule every 1 day do delete from plain where n < 0", { comment: "it's tidy" }),
    event(
      "tidy_later",
      "on schedule every 2 hour starts current_timestamp + interval 1 day disable do delete from plain",
    ),
    sequence("numbers", { dialect: "mysql", start: 10, increment: 5 }),
    view("whose", "select 1 as one", { settings: { definer: "root@localhost" } }),
  ],
  sqlite: () => [
    Plain,
    view("v_all", "select *, n+1 as next from plain -- all"),
    view("a_count", "select count(*) as many from v_all"),
    virtualTable("plain_text", "fts5(words, tokenize = 'porter')"),
    virtualTable("plain_places", "rtree(id, x0, x1)"),
    trigger("noted", "AFTER INSERT", () => Plain, "BEGIN INSERT INTO plain_text (words) VALUES (new.n); END"),
  ],
};

for (const row of dialects) {
  const make = elsewhere[row.name];
  if (make === undefined) continue;
  test(`objects as people write them are made, found as they are, and taken back (${row.name})`, async (t) => {
    const project = await Project.make((work) => t.after(work), row);
    const before = await project.catalog();
    const objects = make();
    project.models = toSchema(objects as never).schema;
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "everything" });
      await environment.upgrade();
      assert.equal((await project.catalog()).objects.length, objects.length - 1);
      for (const from of ["database", "history"] as const) {
        const again = await environment.makeMigrations({ from });
        assert.deepEqual([again.outcome, again.differences], ["no changes", []]);
      }
      assert.equal((await environment.check()).ok, true);
      await environment.downgrade("base");
      const left = await project.catalog();
      assert.deepEqual([left.tables, left.objects], [before.tables, before.objects]);
    });
  });
}

for (const row of dialects.filter(({ name }) => name === "sqlite")) {
  test("a virtual table that gets another definition keeps its rows", async (t) => {
    const project = await Project.make((work) => t.after(work), row);
    const models = (using: string): void => {
      project.models = toSchema([Plain, virtualTable("words", using)]).schema;
    };
    models("fts5(said, who)");
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "words" });
      await environment.upgrade();
      await project.sql("INSERT INTO words (rowid, said, who) VALUES (7, 'running home', 'me')");
      models("fts5(said, tokenize = 'porter')");
      await environment.makeMigrations({ message: "porter" });
      await environment.upgrade();
      const found = await project.sql("SELECT rowid, said FROM words WHERE words MATCH 'run'");
      assert.deepEqual(found, [[7, "running home"]]);
    });
  });
}

onEvery("a view for every database, and a trigger for each in its own words", async (project) => {
  const touch = trigger("touch", "AFTER UPDATE", Plain, {
    sqlite: "BEGIN UPDATE plain SET n = n + 1 WHERE id = new.id AND n = new.n; END",
    postgresql: "FOR EACH ROW EXECUTE FUNCTION touched()",
  });
  project.models = toSchema([
    Plain,
    touch,
    routine("touched", "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$", {
      dialect: "postgresql",
    }),
    view("plain_names", { sqlite: "SELECT id, n FROM plain", postgresql: "SELECT id, n FROM plain" }),
  ]).schema;
  await project.with(async (environment) => {
    await environment.makeMigrations({ message: "both" });
    await environment.upgrade();
    assert.equal((await environment.makeMigrations({})).outcome, "no changes");
    const found = (await project.catalog()).objects.map(({ kind }) => kind);
    const wanted = { sqlite: ["trigger", "view"], postgresql: ["function", "trigger", "view"] };
    assert.deepEqual(found, wanted[project.dialect.id as keyof typeof wanted] ?? []);
    await environment.downgrade("base");
    assert.deepEqual((await project.catalog()).objects, []);
  });
});

class Plain extends Model("plain", { id: field(z.int(), { primaryKey: true }), n: field(z.int()) }) {}
