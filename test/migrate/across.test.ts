import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiffDocument } from "../../src/migrate/index.ts";
import { dialects } from "../dialects.ts";
import { Project } from "./project.ts";

/** Everything that a history can say in neutral words. */
const first = `op.createTable("team", (table) => [
      table.column("id", t.uuid(), { nullable: false }),
      table.column("name", t.varchar(40), { nullable: false }),
      table.primaryKey(["id"], { name: "pk_team" }),
      table.unique(["name"], { name: "uq_team_name" }),
    ]);
    op.createTable("hero", (table) => [
      table.column("id", t.integer(), { nullable: false, autoIncrement: true }),
      table.column("team_id", t.uuid()),
      table.column("name", t.varchar(80), { nullable: false, default: "nobody" }),
      table.column("rank", t.enum(["low", "high"], { name: "hero_rank" }), { nullable: false }),
      table.column("tags", t.json()),
      table.column("made", t.timestamptz(3), { default: { sql: "CURRENT_TIMESTAMP" } }),
      table.column("price", t.numeric(10, 2), { default: 0 }),
      table.column("alive", t.boolean(), { nullable: false, default: true }),
      table.column("face", t.bytes()),
      table.column("born", t.date()),
      table.column("score", t.double()),
      table.column("note", t.text(), { comment: "free" }),
      table.primaryKey(["id"], { name: "pk_hero" }),
      table.foreignKey(["team_id"], "team", ["id"], { name: "fk_hero_team", onDelete: "cascade" }),
      table.check("price >= 0", { name: "ck_hero_price" }),
    ]);
    op.createIndex("ix_hero_name", "hero", ["name"], { unique: true });
    op.createIndex("ix_hero_team_id", "hero", ["team_id"]);`;

const second = `op.addColumn("hero", "age", t.integer());
    op.alterColumn("hero", "note", { type: t.varchar(90) });
    op.dropIndex("ix_hero_name", "hero");
    op.addCheck("hero", "score < 10", { name: "ck_hero_score" });`;

/** In words; a unique index is what some databases call a constraint. */
const said = ({ differences }: DiffDocument): string[] =>
  differences.map((one) => one.description.replace("unique constraint", "index")).sort();

async function history(project: Project): Promise<void> {
  await project.migration("a1", null, { upgrade: first });
  await project.migration("b2", "a1", { upgrade: second });
}

const pairs = dialects.flatMap((from) =>
  dialects.filter((to) => to !== from).map((to) => [from, to] as const),
);

for (const [one, two] of pairs) {
  const places = `${one.name} and ${two.name}`;

  test(`one history on ${places} is one schema`, async (t) => {
    const from = await Project.make((work) => t.after(work), one);
    const to = await Project.make((work) => t.after(work), two);
    for (const project of [from, to]) {
      await history(project);
      await project.with((environment) => environment.upgrade("a1"));
    }
    const same = await from.with((environment) => environment.diff({ to: to.url }));
    assert.deepEqual([said(same), same.leftOut, same.same], [[], [], true]);
    await to.with((environment) => environment.upgrade());
    const differs = await from.with((environment) => environment.diff({ to: to.url }));
    assert.deepEqual(said(differs), [
      "add check ck_hero_score to hero (score < 10)",
      "add column hero.age (integer)",
      "alter column hero.note (text to varchar(90))",
      "drop index ix_hero_name of hero",
    ]);
    await assert.rejects(
      from.with((environment) => environment.diff({ to: to.url, sql: true })),
      { code: "MIGRATE.DIFF_DIALECTS" },
    );
  });

  test(`${places} without a history, as far as both know`, async (t) => {
    const from = await Project.make((work) => t.after(work), one);
    const to = await Project.make((work) => t.after(work), two);
    const stranger = await Project.make((work) => t.after(work), one);
    for (const project of [from, to]) {
      await history(project);
      await project.with((environment) => environment.upgrade("a1"));
    }
    const ends = { from: from.url, to: to.url };
    const same = await stranger.with((environment) => environment.diff(ends));
    assert.deepEqual(said(same), []);
    await to.with((environment) => environment.upgrade());
    const differs = await stranger.with((environment) => environment.diff(ends));
    assert.deepEqual(differs.differences.map((each) => each.kind.replace("Unique", "Index")).sort(), [
      "addCheck",
      "addColumn",
      "alterColumn",
      "dropIndex",
    ]);
  });
}
