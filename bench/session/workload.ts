/** What every competitor does, and what the results are checked with. */

/** How much of everything. */
export const size = {
  construct: 10_000,
  insert: 10_000,
  get: 10_000,
  select: 10_000,
  parents: 1_000,
  children: 10,
  update: 1_000,
};

/** A hero as the program has it, before it has a row. */
export interface HeroInput {
  readonly name: string;
  readonly email: string;
  readonly age: number;
  readonly score: number;
  readonly active: boolean;
  readonly createdAt: Date;
  readonly note: string | null;
  readonly teamId: number | null;
}

/** The n-th hero, counted from 1; those that are read belong to a team each. */
export function heroInput(n: number, teamId: number | null): HeroInput {
  return {
    name: `Hero number ${n}`,
    email: `hero${n}@example.org`,
    age: 18 + (n % 60),
    score: n / 8,
    active: n % 3 === 0,
    createdAt: new Date(1_700_000_000_000 + n * 61_001),
    note: n % 2 === 0 ? null : `what is to be said of hero ${n}`,
    teamId,
  };
}

/** The heroes of one unit of work. */
export const newHeroes: readonly HeroInput[] = Array.from({ length: size.insert }, (_, i) =>
  heroInput(i + 1, null),
);

/** The rows that are there before anything is measured. */
export const storedHeroes: readonly HeroInput[] = Array.from({ length: size.select }, (_, i) =>
  heroInput(i + 1, 1 + (i % size.parents)),
);

/** Keys in an order that jumps about. */
export const keys: readonly number[] = Array.from(
  { length: size.get },
  (_, i) => 1 + ((i * 7919) % size.select),
);

/** The names of the measurements, in the order in which they are shown. */
export const workloads = ["construct", "insert", "get", "select", "parents", "update"] as const;
export type Workload = (typeof workloads)[number];

/** What a workload took, in milliseconds. */
export interface Time {
  readonly wall: number;
  readonly cpu: number;
}

/** What a competitor does; each answers a sum that shows it was done. Only the call itself is timed. */
export interface Competitor {
  /** 10,000 new objects, validated and not written; the sum of the ages. Absent where nothing validates. */
  construct?(): Promise<number>;
  /** 10,000 new objects in one unit of work; the sum of the keys' count. */
  insert(): Promise<number>;
  /** 10,000 reads by key; the sum of the ages. */
  get(): Promise<number>;
  /** 10,000 rows as objects; the sum of the ages, the true flags and the milliseconds modulo 1000. */
  select(): Promise<number>;
  /** 1,000 parents with 10 children each; the sum of the children's ages. */
  parents(): Promise<number>;
  /** Loads 1,000 objects; answers what changes them and commits. */
  loadForUpdate(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** What a hero adds to the sum of `select`. */
export function weight(hero: {
  readonly age: number;
  readonly active: boolean;
  readonly createdAt: Date;
}): number {
  return hero.age + (hero.active ? 1 : 0) + (hero.createdAt.getTime() % 1000);
}

/** The sums that are right. */
export const expected: Readonly<Record<Exclude<Workload, "update">, number>> = {
  construct: newHeroes.reduce((sum, hero) => sum + hero.age, 0),
  insert: size.insert,
  get: keys.reduce((sum, key) => sum + (storedHeroes[key - 1] as HeroInput).age, 0),
  select: storedHeroes.reduce((sum, hero) => sum + weight(hero), 0),
  parents: storedHeroes.reduce((sum, hero) => sum + hero.age, 0),
};

/** Tables for both databases; `timestamp` is what the competitor keeps a time as. */
export function tables(database: "sqlite" | "postgresql", timestamp: string): string[] {
  const key = database === "sqlite" ? "INTEGER PRIMARY KEY" : "serial PRIMARY KEY";
  const double = database === "sqlite" ? "REAL" : "double precision";
  return [
    `CREATE TABLE team (id ${key}, name VARCHAR(80) NOT NULL)`,
    `CREATE TABLE hero (id ${key}, name VARCHAR(80) NOT NULL, email VARCHAR(200) NOT NULL, age INTEGER NOT NULL,
     score ${double} NOT NULL, active BOOLEAN NOT NULL, created_at ${timestamp} NOT NULL, note TEXT,
     team_id INTEGER REFERENCES team (id))`,
    "CREATE INDEX hero_team ON hero (team_id)",
  ];
}
