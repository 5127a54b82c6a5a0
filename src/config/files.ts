import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { AthanorError } from "../errors/index.ts";

/** A configuration file as it was read: sections of keys, nothing checked yet. */
export interface ConfigFile {
  readonly path: string;
  readonly content: unknown;
}

const own: readonly string[] = [
  "athanor.toml",
  "athanor.yaml",
  "athanor.yml",
  "athanor.json",
  "athanor.config.ts",
];
const shared: readonly string[] = ["config", "alembic"].flatMap((name) =>
  [".toml", ".yaml", ".yml", ".json"].map((ending) => name + ending),
);

/**
 * The project's configuration file, looked for in `start` and the folders above it: our own names first, then
 * files that others share, where they hold a section of ours. Null where there is none.
 */
export async function findConfigFile(start: string, sections: readonly string[]): Promise<ConfigFile | null> {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    for (const name of own) {
      const path = join(folder, name);
      if (existsSync(path)) return readConfigFile(path);
    }
    for (const name of shared) {
      const path = join(folder, name);
      if (!existsSync(path)) continue;
      const file = await readConfigFile(path);
      if (isRecord(file.content) && sections.some((section) => section in (file.content as object)))
        return file;
    }
    if (folder === dirname(folder) || existsSync(join(folder, "package.json"))) return null;
  }
}

/** Whether a value is an object with keys. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads one file. Throws `CONFIG.FILE_MISSING` or `CONFIG.FILE_UNREADABLE`. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  if (!existsSync(path)) throw new AthanorError("CONFIG.FILE_MISSING", { file: path });
  try {
    return { path, content: (await parse(path)) ?? {} };
  } catch (cause) {
    if (cause instanceof AthanorError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AthanorError("CONFIG.FILE_UNREADABLE", { file: path, reason }, { cause });
  }
}

/** Parsers are loaded for the format at hand alone. */
async function parse(path: string): Promise<unknown> {
  switch (extname(path)) {
    case ".toml":
      return (await import("smol-toml")).parse(readFileSync(path, "utf8"));
    case ".yaml":
    case ".yml":
      return (await import("yaml")).parse(readFileSync(path, "utf8"));
    case ".json":
      return JSON.parse(readFileSync(path, "utf8"));
    default: {
      const { importModule } = await import("../util/import-module.ts");
      return ((await importModule(path)) as { default?: unknown }).default;
    }
  }
}
