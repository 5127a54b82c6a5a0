/**
 * `npm test`: builds, finds or starts the servers the tests need, runs the tests, stops what it started.
 *
 *     node scripts/test.ts                     everything but the packed tarball
 *     node scripts/test.ts src/diff            the tests under a folder, or single files
 *     node scripts/test.ts --no-build …        against the `dist` that stands
 *     node scripts/test.ts --coverage …        with how much of `covered` they ran
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { run } from "node:test";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import {
  dialects,
  lawDialects,
  loadDialect,
  type TemporaryDatabase,
  temporaryDatabase,
} from "../test/dialects.ts";
import { provideServer, type RunningServer } from "../test/servers.ts";
import report from "./reporter.ts";

const root = join(import.meta.dirname, "..");
const everything = ["src/**/*.test.ts", "test/**/*.test.ts"];
/** What takes longest begins first, so that it does not run alone at the end. */
const longest = [
  "test/laws/differ-pglite.test.ts",
  "test/laws/differ-postgresql.test.ts",
  "test/laws/plan.test.ts",
  "test/laws/differ-mariadb.test.ts",
  "test/laws",
  "test/migrate/kill.test.ts",
  "test/migrate/corpus.test.ts",
  "test/migrate/concurrency.test.ts",
  "test/migrate/files-law.test.ts",
  "test/types",
  "test/docs",
];
/** So many files at a time: more than processors, since servers wait for their disks. */
const sideBySide = 3;

/** The tarball is packed, installed and type-checked by a run of its own: `npm run test:package`. */
const apart = join("test", "package");

/** What coverage is measured of: what an application runs. */
const covered = ["src/session/**", "src/model/**", "src/query/**", "src/sql/**", "src/kysely/**"];

const { values, positionals } = parseArgs({
  options: {
    "no-build": { type: "boolean", default: false },
    coverage: { type: "boolean", default: false },
  },
  allowPositionals: true,
});

const servers: RunningServer[] = [];
const templates: TemporaryDatabase[] = [];
let compiled: string | null = null;
const cleanUp = async (): Promise<void> => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await Promise.all(templates.splice(0).map((template) => template.remove()));
  if (compiled !== null) rmSync(compiled, { recursive: true, force: true });
};
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void cleanUp().finally(() => process.exit(130)));
}

try {
  process.exitCode = await main();
} finally {
  await cleanUp();
}

async function main(): Promise<number> {
  const files = testFiles(positionals);
  if (files.length === 0) {
    console.error("No test files match.");
    return 2;
  }
  if (!values["no-build"]) {
    const built = await node(["scripts/build.ts", "--if-needed"], process.env);
    if (built !== 0) return built;
  }
  const environment = { ...compiledOnce(), ...(await prepareServers()), ...(await prepareTemplates()) };
  Object.assign(process.env, environment);
  const passed = await runFiles(files);
  const missing = environment["ATHANOR_TEST_UNAVAILABLE"] !== undefined;
  return passed && !(missing && process.env["CI"] === "true") ? 0 : 1;
}

/** Runs the files in this order, each in a process of its own; whether all tests passed. (`node --test` sorts files.) */
async function runFiles(files: readonly string[]): Promise<boolean> {
  const events = run({
    cwd: root,
    files: files.map((file) => join(root, file)),
    concurrency: sideBySide,
    execArgv: [
      `--import=${pathToFileURL(join(root, "test/seed.ts")).href}`,
      "--disable-warning=ExperimentalWarning",
    ],
    coverage: values.coverage,
    coverageIncludeGlobs: covered,
    coverageExcludeGlobs: ["**/*.test.ts"],
  });
  let passed = true;
  events.on("test:fail", ({ todo }) => {
    if (todo === undefined) passed = false;
  });
  for await (const text of report(events)) process.stdout.write(text);
  return passed;
}

/** The test files that `asked` (files, folders, globs) stands for; everything but the tarball's without it. */
function testFiles(asked: readonly string[]): readonly string[] {
  const patterns = asked.length === 0 ? everything : asked.map(asPattern);
  const found = patterns.flatMap((pattern) => globSync(pattern, { cwd: root }));
  const wanted = asked.length === 0 ? found.filter((file) => !file.startsWith(apart)) : found;
  return [...new Set(wanted)].sort((a, b) => turn(a) - turn(b) || (a < b ? -1 : 1));
}

function turn(file: string): number {
  const at = longest.findIndex((each) => file.startsWith(join(each)));
  return at < 0 ? longest.length : at;
}

function asPattern(path: string): string {
  const here = relative(root, resolve(path));
  const isFolder = statSync(resolve(path), { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? join(here, "**/*.test.ts") : here;
}

/** Where Node keeps what it has compiled, for every process of the run: not with coverage, which that makes coarse. */
function compiledOnce(): Record<string, string> {
  if (values.coverage || process.env["NODE_COMPILE_CACHE"] !== undefined) return {};
  compiled = mkdtempSync(join(tmpdir(), "athanor-compiled-"));
  return { NODE_COMPILE_CACHE: compiled };
}

/** The variables that tell the tests where their servers are, and which databases go untested. */
async function prepareServers(): Promise<Record<string, string>> {
  // One seed for all, so that the laws try the same cases on every database; in CI always the same one, so that what
  // fails there fails again.
  const random = process.env["CI"] === "true" ? 20261121 : Date.now() % 2 ** 31;
  const seed = process.env["LAW_SEED"] ?? String(random);
  const environment: Record<string, string> = { LAW_SEED: seed };
  const unavailable: string[] = [];
  for (const { name, server, urlVariable } of dialects) {
    if (server === null || urlVariable === null) continue;
    try {
      const running = await provideServer(server, { url: process.env[urlVariable] });
      servers.push(running);
      environment[urlVariable] = running.url;
      console.log(`${name}: ${running.origin}`);
    } catch (error) {
      unavailable.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (unavailable.length > 0) environment["ATHANOR_TEST_UNAVAILABLE"] = unavailable.join("\n");
  return environment;
}

/** An empty database of each kind that takes long to make, for the tests to copy. */
async function prepareTemplates(): Promise<Record<string, string>> {
  const environment: Record<string, string> = {};
  for (const dialect of lawDialects) {
    if (dialect.templateVariable === null) continue;
    const template = await temporaryDatabase(dialect);
    templates.push(template);
    const source = await (await loadDialect(dialect)).open(template.url);
    await source.close();
    environment[dialect.templateVariable] = template.path ?? "";
  }
  return environment;
}

async function node(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
  const [status] = (await once(child, "exit")) as [number | null];
  return status ?? 1;
}
