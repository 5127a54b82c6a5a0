/** Drizzle with every statement prepared beforehand, on the one connection there is. */
import Sqlite from "better-sqlite3";
import { drizzle as onSqlite } from "drizzle-orm/better-sqlite3";
import { drizzle as onPostgresql } from "drizzle-orm/node-postgres";
import { eq, lte, type Placeholder, sql } from "drizzle-orm/sql";
import pg from "pg";
import { type Competitor, type HeroInput, keys, newHeroes, size, weight } from "../workload.ts";
import { pgSchema, rowsAtOnce, sqliteSchema } from "./drizzle-schema.ts";

const properties = ["name", "email", "age", "score", "active", "createdAt", "note", "teamId"] as const;

/** Placeholders for so many rows, and the values for them. */
const places = Array.from({ length: rowsAtOnce }, (_, row) =>
  Object.fromEntries(properties.map((property) => [property, sql.placeholder(`${property}${row}`)])),
) as Record<(typeof properties)[number], Placeholder>[];
const valuesFor = (part: readonly HeroInput[]): Record<string, unknown> =>
  Object.fromEntries(
    part.flatMap((input, row) => properties.map((property) => [`${property}${row}`, input[property]])),
  );

export async function open(url: string, database: "sqlite" | "postgresql"): Promise<Competitor> {
  return database === "sqlite" ? openSqlite(url) : openPostgresql(url);
}

function openSqlite(url: string): Competitor {
  const client = new Sqlite(url.slice("sqlite:///".length));
  client.pragma("foreign_keys = ON");
  const { hero } = sqliteSchema;
  const db = onSqlite({ client, schema: sqliteSchema });
  const insert = db
    .insert(hero)
    .values(places as never)
    .returning({ id: hero.id })
    .prepare();
  const byKey = db
    .select()
    .from(hero)
    .where(eq(hero.id, sql.placeholder("id")))
    .prepare();
  const upTo = db
    .select()
    .from(hero)
    .where(lte(hero.id, sql.placeholder("id")))
    .prepare();
  const teams = db.query.team.findMany({ with: { heroes: true } }).prepare();
  const update = db
    .update(hero)
    .set({ age: sql`${sql.placeholder("age")}` })
    .where(eq(hero.id, sql.placeholder("id")))
    .prepare();
  return {
    async insert() {
      return db.transaction(() => {
        let count = 0;
        for (let start = 0; start < newHeroes.length; start += rowsAtOnce) {
          const rows = insert.all(valuesFor(newHeroes.slice(start, start + rowsAtOnce)));
          for (const { id } of rows) if (id > 0) count += 1;
        }
        return count;
      });
    },
    async get() {
      let sum = 0;
      for (const id of keys) sum += byKey.get({ id })?.age ?? 0;
      return sum;
    },
    async select() {
      return upTo.all({ id: size.select }).reduce((sum, each) => sum + weight(each), 0);
    },
    async parents() {
      let sum = 0;
      for (const { heroes } of await teams.execute()) for (const { age } of heroes) sum += age;
      return sum;
    },
    async loadForUpdate() {
      const heroes = upTo.all({ id: size.update });
      return async () =>
        db.transaction(() => {
          for (const each of heroes) {
            each.age += 1;
            update.run({ age: each.age, id: each.id });
          }
        });
    },
    async close() {
      client.close();
    },
  };
}

async function openPostgresql(url: string): Promise<Competitor> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { hero } = pgSchema;
  const db = onPostgresql({ client, schema: pgSchema });
  const insert = db
    .insert(hero)
    .values(places as never)
    .returning({ id: hero.id })
    .prepare("insert");
  const byKey = db
    .select()
    .from(hero)
    .where(eq(hero.id, sql.placeholder("id")))
    .prepare("get");
  const upTo = db
    .select()
    .from(hero)
    .where(lte(hero.id, sql.placeholder("id")))
    .prepare("select");
  const teams = db.query.team.findMany({ with: { heroes: true } }).prepare("teams");
  const update = db
    .update(hero)
    .set({ age: sql`${sql.placeholder("age")}` })
    .where(eq(hero.id, sql.placeholder("id")))
    .prepare("update");
  return {
    async insert() {
      await client.query("BEGIN");
      let count = 0;
      for (let start = 0; start < newHeroes.length; start += rowsAtOnce) {
        const rows = await insert.execute(valuesFor(newHeroes.slice(start, start + rowsAtOnce)));
        for (const { id } of rows) if (id > 0) count += 1;
      }
      await client.query("COMMIT");
      return count;
    },
    async get() {
      let sum = 0;
      for (const id of keys) sum += (await byKey.execute({ id }))[0]?.age ?? 0;
      return sum;
    },
    async select() {
      return (await upTo.execute({ id: size.select })).reduce((sum, each) => sum + weight(each), 0);
    },
    async parents() {
      let sum = 0;
      for (const { heroes } of await teams.execute()) for (const { age } of heroes) sum += age;
      return sum;
    },
    async loadForUpdate() {
      const heroes = await upTo.execute({ id: size.update });
      return async () => {
        await client.query("BEGIN");
        for (const each of heroes) {
          each.age += 1;
          await update.execute({ age: each.age, id: each.id });
        }
        await client.query("COMMIT");
      };
    },
    close: () => client.end(),
  };
}
