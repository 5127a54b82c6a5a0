import { readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { LoadedConfig } from "../../config/index.ts";
import type { Action } from "../command.ts";

interface CleanFlags {
  readonly cacheOnly?: boolean;
}

/** Removes what Athanor can make anew: the cache of discovery, and log files that were put aside. */
export const clean: Action<CleanFlags> = async (_args, options, output) => {
  const { loadConfig } = await import("../../config/index.ts");
  const config = await loadConfig(options.config === undefined ? {} : { file: options.config });
  const files = [...cacheFiles(config), ...(options.cacheOnly === true ? [] : logFiles(config))];
  for (const file of files) rmSync(file, { force: true });
  removeIfEmpty(resolve(config.root, config.values.discovery.DISCOVERY_CACHE_DIR));
  const removed = files.map((file) => relative(config.root, file).split(sep).join("/"));
  output.document({ removed });
  for (const file of removed) output.line(`${output.style("yellow", "removed")} ${file}`);
  if (removed.length === 0) output.line("Nothing to clean.");
  return undefined;
};

/** The cache's own files, those of runs that were cut off included; a folder may hold others' as well. */
function cacheFiles({ root, values }: LoadedConfig): readonly string[] {
  const folder = resolve(root, values.discovery.DISCOVERY_CACHE_DIR);
  const files = list(folder).filter((name) => /^discovery\.json(?:\.\d+)?$/.test(name));
  const alone = list(folder).every((name) => files.includes(name) || name === ".gitignore");
  const ignore = alone && files.length > 0 ? [".gitignore"] : [];
  return [...files, ...ignore].map((name) => join(folder, name)).filter((file) => statSync(file).isFile());
}

function logFiles({ root, values }: LoadedConfig): readonly string[] {
  if (values.logging.LOGGING_FILE === "") return [];
  const log = resolve(root, values.logging.LOGGING_FILE);
  const aside = list(dirname(log)).filter(
    (name) => name.startsWith(`${basename(log)}.`) && /\.\d+$/.test(name),
  );
  return aside.sort().map((name) => join(dirname(log), name));
}

function list(folder: string): readonly string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder) : [];
}

function removeIfEmpty(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
