/** The Session: new objects validated, rows as tracked objects. */
import { z } from "zod";
import { createEngine, createRegistry, field, many, one, Session, select } from "../../../src/index.ts";
import { type Competitor, keys, newHeroes, size, weight } from "../workload.ts";

const { Model } = createRegistry("bench");

class Team extends Model("team", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(80)),
  heroes: () => many(Hero, { backPopulates: "team" }),
}) {}

class Hero extends Model("hero", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(80)),
  email: field(z.string().max(200)),
  age: field(z.int32().min(0)),
  score: field(z.number()),
  active: field(z.boolean()),
  createdAt: field(z.date()),
  note: field(z.string().nullable()),
  teamId: () => field(z.int32().nullable(), { foreignKey: Team.c.id, index: true }),
  team: () => one(Team, { backPopulates: "heroes" }),
}) {}

export async function open(url: string): Promise<Competitor> {
  const engine = createEngine(url);
  return {
    async construct() {
      const heroes = newHeroes.map((input) => new Hero(input));
      return heroes.reduce((sum, { age }) => sum + age, 0);
    },
    insert: () =>
      Session.run(engine, async (session) => {
        const heroes = newHeroes.map((input) => new Hero(input));
        session.addAll(heroes);
        await session.commit();
        return heroes.reduce((count, { id }) => ((id ?? 0) > 0 ? count + 1 : count), 0);
      }),
    get: () =>
      Session.run(engine, async (session) => {
        let sum = 0;
        for (const key of keys) sum += (await session.get(Hero, key))?.age ?? 0;
        return sum;
      }),
    select: () =>
      Session.run(engine, async (session) => {
        const heroes = await session.exec(select(Hero).where(Hero.c.id.le(size.select))).all();
        return heroes.reduce((sum, each) => sum + weight(each), 0);
      }),
    parents: () =>
      Session.run(engine, async (session) => {
        const teams = await session.exec(select(Team).with("heroes")).all();
        let sum = 0;
        for (const team of teams) for (const { age } of team.heroes) sum += age;
        return sum;
      }),
    async loadForUpdate() {
      const session = new Session(engine);
      const heroes = await session.exec(select(Hero).where(Hero.c.id.le(size.update))).all();
      await session.rollback();
      return async () => {
        for (const hero of heroes) hero.age += 1;
        await session.commit();
        await session.close();
      };
    },
    close: () => engine.dispose(),
  };
}
