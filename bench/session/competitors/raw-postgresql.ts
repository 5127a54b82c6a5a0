/** The driver alone: named statements, many rows with each VALUES. */
import pg from "pg";
import { type Competitor, keys, newHeroes, size, weight } from "../workload.ts";
import { construct } from "./zod.ts";

interface HeroRow {
  id: number;
  age: number;
  active: boolean;
  createdAt: Date;
  team_id: number;
}

const rowsAtOnce = 1000;

export async function open(url: string): Promise<Competitor> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const columns = 'id, name, email, age, score, active, created_at AS "createdAt", note, team_id';
  const named = async <T>(name: string, text: string, values: unknown[] = []): Promise<T[]> => {
    return (await client.query({ name, text, values })).rows as T[];
  };
  const places = Array.from(
    { length: rowsAtOnce },
    (_, row) => `(${Array.from({ length: 8 }, (_, at) => `$${row * 8 + at + 1}`).join(", ")})`,
  );
  const insert = `INSERT INTO hero (name, email, age, score, active, created_at, note, team_id) VALUES ${places.join(", ")} RETURNING id`;
  return {
    construct,
    async insert() {
      await client.query("BEGIN");
      let count = 0;
      for (let start = 0; start < newHeroes.length; start += rowsAtOnce) {
        const values = newHeroes
          .slice(start, start + rowsAtOnce)
          .flatMap((h) => [h.name, h.email, h.age, h.score, h.active, h.createdAt, h.note, h.teamId]);
        const rows = await named<{ id: number }>("insert", insert, values);
        for (const { id } of rows) if (id > 0) count += 1;
      }
      await client.query("COMMIT");
      return count;
    },
    async get() {
      let sum = 0;
      for (const key of keys) {
        const [row] = await named<HeroRow>("get", `SELECT ${columns} FROM hero WHERE id = $1`, [key]);
        sum += (row as HeroRow).age;
      }
      return sum;
    },
    async select() {
      const rows = await named<HeroRow>("select", `SELECT ${columns} FROM hero WHERE id <= $1`, [
        size.select,
      ]);
      return rows.reduce((sum, each) => sum + weight(each), 0);
    },
    async parents() {
      const teams = await named<{ id: number; name: string }>("teams", "SELECT id, name FROM team");
      const byId = new Map(teams.map((team) => [team.id, { ...team, heroes: [] as HeroRow[] }]));
      const rows = await named<HeroRow>("children", `SELECT ${columns} FROM hero WHERE team_id <= $1`, [
        size.parents,
      ]);
      for (const row of rows) byId.get(row.team_id)?.heroes.push(row);
      let sum = 0;
      for (const team of byId.values()) for (const { age } of team.heroes) sum += age;
      return sum;
    },
    async loadForUpdate() {
      const heroes = await named<HeroRow>("select", `SELECT ${columns} FROM hero WHERE id <= $1`, [
        size.update,
      ]);
      return async () => {
        await client.query("BEGIN");
        for (const each of heroes) {
          each.age += 1;
          await named("update", "UPDATE hero SET age = $1 WHERE id = $2", [each.age, each.id]);
        }
        await client.query("COMMIT");
      };
    },
    async close() {
      await client.end();
    },
  };
}
