import assert from "node:assert/strict";
import { check, column, foreignKey, index, primaryKey, table, unique } from "../../src/schema/build.ts";
import { emptySchema, type Schema, t } from "../../src/schema/index.ts";
import { onEvery, type Project } from "./project.ts";

const id = column("id", t.integer(), { nullable: false });

function schema(hero: Parameters<typeof table>[1], rest: Parameters<typeof table>[2] = {}): Schema {
  const key = (name: string) => ({ primaryKey: primaryKey(["id"], { name: `pk_${name}` }) });
  return {
    ...emptySchema,
    tables: [table("team", [id], key("team")), table("hero", hero, { ...key("hero"), ...rest })],
  };
}

const before = schema([id, column("team_id", t.integer()), column("age", t.integer())], {
  indexes: [index("ix_old", ["age"])],
});
const after = schema([id, column("team_id", t.integer()), column("age", t.integer(), { nullable: false })], {
  indexes: [index("ix_team", ["team_id"])],
  foreignKeys: [
    foreignKey(["team_id"], { schema: null, name: "team", columns: ["id"] }, { name: "fk_team" }),
  ],
  checks: [check("age > 0", { name: "ck_age" })],
  uniques: [unique(["age"], { name: "uq_age" })],
});

async function made(project: Project, models: Schema, safe = true): Promise<string> {
  project.models = models;
  const { source } = await project.with((environment) => environment.makeMigrations({ safe }));
  await project.with((environment) => environment.upgrade());
  return source ?? "";
}

const isGentle = (project: Project): boolean => project.dialect.id === "postgresql";

onEvery(
  "a migration lets others go on, where the database has such a form, and does the same",
  async (project) => {
    const first = await made(project, before);
    assert.doesNotMatch(first, /concurrently/);
    await project.sql("INSERT INTO team (id) VALUES (1)");
    await project.sql("INSERT INTO hero (id, team_id, age) VALUES (1, 1, 7), (2, NULL, 8)");
    project.models = after;
    const { source } = await project.with((environment) => environment.makeMigrations());
    const gentle = source?.match(/concurrently: true/g)?.length ?? 0;
    // Up: two indexes, a key, a check, a unique key, the proof of NOT NULL; down: the indexes and what they are of.
    assert.equal(gentle > 5, isGentle(project), source ?? "");
    const { findings } = await project.with((environment) => environment.lint());
    if (isGentle(project))
      assert.deepEqual(
        findings.filter(({ code }) => code.startsWith("LINT3")).map(({ code }) => code),
        [],
      );
    await project.with(async (environment) => {
      await environment.upgrade();
      const { ok, differences } = await environment.check();
      assert.equal(ok, true, JSON.stringify(differences));
    });
    assert.deepEqual(await project.sql("SELECT id, age FROM hero ORDER BY id"), [
      [1, 7],
      [2, 8],
    ]);
    const there = await project.catalog();
    await project.with((environment) => environment.downgrade());
    await project.with((environment) => environment.upgrade());
    assert.deepEqual(await project.catalog(), there);
  },
);

onEvery(
  "the same on request in one transaction",
  async (project) => {
    await made(project, before);
    assert.doesNotMatch(await made(project, after, false), /concurrently/);
  },
  ({ transactionalDdl }) => transactionalDdl,
);

onEvery(
  "rows that break a key that is validated later stop the migration there, and it goes on afterwards",
  async (project) => {
    await made(project, before);
    await project.sql("INSERT INTO hero (id, team_id, age) VALUES (1, 9, 7)");
    project.models = after;
    await project.with(async (environment) => {
      await environment.makeMigrations();
      await assert.rejects(environment.upgrade(), /fk_team/);
    });
    await project.sql("INSERT INTO team (id) VALUES (9)");
    await project.with(async (environment) => {
      await environment.upgrade();
      assert.equal((await environment.check()).ok, true);
    });
  },
  ({ exclusionConstraints, concurrentWriters }) => exclusionConstraints && concurrentWriters,
);
