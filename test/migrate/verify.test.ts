import assert from "node:assert/strict";
import type { VerifyOptions } from "../../src/migrate/index.ts";
import { emptySchema } from "../../src/schema/index.ts";
import { onEvery, type Project } from "./project.ts";

const team = `op.createTable("team", (table) => [
      table.column("id", t.integer(), { nullable: false, autoIncrement: true }),
      table.column("name", t.varchar(40), { nullable: false }),
      table.primaryKey(["id"], { name: "pk_team" }),
    ]);`;
const hero = `op.createTable("hero", (table) => [
      table.column("id", t.uuid(), { nullable: false }),
      table.column("team_id", t.integer(), { nullable: false }),
      table.column("age", t.integer()),
      table.primaryKey(["id"], { name: "pk_hero" }),
      table.foreignKey(["team_id"], "team", ["id"], { name: "fk_hero_team" }),
      table.check("age > 100", { name: "ck_hero_age" }),
    ]);`;

/** Two tables that refer to each other's rows; both can be undone. */
async function sound(project: Project): Promise<void> {
  await project.migration("a1", null, { upgrade: team, downgrade: 'op.dropTable("team");' });
  await project.migration("b2", "a1", { upgrade: hero, downgrade: 'op.dropTable("hero");' });
  await project.migration("c3", "b2", {
    upgrade: 'op.addColumn("team", "city", t.text());\n op.createIndex("ix_team_name", "team", ["name"]);',
    downgrade: 'op.dropIndex("ix_team_name", "team");\n op.dropColumn("team", "city");',
  });
}

/** On the project's own server; where it runs in process there is nothing to say. */
function verify(project: Project, options: VerifyOptions = {}) {
  project.models = null;
  return project.with((environment) =>
    environment.verify({ ...(project.onServer && { on: "server" }), ...options }),
  );
}

const codes = (document: Awaited<ReturnType<typeof verify>>): readonly string[] =>
  document.findings.map(
    ({ code, revision, silenced }) => `${code} ${revision}${silenced ? " silenced" : ""}`,
  );

onEvery(
  "a sound history goes up, down and up again, and leaves the project's database alone",
  async (project) => {
    await sound(project);
    const seen: string[] = [];
    const document = await verify(project, { onRevision: (...args) => seen.push(args.join(" ")) });
    assert.deepEqual(codes(document), [], JSON.stringify(document.findings, null, 2));
    assert.equal(document.ok, true);
    assert.deepEqual(
      document.revisions.map(({ revision, unfilled }) => [revision, unfilled]),
      [
        ["a1", []],
        ["b2", []],
        ["c3", []],
      ],
    );
    assert.deepEqual(seen, ["a1 0 3", "b2 1 3", "c3 2 3"]);
    assert.deepEqual(await project.tables(), []);
  },
);

onEvery("a downgrade that leaves something behind, and one that is accepted", async (project) => {
  await sound(project);
  await project.migration("d4", "c3", { upgrade: 'op.addColumn("team", "motto", t.text());' });
  await project.migration("e5", "d4", {
    upgrade: 'op.addColumn("team", "song", t.text());',
    downgrade: 'op.execute("SELECT * FROM nowhere");',
  });
  await project.migration("f6", "e5", {
    upgrade: 'op.dropIndex("ix_team_name", "team");',
    header: 'ignore: { VERIFY104: "nobody goes back" },',
  });
  const document = await verify(project);
  assert.deepEqual(codes(document), ["VERIFY104 d4", "VERIFY103 e5", "VERIFY104 f6 silenced"]);
  assert.equal(document.ok, false);
  assert.deepEqual(document.findings[0]?.details, ["drop column team.motto"]);
  assert.equal(document.revisions.length, 6);
  const part = await verify(project, { range: "f6" });
  assert.deepEqual(
    part.revisions.map(({ revision }) => revision),
    ["f6"],
  );
  assert.equal(part.ok, true);
});

onEvery("what fails on rows, and what fails always", async (project) => {
  await sound(project);
  await project.migration("d4", "c3", {
    upgrade: 'op.addColumn("hero", "rank", t.integer(), { nullable: false });',
    downgrade: 'op.dropColumn("hero", "rank");',
  });
  await project.migration("e5", "d4", { upgrade: 'op.execute("CREATE BOGUS");' });
  await project.migration("f6", "e5", {});
  const document = await verify(project);
  assert.deepEqual(codes(document), ["VERIFY102 d4", "VERIFY101 e5"]);
  assert.deepEqual(document.unchecked, ["f6"]);
  const bare = await verify(project, { rows: 0 });
  assert.deepEqual(codes(bare), ["VERIFY101 e5"]);
});

onEvery("rows that do not survive", async (project) => {
  await sound(project);
  await project.migration("d4", "c3", {
    upgrade: 'op.dropColumn("team", "city");',
    downgrade:
      'op.dropTable("hero");\n op.dropTable("team");\n' +
      team +
      hero +
      `
      op.addColumn("team", "city", t.text());
      op.createIndex("ix_team_name", "team", ["name"]);`,
  });
  const document = await verify(project);
  assert.deepEqual(codes(document), ["VERIFY105 d4"]);
  assert.match(document.findings[0]?.details[0] ?? "", /^hero: 3 of 3 rows are gone after the downgrade/);
});

onEvery("the history against the models, and against what it says of itself", async (project) => {
  await sound(project);
  project.models = emptySchema;
  const wrong = await project.with((environment) =>
    environment.verify(project.onServer ? { on: "server" } : {}),
  );
  assert.deepEqual(codes(wrong), ["VERIFY108 null"]);
  assert.equal(wrong.comparedModels, true);
  await project.migration("d4", "c3", {
    upgrade: 'op.execute("CREATE TABLE secret (id INTEGER)", { changes: [] });',
    downgrade: 'op.execute("DROP TABLE secret", { changes: [] });',
  });
  const document = await verify(project);
  assert.deepEqual(codes(document), ["VERIFY109 null"]);
  assert.deepEqual(document.findings[0]?.details, ["create table secret"]);
});

onEvery("branches, a merge, and dependencies are gone through one revision at a time", async (project) => {
  await sound(project);
  await project.migration("x1", null, {
    upgrade: 'op.createTable("x", (table) => [table.column("id", t.integer())]);',
    downgrade: 'op.dropTable("x");',
    dependsOn: ["b2"],
  });
  await project.migration("y1", "a1", {
    upgrade: 'op.addColumn("team", "y", t.integer());',
    downgrade: 'op.dropColumn("team", "y");',
  });
  await project.migration("m1", ["c3", "y1", "x1"], {});
  const document = await verify(project);
  assert.deepEqual(codes(document), [], JSON.stringify(document.findings, null, 2));
  assert.equal(document.revisions.length, 6);
});
