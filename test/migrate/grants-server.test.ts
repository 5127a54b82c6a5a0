/** Who may use the database, its languages, and what is yet to be made: said beside the models, pulled and compared. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { z } from "zod";
import { createRegistry, field, toSchema } from "../../src/index.ts";
import { defaultGrant, grant, namespace } from "../../src/objects.ts";
import type { Schema } from "../../src/schema/index.ts";
import { dialects } from "../dialects.ts";
import { loadPulled } from "../pull/load.ts";
import { migrateTo, Project } from "./project.ts";

const role = (name: string): string => `athanor_server_${name}_${process.pid}`;
const [app, owner, odd] = [role("app"), role("owner"), `${role("odd")} 100% "of"`];

/** Every right that stands in the catalogs of the server's own, as it prints them. */
async function rights(project: Project): Promise<readonly string[]> {
  const rows = await project.sql(`
    SELECT 'database', (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(datacl) a) FROM pg_database WHERE datname = current_database()
    UNION ALL SELECT 'language ' || lanname, (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(lanacl) a) FROM pg_language
    UNION ALL SELECT concat_ws(' ', 'default', defaclobjtype, pg_get_userbyid(defaclrole), nspname), (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(defaclacl) a)
      FROM pg_default_acl LEFT JOIN pg_namespace n ON n.oid = defaclnamespace ORDER BY 1`);
  return rows.filter(([, list]) => list !== null).map((line) => line.join(": ").replaceAll(/\d+/g, ""));
}

for (const row of dialects.filter(({ name }) => name === "postgresql")) {
  const on = (
    name: string,
    work: (at: { project: Project; other: Project }, t: TestContext) => Promise<void>,
  ): void => {
    test(`${name} (${row.name})`, async (t) => {
      const project = await Project.make((end) => t.after(end), row);
      const other = await Project.make((end) => t.after(end), row);
      const roles = [app, owner, odd].map((each) => project.quote(each));
      for (const each of roles) await project.sql(`CREATE ROLE ${each}`);
      try {
        await work({ project, other }, t);
      } finally {
        for (const each of roles) {
          for (const one of [project, other]) await one.sql(`DROP OWNED BY ${each} CASCADE`);
        }
        for (const each of roles) await project.sql(`DROP ROLE ${each}`);
      }
    });
  };

  on("what every database begins with comes back whole", async ({ project }) => {
    const publicly = async (): Promise<readonly string[]> => {
      const may = (on: string, right: string): string =>
        `SELECT '${right}' WHERE has_${on === "public" ? "schema" : "database"}_privilege('${app}', ${on === "public" ? "'public'" : "current_database()"}, '${right}')`;
      const asked = [
        may("public", "CREATE"),
        may("public", "USAGE"),
        may("", "CREATE"),
        may("", "CONNECT"),
        may("", "TEMPORARY"),
      ];
      return (await project.sql(asked.join(" UNION ALL "))).flat().map(String);
    };
    const [[version]] = (await project.sql("SHOW server_version_num")) as readonly [readonly [string]];
    const usual = [...(Number(version) < 150_000 ? ["CREATE"] : []), "USAGE", "CONNECT", "TEMPORARY"];
    const of = (...rights: ("usage" | "create")[]): object =>
      grant({ kind: "schema", name: "public" }, "public", rights);
    await project.with(async (environment) => {
      const step = async (...objects: readonly object[]): Promise<readonly string[]> => {
        await migrateTo(toSchema(objects as never).schema, "step", project, environment);
        return publicly();
      };
      await step(namespace("area"));
      for (const [objects, may] of [
        [[of("usage", "create")], ["CREATE", "USAGE", "CONNECT", "TEMPORARY"]],
        [[of()], ["CONNECT", "TEMPORARY"]],
        [[grant({ kind: "database" }, "public", ["create"])], [...usual.slice(0, -2), "CREATE"]],
      ] as const) {
        assert.deepEqual(await step(namespace("area"), ...objects), may);
        await environment.downgrade("-1");
        assert.deepEqual(await publicly(), usual);
        await environment.upgrade();
        assert.deepEqual(await publicly(), may);
        assert.deepEqual(await step(namespace("area")), usual);
      }
      if (Number(version) < 150_000) return;
      project.models = toSchema([namespace("area"), of("usage")] as never).schema;
      assert.deepEqual((await environment.makeMigrations({})).differences, [], "it is so already");
    });
  });

  on("what models say of them is made, found as it is, changed, and taken back", async ({ project }) => {
    const [[user]] = (await project.sql("SELECT current_user::text")) as readonly [readonly [string]];
    const models = (...grants: readonly object[]): Schema =>
      toSchema([namespace("area"), ...grants] as never).schema;
    const first = models(
      defaultGrant("tables", [app, odd], ["select", "insert"]),
      defaultGrant("tables", app, "all", { schema: "area", by: owner }),
      defaultGrant("sequences", app, "all", { withGrantOption: true }),
      defaultGrant("functions", "public", []),
      defaultGrant("schemas", app, ["usage"]),
      defaultGrant("types", "public", [], { by: owner }),
      // There is nothing to be taken of what only comes to the rest.
      defaultGrant("types", "public", [], { schema: "area" }),
      grant({ kind: "database" }, "public", []),
      grant({ kind: "database" }, [app, odd], ["connect"]),
      grant({ kind: "language", name: "plpgsql" }, "public", []),
      grant({ kind: "language", name: "plpgsql" }, odd, "all"),
    );
    const second = models(
      defaultGrant("tables", [app, odd], ["select", "delete"], { withGrantOption: true }),
      defaultGrant("functions", "public", ["execute"], { by: owner }),
      defaultGrant("schemas", app, ["usage", "create"]),
      grant({ kind: "database" }, "public", ["temporary"]),
      grant({ kind: "database" }, app, "all"),
      grant({ kind: "language", name: "plpgsql" }, app, "all", { withGrantOption: true }),
    );
    await project.with(async (environment) => {
      const step = async (schema: Schema, message: string): Promise<readonly string[]> => {
        await migrateTo(schema, message, project, environment);
        return rights(project);
      };
      assert.deepEqual(await step(models(), "bare"), []);
      const one = await step(first, "first");
      assert.equal(one.length, 8, one.join("\n"));
      await project.sql("CREATE TABLE area.made ()");
      await project.sql(
        `CREATE TABLE area.sold (); ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA area GRANT SELECT ON TABLES TO ${user}`,
      );
      const said = await rights(project);
      assert.equal((await environment.check()).ok, true, "what no model speaks of is not looked at");
      // Only the database knows who says it.
      const named = toSchema([
        defaultGrant("sequences", app, "all", { by: user, withGrantOption: true }),
      ] as never);
      project.models = {
        ...first,
        objects: [
          ...first.objects.filter(({ name }) => !name.endsWith("ON DEFAULT SEQUENCES")),
          ...named.schema.objects,
        ],
      };
      assert.deepEqual((await environment.makeMigrations({})).differences, []);
      const two = await step(second, "second");
      assert.ok(
        two.some((line) => /^default r .*a\*?r?.*=r\*d\*/.test(line) || line.includes("=r*d*/")),
        two.join("\n"),
      );
      await environment.downgrade("-1");
      assert.deepEqual(await rights(project), said);
      await environment.upgrade();
      assert.deepEqual(await rights(project), two);
    });
  });

  on(
    "pull writes them where it is asked to, and databases are compared with them",
    async ({ project, other }, t) => {
      const { Model } = createRegistry("server-grants");
      class Hero extends Model("hero", { id: field(z.int(), { primaryKey: true }) }) {}
      project.models = toSchema([Hero, namespace("area")] as never).schema;
      other.models = project.models;
      for (const each of [project, other]) {
        await each.with(async (environment) => {
          await environment.makeMigrations({ message: "hero" });
          await environment.upgrade();
        });
      }
      for (const sql of [
        `ALTER DEFAULT PRIVILEGES IN SCHEMA area GRANT SELECT ON TABLES TO ${app} WITH GRANT OPTION`,
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC`,
        `DO $$ BEGIN EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database()); END $$`,
        `DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO ${app}', current_database()); END $$`,
        "REVOKE ALL ON LANGUAGE plpgsql FROM PUBLIC",
        `GRANT USAGE ON LANGUAGE plpgsql TO ${app}`,
        `GRANT SELECT ON hero TO ${app}`,
        `GRANT USAGE ON SCHEMA area TO ${owner}`,
      ])
        await project.sql(sql);
      await project.with(async (environment) => {
        const { files } = await environment.pull({ grants: true });
        const out = await mkdtemp(join(import.meta.dirname, "pulled-"));
        t.after(() => rm(out, { recursive: true, force: true }));
        const { schema } = toSchema(await loadPulled(files, out));
        assert.equal(schema.objects.filter(({ kind }) => kind === "grant").length, 8);
        const models = project.models;
        project.models = schema;
        assert.deepEqual((await environment.diff()).differences, []);
        project.models = models as Schema;

        const sides = { from: other.url, to: project.url };
        assert.equal((await environment.diff(sides)).same, true);
        const found = await environment.diff({ ...sides, grants: true, sql: true });
        assert.equal(found.differences.length, 8);
        const run = other.runScript(found.sql ?? "");
        assert.equal(run.status, 0, run.errors);
        assert.deepEqual(await rights(other), await rights(project));
        assert.equal((await environment.diff({ ...sides, grants: true })).same, true);
      });
    },
  );

  on(
    "of a table's rows and of lists of them are nobody's to say, whatever new types are granted",
    async ({ project }, t) => {
      project.models = toSchema([namespace("area")] as never).schema;
      await project.sql("CREATE SCHEMA area");
      await project.sql(`ALTER DEFAULT PRIVILEGES IN SCHEMA area GRANT USAGE ON TYPES TO ${app}`);
      await project.sql("CREATE TABLE area.late (id int PRIMARY KEY)");
      await project.sql("CREATE TYPE area.level AS ENUM ('low', 'high')");
      await project.with(async (environment) => {
        const { files } = await environment.pull({ grants: true });
        const out = await mkdtemp(join(import.meta.dirname, "pulled-"));
        t.after(() => rm(out, { recursive: true, force: true }));
        const { schema } = toSchema(await loadPulled(files, out));
        const grants = schema.objects.filter(({ kind }) => kind === "grant").map(({ name }) => name);
        assert.deepEqual(grants.toSorted(), [`${app} ON DEFAULT TYPES IN area`, `${app} ON TYPE area.level`]);
        project.models = schema;
        assert.deepEqual((await environment.diff()).differences, []);
      });
    },
  );
}
