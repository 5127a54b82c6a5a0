import type { FileSet } from "./write-files.ts";

const heroFile = `import { randomUUID } from "node:crypto";
import { field, Model, one } from "athanor";
import { z } from "zod";
import { Team } from "./team.ts"; // team.ts imports this file too: what names another model is an arrow, so it works

export class Hero extends Model("hero", {
  id: field(z.uuid(), { primaryKey: true, defaultFactory: randomUUID }),
  name: field(z.string().max(80), { index: true }),
  secretName: field(z.string()),
  age: field(z.int().min(0).nullable(), { index: true }),
  teamId: () => field(z.uuid().nullable(), { foreignKey: Team.c.id, onDelete: "set null" }),
  team: () => one(Team, { backPopulates: "heroes" }),
}) {}
`;

const teamFile = `import { randomUUID } from "node:crypto";
import { field, Model, many } from "athanor";
import { z } from "zod";
import { Hero } from "./hero.ts";

export class Team extends Model("team", {
  id: field(z.uuid(), { primaryKey: true, defaultFactory: randomUUID }),
  name: field(z.string().max(80), { unique: true }),
  headquarters: field(z.string()),
  heroes: () => many(Hero, { backPopulates: "team" }),
}) {}
`;

const mainFile = `import { createEngine, Session, select } from "athanor";
import { Config } from "athanor/config";
import { Hero } from "./models/hero.ts";
import { Team } from "./models/team.ts";

const config = await Config.load();
const engine = createEngine(config.databaseUrl, config.engineOptions);

await Session.run(engine, async (session) => {
  const name = \`Preventers \${Date.now()}\`;
  const team = new Team({ name, headquarters: "Sharp Tower" });
  session.add(new Hero({ name: "Rusty-Man", secretName: "Tommy Sharp", age: 48, team }));
  session.add(new Hero({ name: "Spider-Boy", secretName: "Pedro Parqueador", age: 16, team }));
  await session.commit();

  const heroes = await session
    .exec(select(Hero).where(Hero.c.age.gt(30)).with("team").orderBy(Hero.c.name))
    .all();
  for (const hero of heroes) console.log(\`\${hero.name}, \${hero.age}, of \${hero.team?.name}\`);
});

await engine.dispose();
`;

const testFile = `import assert from "node:assert/strict";
import { test } from "node:test";
import { createAll, createEngine, Session, select, ValidationError } from "athanor";
import { Hero } from "../models/hero.ts";
import { Team } from "../models/team.ts";

test("a hero is checked when it is made", () => {
  assert.throws(() => new Hero({ name: "Rusty-Man", secretName: "Tommy Sharp", age: -1 }), ValidationError);
});

test("heroes and their team are kept and found", async () => {
  const engine = createEngine(process.env.TEST_DATABASE_URL ?? "sqlite://");
  try {
    await createAll(engine, [Hero, Team]);
    await Session.run(engine, async (session) => {
      const team = new Team({ name: \`Preventers \${Date.now()}\`, headquarters: "Sharp Tower" });
      session.add(new Hero({ name: "Rusty-Man", secretName: "Tommy Sharp", age: 48, team }));
      await session.flush();
      const found = await session.exec(select(Hero).where(Hero.c.teamId.eq(team.id)).with("team")).one();
      assert.equal(found.team?.name, team.name);
      await session.rollback();
    });
  } finally {
    await engine.dispose();
  }
});
`;

/** A program with two models that import each other. */
export const heroes: FileSet = {
  "models/hero.ts": heroFile,
  "models/team.ts": teamFile,
  "main.ts": mainFile,
  "test/heroes.test.ts": testFile,
};
