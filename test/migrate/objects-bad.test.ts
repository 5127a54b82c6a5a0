/** Objects that are wrong, broken, hidden or in each other's way: named, and nothing is dropped for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isAthanorError } from "../../src/errors/index.ts";
import {
  column,
  emptySchema,
  grantOn,
  index,
  indexPart,
  primaryKey,
  type SchemaObject,
  schemaObject,
  t,
  table,
} from "../../src/schema/index.ts";
import { canonicalOrder } from "../../src/schema/order.ts";
import { dialects } from "../dialects.ts";
import { onEvery, Project } from "./project.ts";

const item = table("item", [column("id", t.integer(), { nullable: false }), column("name", t.varchar(40))], {
  primaryKey: primaryKey(["id"], { name: "pk_item" }),
});

function schemaOf(...objects: readonly SchemaObject[]): typeof emptySchema {
  return canonicalOrder({ ...emptySchema, tables: [item], objects });
}

/** Migrates to a schema that the database refuses; answers what the error says. */
async function refused(project: Project, ...objects: readonly SchemaObject[]): Promise<string> {
  project.models = schemaOf();
  await project.with(async (environment) => {
    await environment.makeMigrations({ message: "item" });
    await environment.upgrade();
  });
  const before = await project.catalog();
  project.models = schemaOf(...objects);
  let said = "";
  await project.with(async (environment) => {
    await environment.makeMigrations({ message: "wrong" });
    await assert.rejects(environment.upgrade(), (error: unknown) => {
      assert.ok(isAthanorError(error, "MIGRATE.FAILED"), String(error));
      assert.ok(isAthanorError(error.cause), String(error.cause));
      assert.ok(/^DATABASE\./.test(error.cause.code) && error.fields.operation !== null);
      assert.ok(!project.dialect.capabilities.transactionalDdl || error.fields.undone);
      said = JSON.stringify([error.code, error.fields, error.message]);
      return true;
    });
  });
  const bare = ({ objects: there, ...rest }: typeof before) => ({
    ...rest,
    objects: there.map(({ name }) => name),
  });
  assert.deepEqual(bare(await project.catalog()), bare(before));
  return said;
}

onEvery("an object that cannot be parsed is named, and nothing else is touched", async (project) => {
  const said = await refused(project, schemaObject("view", "broken", "AS SELEC nothing FRM item"));
  assert.match(said, /broken/);
});

onEvery("a view over a table that is not there is named", async (project) => {
  // SQLite looks for the table when the view is read.
  if (project.dialect.id === "sqlite") return;
  const said = await refused(project, schemaObject("view", "lost", "AS SELECT id FROM nowhere"));
  assert.match(said, /nowhere|lost/);
});

onEvery("two views that stand on each other end in an error, not in a circle", async (project) => {
  if (project.dialect.id === "sqlite") return;
  const said = await refused(
    project,
    schemaObject("view", "chicken", "AS SELECT id FROM egg"),
    schemaObject("view", "egg", "AS SELECT id FROM chicken"),
  );
  assert.match(said, /chicken|egg/);
});

onEvery("a view whose table is gone is read, left alone, and others go on", async (project) => {
  if (project.dialect.id === "postgresql") return;
  await project.sql("CREATE TABLE base (id integer)");
  await project.sql("CREATE VIEW orphan AS SELECT id FROM base");
  await project.sql("CREATE VIEW on_orphan AS SELECT id FROM orphan");
  await project.sql("DROP TABLE base");
  project.models = schemaOf(schemaObject("view", "fine", "AS SELECT id FROM item"));
  await project.with(async (environment) => {
    await environment.makeMigrations({ message: "item" });
    await environment.upgrade();
    assert.equal((await environment.makeMigrations({})).outcome, "no changes");
    assert.equal((await environment.check()).ok, true);
  });
  const names = (await project.catalog()).objects.map(({ name }) => name).sort();
  assert.deepEqual(names, ["fine", "on_orphan", "orphan"]);
});

for (const row of dialects.filter(({ name }) => name === "postgresql")) {
  const on = (name: string, work: (project: Project) => Promise<void>): void => {
    test(`${name} (${row.name})`, async (t_) => work(await Project.make((end) => t_.after(end), row)));
  };

  on("a function in a language that is not installed is named", async (project) => {
    const said = await refused(
      project,
      schemaObject("function", "shout", "() RETURNS text LANGUAGE plnothing AS 'x'", { signature: "" }),
    );
    assert.match(said, /plnothing/);
  });

  on("a type of an extension that is absent is named", async (project) => {
    const said = await refused(project, schemaObject("domain", "labels", "AS hstore"));
    assert.match(said, /hstore/);
  });

  on("types that stand on each other are named", async (project) => {
    const said = await refused(
      project,
      schemaObject("composite", "one", "AS (two two)"),
      schemaObject("composite", "two", "AS (one one)"),
    );
    assert.match(said, /create composite type one/);
  });

  on("functions whose bodies call each other are made in any order", async (project) => {
    const calls = (name: string, other: string): SchemaObject =>
      schemaObject("function", name, `() RETURNS integer LANGUAGE sql AS 'SELECT ${other}()'`, {
        signature: "",
      });
    project.models = schemaOf(calls("a", "b"), calls("b", "a"));
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "circle" });
      await environment.upgrade();
      assert.equal((await environment.makeMigrations({})).outcome, "no changes");
      await environment.downgrade("base");
      assert.deepEqual((await project.catalog()).objects, []);
    });
  });

  on("operator classes and families that are nobody's stay, and indexes are over them", async (project) => {
    await project.sql("CREATE OPERATOR FAMILY backwards USING btree");
    await project.sql(
      "CREATE OPERATOR CLASS falling FOR TYPE integer USING btree FAMILY backwards AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 btint4cmp(integer, integer)",
    );
    await project.sql(
      "CREATE OPERATOR CLASS plain FOR TYPE integer USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(integer)",
    );
    const indexed = {
      ...item,
      indexes: [index("by_id", [indexPart("id", { operatorClass: "falling" })])],
    };
    project.models = canonicalOrder({ ...emptySchema, tables: [indexed] });
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "item" });
      await environment.upgrade();
      assert.equal((await environment.makeMigrations({})).outcome, "no changes");
      const seen = (await environment.inspect()).schema.objects;
      assert.deepEqual(
        seen.map(({ kind, name, signature }) => [kind, name, signature]),
        [
          ["operatorClass", "falling", "btree"],
          ["operatorClass", "plain", "hash"],
          ["operatorFamily", "backwards", "btree"],
          ["operatorFamily", "plain", "hash"],
        ],
      );
      assert.deepEqual((await environment.pull({})).left, []);
      await environment.downgrade("base");
    });
    const left = await project.sql("SELECT count(*) FROM pg_opclass WHERE oid >= 16384");
    assert.equal(Number(left[0]?.[0]), 2);
  });

  on("a publication of a table that is not there is named", async (project) => {
    const said = await refused(project, schemaObject("publication", "news", "FOR TABLE nowhere"));
    assert.match(said, /nowhere/);
  });

  on("a right to what is not there is named", async (project) => {
    const said = await refused(
      project,
      grantOn(
        { word: "FUNCTION", schema: null, name: "nowhere", signature: "integer", role: "public" },
        [],
        "postgresql",
      ),
    );
    assert.match(said, /nowhere/);
  });

  on("a right that a thing of the kind does not have is named", async (project) => {
    const said = await refused(
      project,
      grantOn(
        { word: null, schema: null, name: "item", signature: null, role: "public" },
        [{ name: "EXECUTE", columns: null, grantable: false }],
        "postgresql",
      ),
    );
    assert.match(said, /EXECUTE/);
  });

  on("what a role may not change is named, with what makes it go, and stays", async (project) => {
    const role = `athanor_changer_${process.pid}`;
    await project.sql(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
    await project.sql("CREATE SCHEMA hidden");
    await project.sql("CREATE TABLE hidden.secret (id integer, name text)");
    await project.sql("CREATE VIEW hidden.secrets AS SELECT id FROM hidden.secret");
    await project.sql(`GRANT CREATE, USAGE ON SCHEMA public TO ${role}`);
    const database = project.quote(new URL(project.url).pathname.slice(1));
    await project.sql(`GRANT CREATE ON DATABASE ${database} TO ${role}`);
    const before = (await project.catalog()).objects.filter(({ kind }) => kind === "view");
    const url = new URL(project.url);
    url.username = role;
    url.password = "x";
    try {
      const secrets = { schema: "hidden", name: "secrets" };
      project.models = schemaOf(
        schemaObject("view", "fine", "AS SELECT id FROM item"),
        schemaObject("view", secrets, "AS SELECT id, name FROM hidden.secret"),
      );
      await project.with(
        async (environment) => {
          await environment.makeMigrations({ message: "secrets" });
          await assert.rejects(environment.upgrade(), (error: unknown) => {
            assert.ok(isAthanorError(error, "MIGRATE.FAILED"));
            assert.ok(isAthanorError(error.cause, "DATABASE.PRIVILEGE"));
            assert.equal(error.fields.grant, `GRANT USAGE ON SCHEMA "hidden" TO "${role}"`);
            return true;
          });
        },
        { url: url.href },
      );
      const left = (await project.catalog()).objects.filter(({ kind }) => kind === "view");
      assert.deepEqual(left, before);
    } finally {
      await project.sql(`DROP OWNED BY ${role} CASCADE`);
      await project.sql(`DROP ROLE ${role}`);
    }
  });

  on("a schema that the role may not look into is nobody's to drop", async (project) => {
    const role = `athanor_reader_${process.pid}`;
    await project.sql("CREATE SCHEMA hidden");
    await project.sql("CREATE TABLE hidden.secret (id integer)");
    await project.sql("CREATE VIEW hidden.secrets AS SELECT id FROM hidden.secret");
    await project.sql(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
    await project.sql(`GRANT CREATE, USAGE ON SCHEMA public TO ${role}`);
    await project.sql(
      `GRANT CREATE ON DATABASE ${project.quote(new URL(project.url).pathname.slice(1))} TO ${role}`,
    );
    const url = new URL(project.url);
    url.username = role;
    url.password = "x";
    try {
      project.models = schemaOf(schemaObject("view", "fine", "AS SELECT id FROM item"));
      await project.with(
        async (environment) => {
          const made = await environment.makeMigrations({ message: "item" });
          assert.ok(made.differences.every(({ description }) => !description.includes("secret")));
          await environment.upgrade();
          assert.equal((await environment.makeMigrations({})).outcome, "no changes");
        },
        { url: url.href },
      );
      const left = await project.sql("SELECT count(*) FROM hidden.secrets");
      assert.equal(Number(left[0]?.[0]), 0);
    } finally {
      await project.sql(`DROP OWNED BY ${role} CASCADE`);
      await project.sql(`DROP ROLE ${role}`);
    }
  });
}

for (const row of dialects.filter(({ name }) => name === "mariadb")) {
  test("routines whose text is hidden are listed and stay (mariadb)", async (t_) => {
    const project = await Project.make((end) => t_.after(end), row);
    const user = `athanor_r_${process.pid}`;
    const name = new URL(project.url).pathname.slice(1);
    await project.sql("CREATE PROCEDURE secret() SELECT 1");
    await project.sql(`CREATE USER '${user}'@'%' IDENTIFIED BY 'x'`);
    await project.sql(
      `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW, EXECUTE, CREATE TEMPORARY TABLES ON \`${name}\`.* TO '${user}'@'%'`,
    );
    const url = new URL(project.url);
    url.username = user;
    url.password = "x";
    try {
      project.models = schemaOf(schemaObject("view", "fine", "AS SELECT id FROM item"));
      await project.with(
        async (environment) => {
          await environment.makeMigrations({ message: "item" });
          await environment.upgrade();
          const seen = await environment.inspect();
          assert.ok(JSON.stringify(seen).includes("secret"));
        },
        { url: url.href },
      );
      assert.deepEqual(
        (await project.catalog()).objects.map((each) => each.name),
        ["secret", "fine"],
      );
    } finally {
      await project.sql(`DROP USER '${user}'@'%'`);
    }
  });
}
