import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { AthanorError } from "../errors/index.ts";
import type { ScriptHeader } from "./header.ts";
import { readPlainHeader } from "./plain-header.ts";

/** A migration file: its header, and where it is. */
export interface ScriptFile extends ScriptHeader {
  /** Absolute. */
  readonly path: string;
  /** Relative to the project's root, with `/`: how people know it. */
  readonly file: string;
}

/**
 * Reads the headers of every migration file in `locations` and the folders in them; nothing runs. Files and
 * folders whose names begin with `_` or `.`, and declaration files, are no migrations. A folder that is not
 * there holds none. Files are read one after the other: of ten thousand small ones, waiting for each costs more than
 * reading them. Throws `SCRIPT.SYNTAX`, `SCRIPT.HEADER` or `SCRIPT.DUPLICATE`.
 */
export async function readScriptFiles(
  root: string,
  locations: readonly string[],
): Promise<readonly ScriptFile[]> {
  const paths = [...new Set((await Promise.all(locations.map(listScripts))).flat())].sort();
  const files: ScriptFile[] = [];
  const byRevision = new Map<string, ScriptFile>();
  for (const path of paths) {
    const file = displayPath(root, path);
    const text = readFileSync(path, "utf8");
    const script = { ...(readPlainHeader(text) ?? (await parseHeader(file, text))), path, file };
    const other = byRevision.get(script.revision);
    if (other !== undefined) {
      throw new AthanorError("SCRIPT.DUPLICATE", {
        revision: script.revision,
        files: [other.file, script.file],
      });
    }
    byRevision.set(script.revision, script);
    files.push(script);
  }
  return files;
}

/** The parser is loaded for files that need it. */
async function parseHeader(file: string, text: string): Promise<ScriptHeader> {
  return (await import("./header.ts")).readHeaderFirst(file, text);
}

/** A path as people know it: relative to the project's root, with `/`. */
export function displayPath(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}

async function listScripts(folder: string): Promise<string[]> {
  let entries: Awaited<ReturnType<typeof readFolder>>;
  try {
    entries = await readFolder(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const found = entries
    .filter((entry) => !/^[._]/.test(entry.name))
    .map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === "node_modules" ? [] : listScripts(path);
      return /\.[cm]?[jt]s$/.test(entry.name) && !/\.d\.[cm]?ts$/.test(entry.name) ? [path] : [];
    });
  return (await Promise.all(found)).flat();
}

function readFolder(folder: string): Promise<import("node:fs").Dirent[]> {
  return readdir(folder, { withFileTypes: true });
}
