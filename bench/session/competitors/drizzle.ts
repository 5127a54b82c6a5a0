/** Drizzle as its documentation shows it. */
import Sqlite from "better-sqlite3";
import { drizzle as onSqlite } from "drizzle-orm/better-sqlite3";
import { drizzle as onPostgresql } from "drizzle-orm/node-postgres";
import { eq, lte } from "drizzle-orm/sql";
import pg from "pg";
import { type Competitor, keys, newHeroes, size, weight } from "../workload.ts";
import { pgSchema, rowsAtOnce, sqliteSchema } from "./drizzle-schema.ts";

export async function open(url: string, database: "sqlite" | "postgresql"): Promise<Competitor> {
  return database === "sqlite" ? openSqlite(url) : openPostgresql(url);
}

function openSqlite(url: string): Competitor {
  const client = new Sqlite(url.slice("sqlite:///".length));
  client.pragma("foreign_keys = ON");
  const { hero } = sqliteSchema;
  const db = onSqlite({ client, schema: sqliteSchema });
  return {
    async insert() {
      return db.transaction((tx) => {
        let count = 0;
        for (let start = 0; start < newHeroes.length; start += rowsAtOnce) {
          const part = newHeroes.slice(start, start + rowsAtOnce);
          for (const { id } of tx.insert(hero).values(part).returning({ id: hero.id }).all()) {
            if (id > 0) count += 1;
          }
        }
        return count;
      });
    },
    async get() {
      let sum = 0;
      for (const key of keys) sum += (await db.select().from(hero).where(eq(hero.id, key)))[0]?.age ?? 0;
      return sum;
    },
    async select() {
      const heroes = await db.select().from(hero).where(lte(hero.id, size.select));
      return heroes.reduce((sum, each) => sum + weight(each), 0);
    },
    async parents() {
      const teams = await db.query.team.findMany({ with: { heroes: true } });
      let sum = 0;
      for (const { heroes } of teams) for (const { age } of heroes) sum += age;
      return sum;
    },
    async loadForUpdate() {
      const heroes = await db.select().from(hero).where(lte(hero.id, size.update));
      return async () =>
        db.transaction((tx) => {
          for (const each of heroes) {
            each.age += 1;
            tx.update(hero).set({ age: each.age }).where(eq(hero.id, each.id)).run();
          }
        });
    },
    async close() {
      client.close();
    },
  };
}

function openPostgresql(url: string): Competitor {
  const client = new pg.Pool({ connectionString: url, max: 1 });
  const { hero } = pgSchema;
  const db = onPostgresql({ client, schema: pgSchema });
  return {
    insert: () =>
      db.transaction(async (tx) => {
        let count = 0;
        for (let start = 0; start < newHeroes.length; start += rowsAtOnce) {
          const part = newHeroes.slice(start, start + rowsAtOnce);
          for (const { id } of await tx.insert(hero).values(part).returning({ id: hero.id })) {
            if (id > 0) count += 1;
          }
        }
        return count;
      }),
    async get() {
      let sum = 0;
      for (const key of keys) sum += (await db.select().from(hero).where(eq(hero.id, key)))[0]?.age ?? 0;
      return sum;
    },
    async select() {
      const heroes = await db.select().from(hero).where(lte(hero.id, size.select));
      return heroes.reduce((sum, each) => sum + weight(each), 0);
    },
    async parents() {
      const teams = await db.query.team.findMany({ with: { heroes: true } });
      let sum = 0;
      for (const { heroes } of teams) for (const { age } of heroes) sum += age;
      return sum;
    },
    async loadForUpdate() {
      const heroes = await db.select().from(hero).where(lte(hero.id, size.update));
      return () =>
        db.transaction(async (tx) => {
          for (const each of heroes) {
            each.age += 1;
            await tx.update(hero).set({ age: each.age }).where(eq(hero.id, each.id));
          }
        });
    },
    close: () => client.end(),
  };
}
