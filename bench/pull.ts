/**
 * What the commands over a whole database take: wall time, processor time and memory of `pull`, `inspect`, `diff`,
 * `makemigrations`, `migrate` and `check`, each a process of its own, for a database with many tables, on every
 * database that `ATHANOR_TEST_POSTGRES_URL` and `ATHANOR_TEST_MARIADB_URL` reach. Twice the tables should take about
 * twice of each, but for statements that make or drop something on SQLite: it reads its whole catalog for each of them.
 *
 * `node scripts/build.ts && node bench/pull.ts [tables] [database]`
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dialects, loadServerDialect, type TestDialect, temporaryDatabase } from "../test/dialects.ts";

const tables = Number(process.argv[2] ?? 500);
const repository = join(import.meta.dirname, "..");

/** What a process says of itself at its end: what children took is known only all together. */
const lastWords = `process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write("\\ntook " + (userCPUTime + systemCPUTime) + " " + maxRSS + "\\n");
});`;

/** What the triggers of PostgreSQL call. */
const routine = `CREATE FUNCTION five() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.e := 5; RETURN NEW; END'`;

console.log("database      command                   wall s   cpu s  memory MB");
for (const row of dialects.filter(({ name }) => process.argv[3] === undefined || process.argv[3] === name)) {
  if (row.name === "pglite" || (row.urlVariable !== null && !process.env[row.urlVariable])) continue;
  const root = project();
  try {
    const [full, empty] = [await place(row, root, "full"), await place(row, root, "empty")];
    await make(row, full.url);
    for (const command of ["inspect --json", "pull --json", "pull --json", "diff --json"])
      measure(row, root, full.url, command);
    for (const command of ["makemigrations baseline", "migrate", "check", "pull --json"])
      measure(row, root, empty.url, command);
    await full.remove();
    await empty.remove();
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** A folder with this Athanor and Zod installed. */
function project(): string {
  const root = mkdtempSync(join(tmpdir(), "athanor-bench-"));
  mkdirSync(join(root, "node_modules"));
  symlinkSync(repository, join(root, "node_modules/athanor"));
  symlinkSync(join(repository, "node_modules/zod"), join(root, "node_modules/zod"));
  writeFileSync(join(root, "package.json"), '{ "name": "bench", "type": "module" }');
  writeFileSync(join(root, "athanor.toml"), '[discovery]\nMODEL_DISCOVERY_PATHS = ["models"]\n');
  return root;
}

async function place(
  row: TestDialect,
  root: string,
  name: string,
): Promise<{ readonly url: string; remove(): Promise<void> }> {
  if (row.server !== null) return temporaryDatabase(row);
  return { url: `${row.name}:///${join(root, `${name}.db`)}`, remove: async () => undefined };
}

/** Tables of nine columns with two indexes, a check, a unique constraint, a reference, a view and a trigger. */
async function make(row: TestDialect, url: string): Promise<void> {
  const source = await (await loadServerDialect(row)).open(url);
  const connection = await source.acquire();
  try {
    if (row.name === "postgresql") await connection.query(routine);
    for (let at = 0; at < tables; at++)
      for (const sql of [...statements(at), trigger(row.name, at)]) await connection.query(sql);
  } finally {
    await connection.release();
    await source.close();
  }
}

function statements(at: number): readonly string[] {
  const name = `table_${at}`;
  return [
    `CREATE TABLE ${name} (id INTEGER NOT NULL PRIMARY KEY, before_id INTEGER, a VARCHAR(80) NOT NULL DEFAULT 'x',
      b VARCHAR(80), c VARCHAR(80), d INTEGER, e INTEGER DEFAULT 5, g TIMESTAMP NULL, h NUMERIC(10, 2),
      CONSTRAINT fk_${at} FOREIGN KEY (before_id) REFERENCES table_${Math.max(0, at - 1)} (id),
      CONSTRAINT uq_${at} UNIQUE (a, d), CONSTRAINT ck_${at} CHECK (e > 0 OR d > 0))`,
    `CREATE INDEX ix_${at}_before ON ${name} (before_id, g)`,
    `CREATE INDEX ix_${at}_b ON ${name} (b, c)`,
    `CREATE VIEW view_${at} AS SELECT id, a FROM ${name} WHERE e > 0`,
  ];
}

function trigger(database: string, at: number): string {
  const head = `CREATE TRIGGER trigger_${at} BEFORE INSERT ON table_${at} FOR EACH ROW`;
  if (database === "postgresql") return `${head} EXECUTE FUNCTION five()`;
  if (database === "sqlite") return `${head} BEGIN UPDATE table_${at} SET e = 5 WHERE id = NEW.id; END`;
  return `${head} SET NEW.e = 5`;
}

function measure(row: TestDialect, root: string, url: string, command: string): void {
  const program = join(root, "athanor.mjs");
  const bin = pathToFileURL(join(repository, "dist/cli/bin.js")).href;
  writeFileSync(program, `${lastWords}\nawait import(${JSON.stringify(bin)});\n`);
  const started = performance.now();
  const done = spawnSync(process.execPath, [program, ...command.split(" ")], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: url, NO_COLOR: "1" },
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  const wall = (performance.now() - started) / 1000;
  const [, cpu, peak] = /took (\d+) (\d+)\s*$/.exec(done.stderr) ?? [];
  if (done.status !== 0 || cpu === undefined)
    throw new Error(`${row.name}: ${command}\n${done.stdout.slice(-2000)}\n${done.stderr}`);
  const figures = [
    row.name.padEnd(12),
    command.padEnd(24),
    wall.toFixed(1).padStart(6),
    (Number(cpu) / 1e6).toFixed(1).padStart(6),
    (Number(peak) / 1024).toFixed(0).padStart(9),
  ];
  console.log(figures.join("  "));
}
