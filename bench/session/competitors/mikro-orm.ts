/** MikroORM: a unit of work as well. */
import { type EntityManager, EntitySchema, type MikroORM } from "@mikro-orm/core";
import { type Competitor, keys, newHeroes, size, weight } from "../workload.ts";

class Team {
  id!: number;
  name!: string;
  heroes!: Iterable<Hero>;
}

class Hero {
  id!: number;
  name!: string;
  email!: string;
  age!: number;
  score!: number;
  active!: boolean;
  createdAt!: Date;
  note!: string | null;
  team!: Team | null;
}

const schemas = [
  new EntitySchema<Team>({
    class: Team,
    tableName: "team",
    properties: {
      id: { type: "integer", primary: true },
      name: { type: "string", length: 80 },
      heroes: { kind: "1:m", entity: () => Hero, mappedBy: "team" },
    } as never,
  }),
  new EntitySchema<Hero>({
    class: Hero,
    tableName: "hero",
    properties: {
      id: { type: "integer", primary: true },
      name: { type: "string", length: 80 },
      email: { type: "string", length: 200 },
      age: { type: "integer" },
      score: { type: "double" },
      active: { type: "boolean" },
      createdAt: { type: "datetime", fieldName: "created_at", length: 3 },
      note: { type: "text", nullable: true },
      team: { kind: "m:1", entity: () => Team, fieldName: "team_id", nullable: true },
    } as never,
  }),
];

export async function open(url: string, database: "sqlite" | "postgresql"): Promise<Competitor> {
  const orm = await connect(url, database);
  const fork = (): EntityManager => orm.em.fork();
  return {
    async insert() {
      const em = fork();
      const heroes = newHeroes.map(({ teamId: _, ...input }) =>
        em.create(Hero, { ...input, team: null } as never),
      );
      em.persist(heroes);
      await em.flush();
      return heroes.reduce((count, { id }) => (id > 0 ? count + 1 : count), 0);
    },
    async get() {
      const em = fork();
      let sum = 0;
      for (const key of keys) sum += (await em.findOne(Hero, key as never))?.age ?? 0;
      return sum;
    },
    async select() {
      const heroes = await fork().find(Hero, { id: { $lte: size.select } });
      return heroes.reduce((sum, each) => sum + weight(each), 0);
    },
    async parents() {
      const teams = await fork().find(Team, {}, { populate: ["heroes"] as never });
      let sum = 0;
      for (const { heroes } of teams) for (const { age } of heroes) sum += age;
      return sum;
    },
    async loadForUpdate() {
      const em = fork();
      const heroes = await em.find(Hero, { id: { $lte: size.update } });
      return async () => {
        for (const each of heroes) each.age += 1;
        await em.flush();
      };
    },
    close: () => orm.close(),
  };
}

async function connect(url: string, database: "sqlite" | "postgresql"): Promise<MikroORM> {
  const options = { entities: schemas, debug: false, ensureDatabase: false };
  if (database === "sqlite") {
    const { MikroORM } = await import("@mikro-orm/sqlite");
    return (await MikroORM.init({ ...options, dbName: url.slice("sqlite:///".length) })) as never;
  }
  const { MikroORM } = await import("@mikro-orm/postgresql");
  return (await MikroORM.init({ ...options, clientUrl: url, pool: { min: 1, max: 1 } })) as never;
}
