import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { AthanorError } from "../errors/index.ts";

/** A configuration file as it was read: sections of keys, nothing checked yet. */
export interface ConfigFile {
  readonly path: string;
  /** Its name, as messages say it. */
  readonly name: string;
  readonly text: string;
  readonly content: unknown;
}

const own: readonly string[] = [
  "athanor.toml",
  "athanor.yaml",
  "athanor.yml",
  "athanor.json",
  "athanor.config.ts",
  "athanor.config.mts",
  "athanor.config.js",
  "athanor.config.mjs",
];
const shared: readonly string[] = ["config", "alembic"].flatMap((name) =>
  [".toml", ".yaml", ".yml", ".json"].map((ending) => name + ending),
);

/**
 * The project's configuration, looked for in `start` and the folders above it, as far as the first `package.json`:
 * every file of our own names in one folder, in the order in which they count; else the first that others share,
 * where it holds a section of ours. Empty where there is none.
 */
export async function findConfigFiles(
  start: string,
  sections: readonly string[],
): Promise<readonly ConfigFile[]> {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const ours = own.map((name) => join(folder, name)).filter((path) => existsSync(path));
    if (ours.length > 0) return Promise.all(ours.map(readConfigFile));
    for (const name of shared) {
      const path = join(folder, name);
      if (!existsSync(path)) continue;
      const file = await readConfigFile(path);
      const content = isRecord(file.content) ? file.content : {};
      if (sections.some((section) => section in content)) return [file];
    }
    if (folder === dirname(folder) || existsSync(join(folder, "package.json"))) return [];
  }
}

/** Whether a value is an object with keys. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads one file. Throws `CONFIG.FILE_MISSING` or `CONFIG.FILE_UNREADABLE`. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  if (!existsSync(path)) throw new AthanorError("CONFIG.FILE_MISSING", { file: path });
  const text = readText(path);
  try {
    return { path, name: basename(path), text, content: (await parse(path, text)) ?? {} };
  } catch (cause) {
    if (cause instanceof AthanorError) throw cause;
    throw unreadable(path, cause);
  }
}

/** The text of a file. Throws `CONFIG.FILE_UNREADABLE`. */
export function readText(path: string): string {
  try {
    const text = readFileSync(path, "utf8");
    return text.startsWith("\uFEFF") ? text.slice(1) : text;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): AthanorError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AthanorError("CONFIG.FILE_UNREADABLE", { file: path, reason, line: lineIn(cause) }, { cause });
}

/** Where a parser says that it gave up. */
function lineIn(cause: unknown): number | null {
  if (typeof cause !== "object" || cause === null) return null;
  const { line, linePos } = cause as { line?: unknown; linePos?: readonly [{ line: number }] };
  if (typeof line === "number") return line;
  if (linePos !== undefined) return linePos[0].line;
  const said = cause instanceof Error ? /\(line (\d+) column/.exec(cause.message)?.[1] : undefined;
  return said === undefined ? null : Number(said);
}

/** Parsers are loaded for the format at hand alone. */
async function parse(path: string, text: string): Promise<unknown> {
  switch (extname(path)) {
    case ".toml":
      return (await import("smol-toml")).parse(text);
    case ".yaml":
    case ".yml":
      return (await import("yaml")).parse(text);
    case ".json":
      return JSON.parse(text);
    default: {
      const { importModule } = await import("../util/import-module.ts");
      return ((await importModule(path)) as { default?: unknown }).default;
    }
  }
}
