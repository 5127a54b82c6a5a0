import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { AthanorError } from "../errors/index.ts";
import { readHeaderFirst, type ScriptHeader } from "./header.ts";

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
 * there holds none. Throws `SCRIPT.SYNTAX`, `SCRIPT.HEADER` or `SCRIPT.DUPLICATE`.
 */
export async function readScriptFiles(
  root: string,
  locations: readonly string[],
): Promise<readonly ScriptFile[]> {
  const paths = [...new Set((await Promise.all(locations.map(listScripts))).flat())].sort();
  const files: ScriptFile[] = [];
  const byRevision = new Map<string, ScriptFile>();
  for await (const { path, text } of readAll(paths)) {
    const file = displayPath(root, path);
    const script = { ...readHeaderFirst(file, text), path, file };
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

/** How many files are read at a time. */
const together = 64;

async function* readAll(
  paths: readonly string[],
): AsyncGenerator<{ readonly path: string; readonly text: string }> {
  for (let start = 0; start < paths.length; start += together) {
    const batch = paths.slice(start, start + together);
    yield* await Promise.all(batch.map(async (path) => ({ path, text: await readFile(path, "utf8") })));
  }
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
