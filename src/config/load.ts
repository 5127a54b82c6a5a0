import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import type { z } from "zod";
import { AthanorError } from "../errors/index.ts";
import { nearest } from "../util/nearest.ts";
import { absoluteFileUrl, databaseUrlOf } from "./database-url.ts";
import { findConfigFile, isRecord, readConfigFile } from "./files.ts";
import {
  allKeys,
  type ConfigValues,
  configSchema,
  type SectionName,
  secretKeys,
  sectionOf,
} from "./schema.ts";

/** The environment of a process, or something like it. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** Where configuration is looked for. */
export interface LoadOptions {
  /** Where looking for a file begins. Default the working directory. */
  readonly cwd?: string;
  /** A file named outright; it has to be there. */
  readonly file?: string;
  /** The environment; false leaves it and the `.env` files out. Default the process's. */
  readonly env?: EnvironmentVariables | false;
  /** The database's URL, before everything else. */
  readonly url?: string;
}

/** Where a value came from: a file, `environment`, `--url`, or `default`. */
export type Origin = string;

/** The configuration as it counts. */
export interface LoadedConfig {
  /** The project's root, absolute: the folder of the configuration file. */
  readonly root: string;
  readonly file: string | null;
  readonly values: ConfigValues;
  readonly origins: ReadonlyMap<string, Origin>;
  /** The database's URL; a file's path in it is absolute. It may hold a password: never print it unmasked. */
  readonly databaseUrl: string;
  /** What `athanor.config.ts` exports beside the sections: hooks of migrations. */
  readonly hooks: Readonly<Record<string, unknown>>;
}

interface Given {
  readonly value: unknown;
  readonly origin: Origin;
}

/** What other systems call a key. */
const aliases: Readonly<Record<string, string>> = { SM_DATABASE_URL: "DATABASE_URL" };

/**
 * Reads the configuration: `url`, then the environment, `.env.local`, `.env.<ENVIRONMENT>`, `.env`, the file, the
 * defaults; what comes first wins. Throws `CONFIG.…` that name file, key and the nearest right spelling.
 */
export async function loadConfig(options: LoadOptions = {}): Promise<LoadedConfig> {
  const cwd = resolve(options.cwd ?? process.cwd());
  const sections = Object.keys(configSchema);
  const file =
    options.file === undefined
      ? await findConfigFile(cwd, sections)
      : await readConfigFile(resolve(cwd, options.file));
  const root = file === null ? cwd : dirname(file.path);
  const { given, hooks } = fromFile(file);
  if (options.env !== false) addEnvironment(given, root, options.env ?? process.env);
  if (options.url !== undefined) given.set("DATABASE_URL", { value: options.url, origin: "--url" });
  const { values, origins } = validate(given);
  const databaseUrl =
    options.url === undefined ? databaseUrlOf(values.database, root) : absoluteFileUrl(options.url, cwd);
  return { root, file: file?.path ?? null, values, origins, databaseUrl, hooks };
}

interface FromFile {
  readonly given: Map<string, Given>;
  readonly hooks: Record<string, unknown>;
}

function fromFile(file: { readonly path: string; readonly content: unknown } | null): FromFile {
  const given = new Map<string, Given>();
  const hooks: Record<string, unknown> = {};
  if (file === null) return { given, hooks };
  const source = basename(file.path);
  if (!isRecord(file.content)) {
    throw new AthanorError("CONFIG.FILE_UNREADABLE", { file: file.path, reason: "it holds no sections" });
  }
  const isOurs = source.startsWith("athanor");
  for (const [name, section] of Object.entries(file.content)) {
    if (name in configSchema && isRecord(section)) readSection(name as SectionName, section, source, given);
    else if (typeof section === "function") hooks[name] = section;
    else if (isOurs) throw unknownSection(name, source);
  }
  return { given, hooks };
}

function unknownSection(name: string, source: string): AthanorError {
  const section = nearest(name, Object.keys(configSchema));
  const key = sectionOf(name) === undefined ? null : `[${sectionOf(name)}] ${name}`;
  return new AthanorError("CONFIG.UNKNOWN_KEY", {
    source,
    key: name,
    section: null,
    nearest: key ?? (section === null ? null : `[${section}]`),
  });
}

function readSection(
  name: SectionName,
  section: Readonly<Record<string, unknown>>,
  source: string,
  given: Map<string, Given>,
): void {
  for (const [key, value] of Object.entries(section)) {
    if (!(key in configSchema[name].shape)) {
      const near = nearest(key, allKeys());
      const elsewhere = near === null || sectionOf(near) === name ? near : `${near} in [${sectionOf(near)}]`;
      throw new AthanorError("CONFIG.UNKNOWN_KEY", { source, key, section: name, nearest: elsewhere });
    }
    given.set(key, { value, origin: source });
  }
}

/** `.env` files first, each going before the one ahead of it; the real environment goes before all. */
function addEnvironment(given: Map<string, Given>, root: string, env: EnvironmentVariables): void {
  const read = (name: string): EnvironmentVariables => {
    const path = join(root, name);
    return existsSync(path) ? parseEnv(readFileSync(path, "utf8")) : {};
  };
  const local = read(".env.local");
  const plain = read(".env");
  const environment =
    env["ENVIRONMENT"] ??
    local["ENVIRONMENT"] ??
    plain["ENVIRONMENT"] ??
    String(given.get("ENVIRONMENT")?.value ?? "development");
  const sources: readonly (readonly [string, EnvironmentVariables])[] = [
    [".env", plain],
    [`.env.${environment}`, read(`.env.${environment}`)],
    [".env.local", local],
    ["environment", env],
  ];
  for (const [origin, variables] of sources) addVariables(given, variables, origin);
}

/** Keys of the configuration alone: an environment holds a great deal else. */
function addVariables(given: Map<string, Given>, variables: EnvironmentVariables, origin: Origin): void {
  for (const [alias, key] of Object.entries(aliases)) {
    const value = variables[alias];
    if (value !== undefined) given.set(key, { value, origin: `${origin} (${alias})` });
  }
  const parts = ["DB_ENGINE", "DB_NAME", "DB_HOST"].some((key) => variables[key] !== undefined);
  if (parts && variables["DATABASE_URL"] === undefined) given.delete("DATABASE_URL");
  for (const key of allKeys()) {
    const value = variables[key];
    if (value !== undefined) given.set(key, { value, origin });
  }
}

function validate(given: ReadonlyMap<string, Given>): {
  values: ConfigValues;
  origins: ReadonlyMap<string, Origin>;
} {
  const origins = new Map<string, Origin>();
  const values: Record<string, unknown> = {};
  for (const [name, section] of Object.entries(configSchema)) {
    const keys = Object.keys(section.shape);
    for (const key of keys) origins.set(key, given.get(key)?.origin ?? "default");
    const input = keys.flatMap((key) => (given.has(key) ? [[key, given.get(key)?.value] as const] : []));
    const result = section.safeParse(Object.fromEntries(input));
    if (!result.success) throw badValue(result.error.issues[0]!, given);
    values[name] = result.data;
  }
  return { values: values as unknown as ConfigValues, origins };
}

function badValue(issue: z.core.$ZodIssue, given: ReadonlyMap<string, Given>): AthanorError {
  const key = String(issue.path[0]);
  const { value, origin } = given.get(key) ?? { value: undefined, origin: "default" };
  return new AthanorError("CONFIG.BAD_VALUE", {
    source: origin,
    key,
    value: secretKeys.has(key) ? "***" : (JSON.stringify(value) ?? String(value)),
    problem: issue.message,
  });
}
