/** The driver alone: statements prepared once, values turned by hand. */
import { DatabaseSync } from "node:sqlite";
import { type Competitor, type HeroInput, keys, newHeroes, size, weight } from "../workload.ts";
import { construct } from "./zod.ts";

interface HeroRow {
  id: number;
  age: number;
  active: boolean;
  createdAt: Date;
  team_id: number;
}

export async function open(url: string): Promise<Competitor> {
  const database = new DatabaseSync(url.slice("sqlite:///".length));
  database.exec("PRAGMA foreign_keys = ON");
  const insert = database.prepare(
    "INSERT INTO hero (name, email, age, score, active, created_at, note, team_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const columns = "id, name, email, age, score, active, created_at AS createdAt, note, team_id";
  const byKey = database.prepare(`SELECT ${columns} FROM hero WHERE id = ?`);
  const all = database.prepare(`SELECT ${columns} FROM hero WHERE id <= ?`);
  const teams = database.prepare("SELECT id, name FROM team");
  const ofTeams = database.prepare(`SELECT ${columns} FROM hero WHERE team_id <= ?`);
  const update = database.prepare("UPDATE hero SET age = ? WHERE id = ?");
  const hero = (row: unknown): HeroRow => {
    const own = row as Record<string, unknown>;
    own["active"] = own["active"] === 1;
    own["createdAt"] = new Date(`${(own["createdAt"] as string).replace(" ", "T")}Z`);
    return own as unknown as HeroRow;
  };
  return {
    construct,
    async insert() {
      database.exec("BEGIN IMMEDIATE");
      let count = 0;
      for (const input of newHeroes) {
        const { lastInsertRowid } = insert.run(...values(input));
        if (Number(lastInsertRowid) > 0) count += 1;
      }
      database.exec("COMMIT");
      return count;
    },
    async get() {
      let sum = 0;
      for (const key of keys) sum += hero(byKey.get(key)).age;
      return sum;
    },
    async select() {
      const heroes = all.all(size.select).map(hero);
      return heroes.reduce((sum, each) => sum + weight(each), 0);
    },
    async parents() {
      const byId = new Map(
        teams.all().map((row) => [row["id"] as number, { ...row, heroes: [] as HeroRow[] }]),
      );
      for (const row of ofTeams.all(size.parents)) {
        const own = hero(row);
        byId.get(own.team_id)?.heroes.push(own);
      }
      let sum = 0;
      for (const team of byId.values()) for (const { age } of team.heroes) sum += age;
      return sum;
    },
    async loadForUpdate() {
      const heroes = all.all(size.update).map(hero);
      return async () => {
        database.exec("BEGIN IMMEDIATE");
        for (const each of heroes) {
          each.age += 1;
          update.run(each.age, each.id);
        }
        database.exec("COMMIT");
      };
    },
    async close() {
      database.close();
    },
  };
}

function values(input: HeroInput): (string | number | null)[] {
  const iso = input.createdAt.toISOString();
  return [
    input.name,
    input.email,
    input.age,
    input.score,
    input.active ? 1 : 0,
    `${iso.slice(0, 10)} ${iso.slice(11, 23)}`,
    input.note,
    input.teamId,
  ];
}
