import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { AthanorError } from "../errors/index.ts";
import type { Logger } from "../log/index.ts";
import type { ModelSchema, ToSchemaOptions } from "../model/index.ts";

import { packageVersion } from "../util/package-version.ts";
import { assemble, type Gathered, takeApart } from "./assemble.ts";
import { type CacheContent, type CacheIdentity, DiscoveryCache, type Unit } from "./cache.ts";
import { type CandidateOptions, modelFiles } from "./candidates.ts";
import { closureKeys, type GraphFile, ImportGraph } from "./graph.ts";
import { type Done, type RunChildOptions, runChild } from "./run-child.ts";
import { transformFiles } from "./transform.ts";

/** How models are looked for. */
export interface DiscoverOptions extends CandidateOptions {
  /** How long importing may take, in seconds. Default 30. */
  readonly timeout?: number;
  readonly naming?: NonNullable<ToSchemaOptions["naming"]>;
  /** The folder of the cache, from the root; null, the default, keeps nothing. */
  readonly cache?: string | null;
  readonly logger?: Logger;
  /** Hears of each model file before it is imported. */
  readonly onImport?: RunChildOptions["onImport"];
}

/** The models of a project, as data. */
export interface Discovered {
  readonly schema: ModelSchema["schema"];
  readonly renames: ModelSchema["renames"];
  /** Each with its file, from the root, with `/`. */
  readonly models: Gathered["models"];
  /** Every file that defines models, from the root. */
  readonly files: readonly string[];
  /** Those that were imported this time; the others were in the cache. */
  readonly imported: readonly string[];
}

const defaultTimeout = 30;
const nothing: CacheContent = { facts: new Map(), units: new Map() };

/**
 * Finds the models of a project and imports them in a process of its own, with a time limit. Fails closed: one
 * file that does not parse or import, and nothing is answered but the error, which names the file. With a cache,
 * only files are imported that changed, or import what changed.
 */
export async function discover(given: DiscoverOptions): Promise<Discovered> {
  const options = { ...given, root: realpathSync(given.root) };
  const { logger, root } = options;
  logger?.info(`Starting model discovery in: ${root}`);
  const athanor = ownAthanor(root);
  const identity = identityOf(options, athanor.version);
  const cache = options.cache == null ? null : new DiscoveryCache(resolve(root, options.cache));
  const kept =
    cache?.read(identity, (reason) => logger?.info(`The cache is thrown away: ${reason}`)) ?? nothing;
  const graph = new ImportGraph(root, kept.facts);
  const files = modelFiles(graph, options);
  logger?.info(`Found ${files.length} potential model files`);
  for (const { name } of files) logger?.debug(`potential model file: ${name}`);
  const keys = cache === null ? new Map(files.map(({ name }) => [name, null])) : closureKeys(graph, files);
  const valid = validUnits(kept.units, keys, graph, files);
  const run = { graph, files, athanor: athanor.url, options };
  const { gathered, units, imported } = await gather(run, keys, valid);
  demandExported(files, gathered);
  if (cache !== null && (imported.length > 0 || kept.units.size !== units.size)) {
    const problem = cache.write(identity, { facts: graph.facts, units });
    if (problem !== null) logger?.warning(`The cache cannot be written: ${problem}`);
  }
  logger?.info(`Successfully discovered ${gathered.schema.tables.length} tables`, {
    imported: imported.length,
  });
  return { ...gathered, files: files.map(({ name }) => name), imported };
}

/** What of a cache still holds: units whose files import the same as then, and whose groups do too. */
function validUnits(
  units: CacheContent["units"],
  keys: ReadonlyMap<string, string | null>,
  graph: ImportGraph,
  files: readonly GraphFile[],
): Map<string, Unit> {
  const valid = new Map([...units].filter(([name, unit]) => keys.get(name) === unit.key));
  // An heir that is new, or has changed, adds to the table of a model that it imports.
  for (const file of files) {
    if (valid.has(file.name) || !file.facts.heirs) continue;
    for (const each of graph.closure([file.path])) valid.delete(each.name);
  }
  for (let before = -1; before !== valid.size; ) {
    before = valid.size;
    for (const [name, { group }] of valid) if (!group.every((other) => valid.has(other))) valid.delete(name);
  }
  return valid;
}

interface Run {
  readonly graph: ImportGraph;
  readonly files: readonly GraphFile[];
  readonly athanor: string;
  readonly options: DiscoverOptions;
}

interface Outcome {
  readonly gathered: Gathered;
  readonly units: ReadonlyMap<string, Unit>;
  readonly imported: readonly string[];
}

/** Imports what is not valid any longer; everything, where the parts do not fit together. */
async function gather(
  run: Run,
  keys: ReadonlyMap<string, string | null>,
  valid: ReadonlyMap<string, Unit>,
): Promise<Outcome> {
  const stale = run.files.filter(({ name }) => !valid.has(name));
  if (stale.length < run.files.length) {
    const others = [...valid.values()].flatMap((unit) => unit.tables);
    const fresh = stale.length === 0 ? null : await importFiles(run, stale, others);
    const made = fresh === null ? new Map() : takeApart(fresh, keysOf(stale, keys, ""));
    const units = new Map<string, Unit>([...valid, ...made]);
    const gathered = assemble(units);
    if (gathered !== null) {
      const keep = new Map([...units].filter(([name]) => keys.get(name) != null));
      return { gathered, units: keep, imported: stale.map(({ name }) => name) };
    }
    run.options.logger?.debug("what the cache holds does not fit; every file is imported");
  }
  const gathered = await importFiles(run, run.files, []);
  const units = takeApart(gathered, keys);
  return { gathered, units, imported: run.files.map(({ name }) => name) };
}

/** Keys of some files; `fallback` where there is none, so that their parts can be put together all the same. */
function keysOf(
  files: readonly GraphFile[],
  keys: ReadonlyMap<string, string | null>,
  fallback: string,
): ReadonlyMap<string, string> {
  return new Map(files.map(({ name }) => [name, keys.get(name) ?? fallback]));
}

async function importFiles(run: Run, files: readonly GraphFile[], others: Unit["tables"]): Promise<Gathered> {
  const { graph, options } = run;
  const reached = graph.closure(files.map(({ path }) => path));
  const request = {
    athanor: run.athanor,
    files: files.map(({ path }) => urlOf(path)),
    aliases: aliasesOf(reached),
    sources: Object.fromEntries(
      [...(await transformFiles(reached))].map(([path, code]) => [urlOf(path), code]),
    ),
    naming: options.naming ?? null,
    others,
  };
  const { root, onImport, timeout = defaultTimeout } = options;
  const done: Done = await runChild(request, { root, timeout, onImport });
  return {
    schema: done.schema as Gathered["schema"],
    renames: done.renames as Gathered["renames"],
    parts: done.parts.map(({ file, parts }) => ({
      file: graph.name(fileURLToPath(file)),
      parts: parts as Gathered["parts"][number]["parts"],
    })),
    models: done.models.map(({ name, table, file }) => ({
      name,
      table: table as Gathered["models"][number]["table"],
      file: graph.name(fileURLToPath(file)),
    })),
  };
}

function urlOf(path: string): string {
  return pathToFileURL(path).href;
}

/** The imports of these files that Node alone would not find. */
function aliasesOf(files: readonly GraphFile[]): Record<string, Record<string, string>> {
  const aliases: Record<string, Record<string, string>> = {};
  for (const { path, targets } of files) {
    for (const [specifier, target] of targets) {
      if (target.kind !== "file" || !target.aliased) continue;
      const own = aliases[urlOf(path)] ?? {};
      own[specifier] = urlOf(target.path);
      aliases[urlOf(path)] = own;
    }
  }
  return aliases;
}

/** Throws `DISCOVERY.NOT_EXPORTED` for a model that a file defines and does not give out. */
function demandExported(files: readonly GraphFile[], { models }: Gathered): void {
  const names = new Set(models.map(({ table }) => table.name));
  const isKnown = (table: string): boolean =>
    names.has(table) || [...names].some((each) => each.endsWith(`_${table}`));
  for (const { name, facts } of files) {
    const absent = facts.tables.filter((table) => !isKnown(table));
    if (absent.length > 0) throw new AthanorError("DISCOVERY.NOT_EXPORTED", { file: name, tables: absent });
  }
}

/** The copy of Athanor that the project's models import, and its version. */
function ownAthanor(root: string): { url: string; version: string } {
  try {
    const require = createRequire(pathToFileURL(join(root, "package.json")));
    const manifest = require.resolve("athanor/package.json");
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    return { url: urlOf(join(manifest, "..", "dist", "index.js")), version };
  } catch (cause) {
    throw new AthanorError("DISCOVERY.NO_PACKAGE", { root }, { cause });
  }
}

/** What has to be the same for a cache to hold. */
function identityOf(options: DiscoverOptions, athanor: string): CacheIdentity {
  const { root, paths, exclude, auto = true, naming = null } = options;
  return { root, versions: [packageVersion, athanor], config: { paths, exclude, auto, naming } };
}
