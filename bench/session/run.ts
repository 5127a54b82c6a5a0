/**
 * The Session beside the raw driver and its peers:
 *
 *     npm ci --prefix bench/session        # the peers, once
 *     node bench/session/run.ts [--rounds 11] [--on sqlite,postgresql] [--only raw,athanor] [--workloads get,select]
 *
 * One process for each competitor, all of them in turn in every round, so that what else the machine does falls on all
 * alike, one workload after the other; a dozen rounds to warm up; medians of the times, ratios to the raw driver, and peak
 * memory. A ratio is the median of the rounds' own: of the time that passed, and of the processor's, which says the same on
 * a machine that does other things beside; the one between them is that of the shortest times. A collection is forced
 * before each measurement, so that nobody pays for what came before. V8 throws away the code of functions that did not run
 * between six of them, and gives back the memory of a process that waits for its turn: neither happens in a program that
 * has something to do, so that it is told not to, for all alike.
 * `--profile athanor` writes a CPU profile of one of them into `profiles`. ATHANOR_BENCH_POSTGRES_URL is a database of
 * a server where databases may be made; default `postgresql://postgres@127.0.0.1:5432/postgres`.
 */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import pg from "pg";
import { restore } from "./restore.ts";
import { storedHeroes, type Time, tables, type Workload, workloads } from "./workload.ts";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "11" },
    on: { type: "string", default: "sqlite,postgresql" },
    only: { type: "string", default: "" },
    workloads: { type: "string", default: workloads.join(",") },
    profile: { type: "string", default: "" },
  },
});

const rounds = Number(options.rounds);

/** Rounds that are not counted: V8 has not compiled what takes a millisecond before it ran a dozen times. */
const warmUp = 12;

const wanted = options.workloads.split(",") as Workload[];
const server = process.env["ATHANOR_BENCH_POSTGRES_URL"] ?? "postgresql://postgres@127.0.0.1:5432/postgres";
const folder = mkdtempSync(join(tmpdir(), "athanor-bench-"));

type Database = "sqlite" | "postgresql";

/** Somebody who runs. */
interface Named {
  readonly name: string;
  readonly file: string;
  /** Times are numbers on SQLite. */
  readonly integer?: boolean;
  /** The driver of SQLite, by the scheme that names it; it runs on SQLite alone. */
  readonly scheme?: string;
}

const everyone: readonly Named[] = [
  { name: "raw", file: "raw" },
  { name: "athanor", file: "athanor" },
  { name: "athanor better-sqlite3", file: "athanor", scheme: "sqlite+better-sqlite3" },
  { name: "drizzle", file: "drizzle", integer: true },
  { name: "drizzle prepared", file: "drizzle-prepared", integer: true },
  { name: "kysely", file: "kysely" },
  { name: "mikro-orm", file: "mikro-orm", integer: true },
];

const competitors = everyone.filter(
  ({ name }) => options.only === "" || options.only.split(",").includes(name),
);

/** One competitor's process. */
class Runner {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #database: Database;
  readonly #url: string;
  readonly times = new Map<Workload, Time[]>();
  peak = 0;

  constructor({ name, file, scheme }: Named, database: Database, url: string) {
    this.name = name;
    this.#database = database;
    this.#url = url;
    const profile =
      options.profile === name ? ["--cpu-prof", "--cpu-prof-dir=profiles", "--cpu-prof-interval=200"] : [];
    const path = file === "raw" ? `raw-${database}` : file;
    const named = scheme === undefined ? url : url.replace(/^\w+:/, `${scheme}:`);
    this.#child = fork(join(import.meta.dirname, "worker.ts"), [path, database, named], {
      env: { ...process.env, NODE_ENV: "production" },
      execArgv: [
        "--expose-gc",
        "--no-flush-bytecode",
        "--no-memory-reducer",
        "--disable-warning=ExperimentalWarning",
        ...profile,
      ],
    });
  }

  #answer<T>(request: object): Promise<T> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error(`${this.name} ended`));
      this.#child.once("exit", ended);
      this.#child.once("message", (message: { error?: string } & T) => {
        this.#child.off("exit", ended);
        if (message.error === undefined) resolve(message);
        else reject(new Error(`${this.name}: ${message.error}`));
      });
      this.#child.send(request);
    });
  }

  async run(workload: Workload, isCounted: boolean): Promise<void> {
    const { time } = await this.#answer<{ time: Time | null }>({ workload });
    if (time === null) return;
    await restore(this.#database, this.#url, workload);
    if (!isCounted) return;
    const list = this.times.get(workload) ?? [];
    list.push(time);
    this.times.set(workload, list);
  }

  async end(): Promise<void> {
    this.peak = (await this.#answer<{ peak: number }>({ end: true })).peak;
    const exited = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.disconnect();
    await exited;
  }

  kill(): void {
    this.#child.kill();
  }
}

/** What is compared: the time of each round to the raw driver's of the same one, or the shortest to its shortest. */
const measures: Readonly<Record<string, (own: readonly Time[], base: readonly Time[]) => number>> = {
  wall: (own, base) => median(own.map(({ wall }, round) => wall / (base[round]?.wall ?? Number.NaN))),
  best: (own, base) => least(own) / least(base),
  cpu: (own, base) => median(own.map(({ cpu }, round) => cpu / (base[round]?.cpu ?? Number.NaN))),
};

try {
  for (const database of options.on.split(",") as Database[]) await measure(database);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(database: Database): Promise<void> {
  const runners: Runner[] = [];
  const drops: (() => Promise<void>)[] = [];
  try {
    for (const each of competitors) {
      if (database !== "sqlite" && each.scheme !== undefined) continue;
      const name = each.name.replaceAll(/\W/g, "_");
      const { url, drop } = await (database === "sqlite"
        ? makeSqlite(name, each.integer === true)
        : makePostgresql(name));
      drops.push(drop);
      runners.push(new Runner(each, database, url));
    }
    for (const workload of wanted) {
      for (let round = -warmUp; round < rounds; round += 1) {
        // Whoever comes first finds the caches as the last one left them.
        const from = Math.abs(round) % runners.length;
        for (const runner of [...runners.slice(from), ...runners.slice(0, from)]) {
          await runner.run(workload, round >= 0);
        }
      }
    }
    for (const runner of runners) await runner.end();
    print(database, runners);
  } finally {
    for (const runner of runners) runner.kill();
    for (const drop of drops) await drop();
  }
}

async function makeSqlite(
  name: string,
  integer: boolean,
): Promise<{ url: string; drop: () => Promise<void> }> {
  const path = join(folder, `${name}.db`);
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL");
  for (const sql of tables("sqlite", integer ? "INTEGER" : "TEXT")) database.exec(sql);
  database.exec("BEGIN");
  const team = database.prepare("INSERT INTO team (name) VALUES (?)");
  for (let n = 1; n <= 1000; n += 1) team.run(`Team ${n}`);
  const insert = database.prepare(
    "INSERT INTO hero (name, email, age, score, active, created_at, note, team_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  for (const h of storedHeroes) {
    const iso = h.createdAt.toISOString();
    const time = integer ? h.createdAt.getTime() : `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
    insert.run(h.name, h.email, h.age, h.score, h.active ? 1 : 0, time, h.note, h.teamId);
  }
  database.exec("COMMIT");
  database.close();
  return { url: `sqlite:///${path}`, drop: async () => undefined };
}

async function makePostgresql(name: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const database = `athanor_bench_${name}_${process.pid}`;
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await admin(`CREATE DATABASE ${database}`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  for (const sql of tables("postgresql", "timestamptz(3)")) await client.query(sql);
  await client.query("INSERT INTO team (name) SELECT 'Team ' || n FROM generate_series(1, 1000) n");
  await client.query(
    `INSERT INTO hero (name, email, age, score, active, created_at, note, team_id)
     SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::float8[], $5::bool[], $6::timestamptz[], $7::text[], $8::int[])`,
    (["name", "email", "age", "score", "active", "createdAt", "note", "teamId"] as const).map((key) =>
      storedHeroes.map((hero) => hero[key]),
    ),
  );
  await client.query("VACUUM ANALYZE");
  await client.end();
  return { url: url.href, drop: () => admin(`DROP DATABASE ${database} WITH (FORCE)`) };
}

function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function least(times: readonly Time[]): number {
  return Math.min(...times.map(({ wall }) => wall));
}

function cell(own: readonly Time[], base: readonly Time[]): string {
  if (own.length === 0) return "-";
  const time = median(own.map(({ wall }) => wall)).toFixed(1);
  if (base.length === 0) return time;
  return `${time} (${Object.values(measures)
    .map((ratio) => ratio(own, base).toFixed(2))
    .join(" ")})`;
}

function print(database: Database, runners: readonly Runner[]): void {
  const raw = runners.find(({ name }) => name === "raw");
  console.log(
    `\n${database}, node ${process.versions.node}, ${rounds} rounds, ms and ratios to the raw driver (${Object.keys(measures).join(" ")})`,
  );
  const head = ["", ...wanted, "peak MB"];
  const rows = runners.map((runner) => [
    runner.name,
    ...wanted.map((workload) => cell(runner.times.get(workload) ?? [], raw?.times.get(workload) ?? [])),
    runner.peak.toFixed(0),
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => (row[at] ?? "").length)));
  for (const row of [head, ...rows]) {
    console.log(
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join("  "),
    );
  }
}
