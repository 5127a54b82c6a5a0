import { dirname, resolve } from "node:path";
import { type MigrationHooks, namingOf } from "../migrate/hooks.ts";
import { absoluteFileUrl, databaseUrlOf } from "./database-url.ts";
import { addEnvironment, addGiven, type EnvironmentVariables } from "./environment.ts";
import { findConfigFiles, readConfigFile } from "./files.ts";
import { allKeys, plainValues, sectionNames } from "./known-keys.ts";
import type { Given, Place } from "./place.ts";
import { fromFiles } from "./read-file.ts";
import type { ConfigValues } from "./schema.ts";

/** Where configuration is looked for. */
export interface LoadOptions {
  /** Where looking for a file begins. Default the working directory. */
  readonly cwd?: string;
  /** A file named outright; it has to be there, and no other is read. */
  readonly file?: string;
  /** The environment; false leaves it and the `.env` files out. Default the process's. */
  readonly env?: EnvironmentVariables | false;
  /** The database's URL, before everything else. */
  readonly url?: string;
}

/** Where a value came from: a file's name, `environment`, `--url`, or `default`. */
export type Origin = string;

/** The configuration as it counts. */
export interface LoadedConfig {
  /** The project's root, absolute: the folder of the configuration file. */
  readonly root: string;
  /** The first file; null where there is none. */
  readonly file: string | null;
  /** Every file that was read, absolute, `.env` files aside. */
  readonly files: readonly string[];
  readonly values: ConfigValues;
  readonly origins: ReadonlyMap<string, Origin>;
  /** Where each key was written: origin, file and line. */
  readonly places: ReadonlyMap<string, Place>;
  /** The database's URL; a file's path in it is absolute. It may hold a password: never print it unmasked. */
  readonly databaseUrl: string;
  /** What `athanor.config.ts` exports beside the sections: hooks of migrations. */
  readonly hooks: MigrationHooks;
  /** How constraints are named that have no name of their own; undefined is as they always are. */
  readonly naming: ReturnType<typeof namingOf>;
  /** What is allowed and yet may not be what was meant. */
  readonly warnings: readonly string[];
}

/** Everything a configuration is made of, before it is checked. */
export interface ConfigSources {
  readonly root: string;
  readonly files: readonly string[];
  readonly given: ReadonlyMap<string, Given>;
  readonly hooks: MigrationHooks;
  readonly warnings: readonly string[];
}

/**
 * Reads the configuration: `url`, then the environment, `.env.<ENVIRONMENT>.local`, `.env.<ENVIRONMENT>`, `.env.local`,
 * `.env`, the files, the defaults; what comes first wins. Throws `CONFIG.…` that name file, line, key and the
 * nearest right spelling.
 */
export async function loadConfig(options: LoadOptions = {}): Promise<LoadedConfig> {
  const sources = await readSources(options);
  const values = plainValues(sources.given) ?? (await import("./validate.ts")).validate(sources.given);
  return configOf(sources, values);
}

/** Reads every source, and checks nothing but names. */
export async function readSources(options: LoadOptions = {}): Promise<ConfigSources> {
  const cwd = resolve(options.cwd ?? process.cwd());
  const files =
    options.file === undefined
      ? await findConfigFiles(cwd, sectionNames)
      : [await readConfigFile(resolve(cwd, options.file))];
  const root = files[0] === undefined ? cwd : dirname(files[0].path);
  const { given, hooks } = fromFiles(files);
  const warnings = addGiven(new Map(), given);
  if (options.env !== false) warnings.push(...addEnvironment(given, root, options.env ?? process.env));
  if (options.url !== undefined) {
    const value = absoluteFileUrl(options.url, cwd);
    given.set("DATABASE_URL", { value, origin: "--url", file: null, line: null });
  }
  return { root, files: files.map(({ path }) => path), given, hooks, warnings };
}

/** The configuration that sources and the values in them make. */
export function configOf(
  { root, files, given, hooks, warnings }: ConfigSources,
  values: ConfigValues,
): LoadedConfig {
  const places = new Map(allKeys().map((key) => [key, placeOf(given.get(key))]));
  const origins = new Map([...places].map(([key, { origin }]) => [key, origin]));
  const databaseUrl = databaseUrlOf(values.database, root, origins.get("DATABASE_URL") !== "--url");
  return {
    root,
    file: files[0] ?? null,
    files,
    values,
    origins,
    places,
    databaseUrl,
    hooks,
    naming: namingOf(hooks),
    warnings,
  };
}

function placeOf(given: Given | undefined): Place {
  if (given === undefined) return { origin: "default", file: null, line: null };
  return { origin: given.origin, file: given.file, line: given.line };
}
