/** Who may use what: said beside the models, and kept where things are dropped and made again. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { z } from "zod";
import { isAthanorError } from "../../src/errors/index.ts";
import { createRegistry, field, toSchema } from "../../src/index.ts";
import {
  domain,
  enumType,
  grant,
  materializedView,
  namespace,
  object,
  routine,
  sequence,
  view,
} from "../../src/objects.ts";
import type { Column, Schema } from "../../src/schema/index.ts";
import { dialects } from "../dialects.ts";
import { loadPulled } from "../pull/load.ts";
import { migrateTo, Project } from "./project.ts";

const role = (name: string): string => `athanor_${name}_${process.pid}`;
const [app, reader, owner] = [role("app"), role("reader"), role("owner")];

/** Every right that stands in the catalog, as the server prints it. */
async function rights(project: Project): Promise<readonly string[]> {
  const rows = await project.sql(`
    SELECT k || ' ' || name || ' of ' || pg_get_userbyid(owner) || ': ' || COALESCE((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(acl) a), 'as usual') FROM (
      SELECT 'relation' AS k, c.oid::regclass::text AS name, c.relowner AS owner, c.relacl AS acl FROM pg_class c WHERE c.relkind IN ('r', 'v', 'm', 'S') AND c.oid >= 16384
      UNION ALL SELECT 'column', a.attrelid::regclass::text || '.' || a.attname, c.relowner, a.attacl FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.oid >= 16384
      UNION ALL SELECT 'routine', p.oid::regprocedure::text, p.proowner, p.proacl FROM pg_proc p WHERE p.oid >= 16384
      UNION ALL SELECT 'type', t.oid::regtype::text, t.typowner, t.typacl FROM pg_type t WHERE t.typtype IN ('e', 'd') AND t.oid >= 16384
      UNION ALL SELECT 'said of ' || obj_description(t.oid, 'pg_type'), t.oid::regtype::text, t.typowner, NULL FROM pg_type t WHERE t.typtype = 'e' AND obj_description(t.oid, 'pg_type') IS NOT NULL
      UNION ALL SELECT 'schema', n.nspname, n.nspowner, n.nspacl FROM pg_namespace n WHERE n.oid >= 16384) x
    WHERE name NOT LIKE '%athanor\\_version%' AND name NOT LIKE '%athanor\\_log%' AND name NOT LIKE 'pg\\_%' ORDER BY 1`);
  return rows.map(([line]) =>
    String(line)
      .replaceAll(/athanor_([a-z]+)_\d+/g, "$1")
      .replace(/: (\w+)=arwdDxtm?\/\1$/, ": as usual"),
  );
}

for (const row of dialects.filter(({ name }) => name === "postgresql")) {
  /** A project on a server that has the roles. */
  const on = (name: string, work: (project: Project, t: TestContext) => Promise<void>): void => {
    test(`${name} (${row.name})`, async (t) => {
      const project = await Project.make((end) => t.after(end), row);
      const roles = [app, reader, owner];
      for (const each of roles) await project.sql(`DROP ROLE IF EXISTS ${each}`);
      for (const each of roles) await project.sql(`CREATE ROLE ${each}`);
      try {
        await work(project, t);
      } finally {
        for (const each of roles) await project.sql(`DROP OWNED BY ${each} CASCADE`);
        for (const each of roles) await project.sql(`DROP ROLE ${each}`);
      }
    });
  };

  on("what models grant is made, found as it is, changed, and taken back", async (project) => {
    const { Model } = createRegistry("grants");
    class Hero extends Model("hero", {
      id: field(z.int(), { primaryKey: true, autoIncrement: false }),
      name: field(z.string()),
      size: field(z.int()),
    }) {}
    const [twice, names, area, mood] = [
      routine("twice", "(n int) returns int language sql as 'select n * 2'"),
      view("names", "select name from hero"),
      namespace("area"),
      enumType("mood", ["sad", "ok"]),
    ];
    const base = [Hero, twice, names, area, mood, sequence("numbers"), domain("positive", "int")];
    const models = (...grants: readonly object[]): Schema => toSchema([...base, ...grants] as never).schema;
    const first = models(
      grant(() => Hero, app, ["select", { update: ["name", "size"] }, "insert"]),
      grant(Hero, [reader], "all", { withGrantOption: true }),
      grant(names, "public", ["select"]),
      grant(twice, "public", []),
      grant(twice, app, ["execute"]),
      grant(area, app, ["usage"]),
      grant(mood, "public", []),
      grant({ kind: "sequence", name: "numbers" }, app, "all"),
      grant({ kind: "domain", name: "positive" }, app, ["usage"], { withGrantOption: true }),
    );
    const second = models(
      grant(() => Hero, app, ["select", "update"]),
      grant(Hero, [reader], ["select", { insert: ["id"] }]),
      grant(names, "public", ["select"]),
      grant(twice, app, ["execute"]),
      grant(area, app, "all"),
      grant({ kind: "sequence", name: "numbers" }, app, ["usage"]),
      grant({ kind: "domain", name: "positive" }, app, ["usage"]),
    );
    const bare = models();
    await project.with(async (environment) => {
      const step = async (schema: Schema, message: string): Promise<readonly string[]> => {
        await migrateTo(schema, message, project, environment);
        return rights(project);
      };
      const none = await step(bare, "bare");
      const one = await step(first, "first");
      assert.ok(
        one.some((line) => /^relation hero .*reader=a\*r\*w\*d\*/.test(line)),
        one.join("\n"),
      );
      assert.ok(one.includes("column hero.name of postgres: app=w/postgres"), one.join("\n"));
      const two = await step(second, "second");
      assert.ok(
        two.some((line) => /^relation hero .*app=rw\/.*reader=r\/postgres/.test(line)),
        two.join("\n"),
      );
      await environment.downgrade("-1");
      assert.deepEqual(await rights(project), one);
      await environment.downgrade("-1");
      const explicit = (lines: readonly string[]): readonly string[] =>
        lines.filter((line) => /\b(?:app|reader)=/.test(line));
      assert.deepEqual(explicit(await rights(project)), explicit(none));
      await environment.upgrade();
      assert.deepEqual(await rights(project), two);
      await environment.downgrade("base");
    });
  });

  on("nobody loses a right where things are dropped and made again", async (project) => {
    const { Model } = createRegistry("kept");
    class Hero extends Model("hero", {
      id: field(z.int(), { primaryKey: true, autoIncrement: false }),
      name: field(z.string().max(20)),
      mood: field(z.enum(["sad", "ok"])),
    }) {}
    const models = (step: 0 | 1): Schema => {
      const schema = toSchema([
        Hero,
        view("names", step === 0 ? "select id, name from hero" : "select name, id from hero"),
        view("loud", "select upper(name) as name from names"),
        materializedView("kept", `select id + ${step} as id from hero`),
        routine("twice", `(n int) returns ${step ? "bigint" : "int"} language sql as 'select n * 2'`),
        object("domain", "positive", step ? "AS bigint" : "AS integer", { dialect: "postgresql" }),
      ] as never).schema;
      if (step === 0) return schema;
      return {
        ...schema,
        tables: schema.tables.map((table) => ({
          ...table,
          columns: table.columns.map((column) =>
            column.name === "name"
              ? { ...column, type: { kind: "text" } as const }
              : column.name === "mood"
                ? { ...column, type: { ...column.type, values: ["ok", "sad"] } as typeof column.type }
                : column,
          ),
        })),
      };
    };
    project.models = models(0);
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "before" });
      await environment.upgrade();
      await project.sql("CREATE VIEW theirs AS SELECT id, name FROM hero");
      await project.sql(`ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ${reader}`);
      for (const each of [
        `GRANT SELECT, INSERT ON names TO ${app} WITH GRANT OPTION`,
        `GRANT SELECT (name) ON loud TO ${app}`,
        "GRANT SELECT ON kept TO PUBLIC",
        `ALTER FUNCTION twice(int) OWNER TO ${owner}`,
        "REVOKE ALL ON FUNCTION twice(int) FROM PUBLIC",
        `GRANT EXECUTE ON FUNCTION twice(int) TO ${app}`,
        `ALTER VIEW theirs OWNER TO ${owner}`,
        `REVOKE INSERT ON theirs FROM ${owner}`,
        `GRANT SELECT ON theirs TO ${app}`,
        `GRANT ${owner} TO current_user`,
        `ALTER TYPE hero_mood OWNER TO ${owner}`,
        `REVOKE ALL ON TYPE hero_mood FROM PUBLIC`,
        `GRANT USAGE ON TYPE hero_mood TO ${app}`,
        `ALTER DOMAIN positive OWNER TO ${owner}`,
        `GRANT USAGE ON DOMAIN positive TO ${app}`,
        `ALTER VIEW names OWNER TO ${owner}`,
        `GRANT SELECT ON hero TO ${owner}`,
        "COMMENT ON TYPE hero_mood IS 'how it is'",
      ])
        await project.sql(each);
      const before = await rights(project);
      assert.equal((await environment.check()).ok, true);
      project.models = models(1);
      await environment.makeMigrations({ message: "after" });
      await environment.upgrade();
      assert.equal((await environment.makeMigrations({})).outcome, "no changes");
      const plain = (lines: readonly string[]): readonly string[] =>
        lines.map((line) => line.replace(" bigint", " integer"));
      assert.deepEqual(plain(await rights(project)), before);
      await environment.downgrade("-1");
      assert.deepEqual(await rights(project), before);
    });
  });

  on(
    "rights follow a table and its columns to new names, and come back with a computed one",
    async (project) => {
      const { Model } = createRegistry("renamed");
      class Hero extends Model("hero", {
        id: field(z.int(), { primaryKey: true, autoIncrement: false }),
        name: field(z.string()),
        twice: field(z.int().nullable(), { generated: { as: "id + 1", stored: true } }),
      }) {}
      class Person extends Model("person", {
        id: field(z.int(), { primaryKey: true, autoIncrement: false }),
        called: field(z.string()),
        twice: field(z.int().nullable(), { generated: { as: "id + 2", stored: true } }),
      }) {}
      const rename = (kind: "table" | "column") =>
        kind === "table"
          ? ({ kind, from: { schema: null, name: "hero" }, to: { schema: null, name: "person" } } as const)
          : ({ kind, table: { schema: null, name: "person" }, from: "name", to: "called" } as const);
      project.models = toSchema([Hero, grant(Hero, app, ["insert", { update: ["name"] }])]).schema;
      await project.with(async (environment) => {
        await environment.makeMigrations({ message: "hero" });
        await environment.upgrade();
        await project.sql(`GRANT SELECT (name, twice) ON hero TO ${reader}`);
        const before = await rights(project);
        project.models = toSchema([Person, grant(Person, app, ["insert", { update: ["called"] }])]).schema;
        project.renames = [rename("table"), rename("column")];
        const made = await environment.makeMigrations({ message: "person" });
        assert.ok(made.differences.every(({ description }) => !description.includes("grant")));
        await environment.upgrade();
        project.renames = [];
        assert.equal((await environment.makeMigrations({})).outcome, "no changes");
        assert.equal((await environment.makeMigrations({ from: "history" })).outcome, "no changes");
        const renamed = before.map((line) =>
          line.replaceAll("hero.name", "person.called").replaceAll("hero", "person"),
        );
        assert.deepEqual(await rights(project), renamed.sort());
        await environment.downgrade("-1");
        assert.deepEqual(await rights(project), before);
      });
    },
  );

  on("what numbers a column keeps who may use it", async (project) => {
    const { Model } = createRegistry("numbered");
    class Hero extends Model("hero", { id: field(z.int(), { primaryKey: true }) }) {}
    const identity = toSchema([Hero]).schema;
    const numbered = (how: Partial<Column>): Schema => ({
      ...identity,
      tables: identity.tables.map((table) => ({
        ...table,
        columns: table.columns.map((column) => ({ ...column, ...how })),
      })),
    });
    const may = async (): Promise<readonly string[]> =>
      (await rights(project)).filter((line) => line.startsWith("relation hero_"));
    project.models = identity;
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "identity" });
      await environment.upgrade();
      await project.sql(`GRANT USAGE ON SEQUENCE hero_id_seq TO ${app} WITH GRANT OPTION`);
      await project.sql(`GRANT SELECT ON SEQUENCE hero_id_seq TO ${reader}`);
      const before = await may();
      assert.equal(before.length, 1);
      const steps = [
        numbered({ options: { postgresql: { serial: true } } }),
        numbered({ autoIncrement: false, identity: { generation: "always" } }),
      ];
      for (const [step, schema] of steps.entries()) {
        project.models = schema;
        await environment.makeMigrations({ message: `step ${step}` });
        await environment.upgrade();
        assert.equal((await environment.makeMigrations({})).outcome, "no changes");
        assert.deepEqual(await may(), before);
      }
      await environment.downgrade("-1");
      assert.deepEqual(await may(), before);
      await environment.downgrade("-1");
      assert.deepEqual(await may(), before);
    });
  });

  on("names of all kinds, default privileges and owners are no difference", async (project) => {
    const { Model } = createRegistry("odd");
    class Order extends Model("order", {
      id: field(z.int(), { primaryKey: true, autoIncrement: false }),
      group: field(z.string(), { column: "Group by" }),
    }) {}
    const [[user]] = (await project.sql("SELECT current_user::text")) as readonly [readonly [string]];
    const odd = `${app} "of, all" ON`;
    await project.sql(`CREATE ROLE ${project.quote(odd)}`);
    try {
      await project.sql(`ALTER DEFAULT PRIVILEGES GRANT SELECT, DELETE ON TABLES TO ${app}`);
      await project.sql(`ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO ${reader}`);
      const user_ = routine("user", "(a int4, b varchar(3)[]) returns int language sql as 'select a'");
      const area = namespace("Odd area");
      project.models = toSchema([
        Order,
        user_,
        grant(Order, app, ["select"]),
        grant(Order, odd, ["insert", { update: ["Group by", "id"] }]),
        grant(user_, odd, "all"),
        grant(user_, "public", "all"),
        area,
        grant(area, odd, ["usage"]),
      ] as never).schema;
      await project.with(async (environment) => {
        await environment.makeMigrations({ message: "odd" });
        await environment.upgrade();
        for (const from of ["database", "history"] as const) {
          const again = await environment.makeMigrations({ from });
          assert.deepEqual([again.outcome, again.differences], ["no changes", []]);
        }
        // Only the database knows whose a table is.
        const owned = toSchema([Order, grant(Order, user, "all")] as never).schema;
        const models = project.models as Schema;
        project.models = { ...models, objects: [...models.objects, ...owned.objects] };
        assert.deepEqual((await environment.makeMigrations({})).differences, []);
        const granted = (await rights(project)).filter((line) => /relation "order"/.test(line));
        assert.match(granted[0] ?? "", / app=r\/postgres/);
        await environment.downgrade("base");
      });
    } finally {
      await project.sql(`DROP OWNED BY ${project.quote(odd)} CASCADE`);
      await project.sql(`DROP ROLE ${project.quote(odd)}`);
    }
  });

  on("a role that is not there is named, with what makes it, and nothing else is done", async (project) => {
    project.models = toSchema([view("one", "select 1 as one"), grant("one", "athanor_nobody", "all")]).schema;
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "nobody" });
      await assert.rejects(environment.upgrade(), (error: unknown) => {
        assert.ok(isAthanorError(error, "MIGRATE.FAILED"));
        assert.ok(isAthanorError(error.cause, "DATABASE.NO_ROLE"), String(error.cause));
        assert.equal(error.fields.grant, 'CREATE ROLE "athanor_nobody"');
        return true;
      });
      assert.deepEqual((await project.catalog()).objects, []);
    });
  });

  on(
    "pull writes what is granted where it is asked to, and what it writes is what is there",
    async (project, t) => {
      for (const sql of [
        "CREATE TABLE hero (id integer PRIMARY KEY, name text)",
        "CREATE VIEW names AS SELECT name FROM hero",
        "CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n * 2'",
        "CREATE SCHEMA area",
        "CREATE TYPE area.mood AS ENUM ('sad', 'ok')",
        `GRANT SELECT, UPDATE (name) ON hero TO ${app}`,
        `GRANT ALL ON names TO ${app} WITH GRANT OPTION`,
        "REVOKE ALL ON FUNCTION twice(integer) FROM PUBLIC",
        `GRANT USAGE ON SCHEMA area TO ${app}`,
        `GRANT USAGE ON TYPE area.mood TO ${reader} WITH GRANT OPTION`,
      ])
        await project.sql(sql);
      await project.with(async (environment) => {
        const plain = await environment.pull({});
        assert.ok(plain.files.every(({ source }) => !source.includes("grant")));
        const { files } = await environment.pull({ grants: true });
        const out = await mkdtemp(join(import.meta.dirname, "pulled-"));
        t.after(() => rm(out, { recursive: true, force: true }));
        const { schema } = toSchema(await loadPulled(files, out));
        assert.equal(schema.objects.filter(({ kind }) => kind === "grant").length, 5);
        project.models = schema;
        const before = await project.catalog();
        const differences = (await environment.diff()).differences.map(({ description }) => description);
        assert.deepEqual(differences, []);
        await environment.makeMigrations({ message: "baseline", from: "history" });
        await environment.stamp("heads");
        assert.equal((await environment.check()).ok, true);
        assert.deepEqual((await environment.pull({ grants: true })).files, files);
        assert.deepEqual(before.objects, (await project.catalog()).objects);
      });
    },
  );
}
