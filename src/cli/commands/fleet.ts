import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { LoadedConfig } from "../../config/index.ts";
import { AthanorError } from "../../errors/index.ts";
import {
  type EnvironmentOptions,
  type FleetResult,
  type FleetTarget,
  migrateFleet,
  type RunOptions,
  targetOf,
  targetsOfQuery,
} from "../../migrate/index.ts";
import type { Output } from "../output.ts";

/** Flags of `migrate --targets`. */
export interface FleetFlags {
  readonly targets?: string;
  readonly concurrency?: number;
  readonly canary?: number;
  readonly maxFailures?: number;
  readonly onlyFailed?: boolean;
  readonly createSchemas?: boolean;
}

/** What a fleet is migrated with. */
export interface FleetCall {
  readonly config: LoadedConfig;
  readonly base: EnvironmentOptions;
  readonly source: string;
  readonly to: string;
  readonly run: RunOptions;
}

/** Migrates many databases, tells of each as it is over, and keeps what became of them for another try. */
export async function migrateTargets(call: FleetCall, flags: FleetFlags, output: Output): Promise<undefined> {
  const { config, base, source, to, run } = call;
  const journal = new Journal(join(config.root, config.values.discovery.DISCOVERY_CACHE_DIR, "fleet.jsonl"));
  const all = await readTargets(call);
  const done = flags.onlyFailed === true ? journal.done(source) : new Set<string>();
  const targets = all.filter(({ name }) => !done.has(name));
  journal.begin(source, done);
  const { concurrency, canary, maxFailures } = flags;
  const document = await migrateFleet(base, {
    targets,
    to,
    run,
    create: flags.createSchemas === true,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(canary === undefined ? {} : { canary }),
    ...(maxFailures === undefined ? {} : { maxFailures }),
    onResult: (result, at, count) => {
      journal.add(result);
      tell(result, at, count, output);
    },
  });
  output.progress.end();
  output.document(document);
  const { total, migrated, unchanged, failed, skipped, milliseconds } = document;
  output.line(
    `${total} ${total === 1 ? "target" : "targets"} in ${(milliseconds / 1000).toFixed(1)} s: ${migrated} migrated, ${unchanged} unchanged, ${failed} failed, ${skipped} not begun`,
  );
  if (!document.ok) throw new AthanorError("FLEET.FAILED", { failed, skipped, total });
  return undefined;
}

function tell(result: FleetResult, done: number, total: number, output: Output): void {
  const { name, state, revisions, milliseconds, error } = result;
  output.progress.update(`${done} of ${total}: ${name} ${state}`);
  if (error !== null) output.line(`${output.style("red", "failed")} ${name}: ${error.message}`);
  else if (output.options.verbose === true || total <= 20)
    output.line(`${state} ${name} (${revisions.length} applied, ${milliseconds} ms)`);
}

async function readTargets({ config, base, source }: FleetCall): Promise<readonly FleetTarget[]> {
  if (/^\s*(?:select|with)\b/i.test(source)) return targetsOfQuery(base, source);
  const path = resolve(config.root, source);
  const refuse = (reason: string): never => {
    throw new AthanorError("FLEET.SOURCE", { source, reason });
  };
  if (!existsSync(path)) return refuse("there is no such file");
  let list: unknown;
  try {
    list = /\.[cm]?[jt]s$/.test(path) ? await fromModule(path) : fromText(path);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  if (!Array.isArray(list)) return refuse("it gives no list");
  return list.map(targetOf);
}

async function fromModule(path: string): Promise<unknown> {
  const { default: given } = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  return typeof given === "function" ? ((await given()) as unknown) : given;
}

function fromText(path: string): unknown {
  const text = readFileSync(path, "utf8");
  if (path.endsWith(".json")) return JSON.parse(text);
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return path.endsWith(".jsonl") ? lines.map((line) => JSON.parse(line) as unknown) : lines;
}

/** What is kept of a try: its source in the first line, then the name of each target as it came to its end. */
class Journal {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** The targets of the last try of that source that came to their end. */
  done(source: string): ReadonlySet<string> {
    if (!existsSync(this.#file)) return new Set();
    const [first, ...names] = readFileSync(this.#file, "utf8").split("\n");
    return new Set(first === JSON.stringify(source) ? names.filter(Boolean).map(nameIn) : []);
  }

  begin(source: string, done: Iterable<string>): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, [source, ...done].map((each) => `${JSON.stringify(each)}\n`).join(""));
  }

  /** Written at once: whoever ends the process loses nothing of it. */
  add({ name, state }: FleetResult): void {
    if (state === "migrated" || state === "unchanged")
      appendFileSync(this.#file, `${JSON.stringify(name)}\n`);
  }
}

/** The last line of a process that was ended may be half of one. */
function nameIn(line: string): string {
  try {
    return String(JSON.parse(line));
  } catch {
    return "";
  }
}
