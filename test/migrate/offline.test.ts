import assert from "node:assert/strict";
import { isAthanorError } from "../../src/errors/index.ts";
import { onEvery, type Project } from "./project.ts";

/** Two bases, a branch, a merge; tables made anew, rows moved, an enum that grows, a step that no transaction holds. */
async function rich(project: Project): Promise<void> {
  const { quote } = project;
  await project.migration("a1", null, {
    upgrade: `op.createTable("team", (table) => [
      table.column("id", t.integer(), { nullable: false }),
      table.column("name", t.varchar(40), { nullable: false, default: "none" }),
      table.column("rank", t.enum(["low", "high"], { name: "team_rank" })),
      table.primaryKey(["id"], { name: "pk_team" }),
    ]);
    op.createTable("hero", (table) => [
      table.column("id", t.integer(), { nullable: false }),
      table.column("team_id", t.integer()),
      table.primaryKey(["id"], { name: "pk_hero" }),
      table.foreignKey(["team_id"], "team", ["id"], { name: "fk_hero_team", onDelete: "cascade" }),
    ]);
    op.execute("INSERT INTO team (id, name) VALUES (1, 'it''s; -- one'), (2, 'two')", { changes: [] });
    op.execute("INSERT INTO hero (id, team_id) VALUES (1, 1), (2, 2)", { changes: [] });`,
    downgrade: 'op.dropTable("hero");\n op.dropTable("team");',
  });
  await project.migration("b2", "a1", {
    upgrade: `op.alterColumn("team", "name", { type: t.text(), nullable: true, default: null });
    op.alterColumn("team", "rank", { type: t.enum(["low", "mid", "high"], { name: "team_rank" }) });
    op.execute("UPDATE team SET rank = 'mid' WHERE id = 1", { changes: [] });`.replaceAll(
      "rank =",
      `${quoted("rank")} =`,
    ),
    downgrade: `op.execute("UPDATE team SET rank = NULL", { changes: [] });
    op.alterColumn("team", "rank", { type: t.enum(["low", "high"], { name: "team_rank" }) });
    op.alterColumn("team", "name", { type: t.varchar(40), nullable: false, default: "none" });`.replaceAll(
      "rank =",
      `${quoted("rank")} =`,
    ),
    labels: ["teams"],
  });
  await project.migration("c3", "a1", {
    upgrade:
      'op.addColumn("hero", "age", t.integer());\n op.execute("UPDATE hero SET age = id", { changes: [] });\n op.createIndex("ix_hero_age", "hero", ["age"]);',
    downgrade: 'op.dropIndex("ix_hero_age", "hero");\n op.dropColumn("hero", "age");',
    labels: ["heroes"],
    header: "transaction: false,",
  });
  await project.migration("x1", null, {
    upgrade: `op.createTable("power", (table) => [table.column("id", t.uuid()), table.column("face", t.bytes())]);`,
    downgrade: 'op.dropTable("power");',
    labels: ["powers"],
    dependsOn: ["c3"],
  });
  await project.migration("m4", ["b2", "c3"], {
    upgrade: 'op.renameColumn("hero", "age", "years");\n op.renameTable("power", "might");',
    downgrade: 'op.renameTable("might", "power");\n op.renameColumn("hero", "years", "age");',
    dependsOn: ["x1"],
  });
  function quoted(name: string): string {
    return quote.call(project, name).replaceAll('"', '\\"');
  }
}

/** What the database has, the log but for its ids and times. */
async function told(project: Project): Promise<unknown> {
  const rows = [];
  for (const name of await project.tables())
    rows.push(name, await project.sql(`SELECT * FROM ${project.quote(name)} ORDER BY 1`));
  return {
    catalog: await project.catalog(),
    rows,
    heads: (await project.sql("SELECT version_num FROM athanor_version")).flat().map(String).sort(),
    log: await project.sql(
      "SELECT revision, direction, status, checksum, statement_index, statement_count FROM athanor_log ORDER BY id",
    ),
  };
}

const ways: readonly (readonly [direction: "up" | "down", range: string, target: string])[] = [
  ["up", "base:b2", "b2"],
  ["up", "b2:c3", "c3"],
  ["up", "b2,c3:x1", "x1"],
  ["up", "b2,x1:heads", "heads"],
  ["down", "heads:b2", "b2"],
  ["down", "b2,x1:powers@base", "powers@base"],
  ["down", "b2,c3:teams@a1", "teams@a1"],
  ["down", "c3:base", "base"],
];

onEvery("scripts do what runs do, range by range, and nothing a second time", async (offline, t) => {
  const online = await offline.another((work) => t.after(work));
  await rich(offline);
  await rich(online);
  for (const [direction, range, target] of ways) {
    const name = `${direction} ${range}`;
    const { sql } = await offline.with(
      (environment) =>
        direction === "up" ? environment.upgradeSql({ range }) : environment.downgradeSql({ range }),
      { url: null },
    );
    assert.doesNotMatch(sql, /\bRETURNING\b/i);
    const ran = offline.runScript(sql);
    assert.deepEqual([ran.status, ran.errors], [0, ""], `${name}\n${sql}\n${ran.errors}`);
    await online.with((environment) =>
      direction === "up" ? environment.upgrade(target) : environment.downgrade(target),
    );
    const once = await told(offline);
    assert.deepEqual(once, await told(online), name);
    const again = offline.runScript(sql);
    assert.notEqual(again.errors, "", name);
    assert.deepEqual(await told(offline), once, `${name}, again`);
    const { problems } = await offline.with((environment) => environment.validate());
    assert.deepEqual(
      problems.filter(({ code }) => code !== "SEVERAL_HEADS"),
      [],
      name,
    );
  }
});

onEvery("a script that is broken off is gone on with", async (project) => {
  await rich(project);
  const { sql } = await project.with((environment) => environment.upgradeSql({ range: "c3" }));
  project.runScript(sql.slice(0, sql.lastIndexOf("\n", sql.lastIndexOf("ix_hero_age"))));
  const document = await project.with((environment) => environment.upgrade("c3"));
  assert.deepEqual(document.to, ["c3"]);
  assert.deepEqual(
    (await project.catalog()).tables.find(({ name }) => name === "hero")?.indexes.map(({ name }) => name),
    ["ix_hero_age"],
  );
  assert.deepEqual(await project.sql("SELECT id FROM team ORDER BY id"), [[1], [2]]);
  assert.equal(document.steps[0]?.resumedAfter, 2);
});

onEvery("steps of code are refused with a reason, or left as a marked gap", async (project) => {
  await rich(project);
  await project.migration("n5", "m4", {
    upgrade: `op.addColumn("hero", "z", t.integer());
    op.run("fill z", async (db) => { await db.execute("UPDATE hero SET z = 1"); }, { changes: [] });
    op.createIndex("ix_hero_z", "hero", ["z"]);`,
  });
  await project.with(async (environment) => {
    await assert.rejects(environment.upgradeSql({ range: "heads" }), (error) => {
      assert.ok(isAthanorError(error, "MIGRATE.OFFLINE_STEP"));
      assert.deepEqual(error.fields, { revision: "n5", file: "migrations/versions/n5.ts", step: "fill z" });
      return true;
    });
    const { sql } = await environment.upgradeSql({ range: "heads", allowRun: true });
    assert.match(sql, /^-- GAP: .*fill z.*n5\.ts/m);
    const ran = project.runScript(sql);
    assert.deepEqual([ran.status, ran.errors], [0, ""], sql);
    assert.equal((await environment.status()).upToDate, true);
    await assert.rejects(environment.downgradeSql({ range: "heads:powers@base" }), (error) =>
      isAthanorError(error, "MIGRATE.DEPENDENTS"),
    );
    for (const range of ["a:b:c", "heads"])
      await assert.rejects(environment.downgradeSql({ range }), (error) =>
        isAthanorError(error, "MIGRATE.OFFLINE_RANGE"),
      );
  });
});

onEvery("a stamp as a script", async (project) => {
  await rich(project);
  await project.with(async (environment) => {
    for (const [range, heads] of [
      ["b2,c3", ["b2", "c3"]],
      ["b2,c3:heads", ["m4"]],
      ["heads:a1", ["a1"]],
    ] as const) {
      const ran = project.runScript((await environment.stampSql(range)).sql);
      assert.deepEqual([ran.status, ran.errors], [0, ""]);
      const { revisions } = await environment.current();
      assert.deepEqual(revisions.map(({ revision }) => revision).sort(), heads);
      const { problems } = await environment.validate();
      assert.deepEqual(
        problems.filter(({ code }) => code !== "SEVERAL_HEADS"),
        [],
        range,
      );
    }
    assert.notEqual(project.runScript((await environment.stampSql("m4:a1")).sql).errors, "");
  });
  assert.deepEqual(await project.tables(), []);
});
