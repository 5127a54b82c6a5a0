/** Kysely as its documentation shows it; times are turned by hand where the database keeps text. */
import Sqlite from "better-sqlite3";
import { type Generated, Kysely, PostgresDialect, SqliteDialect } from "kysely";
import pg from "pg";
import { type Competitor, type HeroInput, keys, newHeroes, size, weight } from "../workload.ts";

interface HeroTable {
  id: Generated<number>;
  name: string;
  email: string;
  age: number;
  score: number;
  active: boolean | number;
  created_at: Date | string;
  note: string | null;
  team_id: number | null;
}

interface Tables {
  team: { id: Generated<number>; name: string };
  hero: HeroTable;
}

/** Rows of one INSERT: SQLite takes 32,766 parameters, PostgreSQL 65,535. */
const rowsAtOnce = 1000;

export async function open(url: string, database: "sqlite" | "postgresql"): Promise<Competitor> {
  const isText = database === "sqlite";
  const db = new Kysely<Tables>({ dialect: isText ? sqliteDialect(url) : postgresqlDialect(url) });
  const hero = <R extends { active: boolean | number; created_at: Date | string }>(row: R) => ({
    ...row,
    active: isText ? row.active === 1 : (row.active as boolean),
    createdAt: isText
      ? new Date(`${(row.created_at as string).replace(" ", "T")}Z`)
      : (row.created_at as Date),
  });
  const upTo = async (id: number) =>
    (await db.selectFrom("hero").selectAll().where("id", "<=", id).execute()).map(hero);
  return {
    insert: () =>
      db.transaction().execute(async (tx) => {
        let count = 0;
        for (let start = 0; start < newHeroes.length; start += rowsAtOnce) {
          const part = newHeroes.slice(start, start + rowsAtOnce).map((input) => row(input, isText));
          const rows = await tx.insertInto("hero").values(part).returning("id").execute();
          for (const { id } of rows) if (id > 0) count += 1;
        }
        return count;
      }),
    async get() {
      let sum = 0;
      for (const key of keys) {
        const found = await db.selectFrom("hero").selectAll().where("id", "=", key).executeTakeFirst();
        if (found !== undefined) sum += hero(found).age;
      }
      return sum;
    },
    async select() {
      return (await upTo(size.select)).reduce((sum, each) => sum + weight(each), 0);
    },
    async parents() {
      const teams = await db.selectFrom("team").selectAll().execute();
      const children = await db.selectFrom("hero").selectAll().where("team_id", "<=", size.parents).execute();
      const byTeam = Map.groupBy(children.map(hero), ({ team_id }) => team_id);
      const whole = teams.map((team) => ({ ...team, heroes: byTeam.get(team.id) ?? [] }));
      let sum = 0;
      for (const { heroes } of whole) for (const { age } of heroes) sum += age;
      return sum;
    },
    async loadForUpdate() {
      const heroes = await upTo(size.update);
      return () =>
        db.transaction().execute(async (tx) => {
          for (const each of heroes) {
            each.age += 1;
            await tx.updateTable("hero").set({ age: each.age }).where("id", "=", each.id).execute();
          }
        });
    },
    close: () => db.destroy(),
  };
}

function sqliteDialect(url: string): SqliteDialect {
  const database = new Sqlite(url.slice("sqlite:///".length));
  database.pragma("foreign_keys = ON");
  return new SqliteDialect({ database });
}

function postgresqlDialect(url: string): PostgresDialect {
  return new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 1 }) });
}

function row({ createdAt, teamId, active, ...rest }: HeroInput, isText: boolean) {
  const iso = createdAt.toISOString();
  return {
    ...rest,
    active: isText ? Number(active) : active,
    created_at: isText ? `${iso.slice(0, 10)} ${iso.slice(11, 23)}` : createdAt,
    team_id: teamId,
  };
}
