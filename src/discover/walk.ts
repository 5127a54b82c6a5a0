import { type Dirent, globSync, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import { AthanorError } from "../errors/index.ts";

const endings: readonly string[] = [".ts", ".mts", ".js", ".mjs"];

/** Where models are looked for. */
export interface WalkOptions {
  /** The project's root, absolute. */
  readonly root: string;
  /** Files, folders and globs, from the root; none means the usual ones. */
  readonly paths: readonly string[];
  /** Names of path segments that are passed over. */
  readonly exclude: readonly string[];
  /** Where `paths` were written, for errors: `athanor.toml:6`. */
  readonly pathsFrom?: string;
}

/** Looked in where no path is configured: those of these that are there, else the whole project. */
export const usualPaths: readonly string[] = ["models", "src", "app"];

/** What was found under the paths. */
export interface FoundFiles {
  /** Every source file, sorted, none twice. */
  readonly files: readonly string[];
  /** Those that were named outright, rather than found in a folder or by a glob. */
  readonly named: ReadonlySet<string>;
}

/** Never walked into, whatever is configured. */
const never: readonly string[] = ["node_modules"];

/**
 * Every source file under the paths. Throws `DISCOVERY.PATH_MISSING` for a path or a glob that leads to no source
 * file.
 */
export function findFiles(options: WalkOptions): FoundFiles {
  const { root, paths } = options;
  const excluded = new Set([...options.exclude.map((name) => name.replace(/\/+$/, "")), ...never]);
  const found: FoundFiles & { files: Set<string>; named: Set<string>; seen: Set<string> } = {
    files: new Set<string>() as never,
    named: new Set<string>(),
    seen: new Set<string>(),
  };
  if (paths.length === 0) {
    const usual = usualPaths.filter((path) => stat(join(root, path)) !== undefined);
    for (const start of usual.length > 0 ? usual : ["."]) walk(join(root, start), excluded, found);
  }
  for (const path of paths) {
    const before = found.files.size;
    let known = false;
    for (const start of starts(path, root, excluded)) {
      if (stat(start)?.isFile() === true) {
        if (!isGlob(path)) found.named.add(realpathSync(start));
        else if (!isSource(basename(start))) continue;
        known ||= found.files.has(realpathSync(start));
        found.files.add(realpathSync(start));
      } else known = walk(start, excluded, found) || known;
    }
    if (found.files.size === before && !known) {
      throw new AthanorError("DISCOVERY.PATH_MISSING", { path, source: options.pathsFrom ?? null });
    }
  }
  return { files: [...found.files].sort(), named: found.named };
}

/** Every source file under the paths, sorted, none twice. Throws `DISCOVERY.PATH_MISSING`. */
export function sourceFiles(options: WalkOptions): readonly string[] {
  return findFiles(options).files;
}

interface Walked {
  readonly files: Set<string>;
  /** Folders that were walked, by their real path: links may lead in a circle. */
  readonly seen: Set<string>;
}

function isGlob(path: string): boolean {
  return /[*?{}[\]!]/.test(path);
}

function starts(path: string, root: string, excluded: ReadonlySet<string>): readonly string[] {
  const direct = resolve(root, path);
  if (stat(direct) !== undefined) return [direct];
  if (!isGlob(path)) return [];
  const skip = (name: string): boolean =>
    relative(root, isAbsolute(name) ? name : join(root, name))
      .split(/[\\/]/)
      .some((segment) => excluded.has(segment));
  // What is excluded is not even looked into: a `**` would walk through every package otherwise.
  const exclude = (name: string): boolean => excluded.has(basename(name));
  const found = globSync(path.split(sep).join("/"), { cwd: root, exclude });
  return found
    .filter((match) => !skip(match))
    .map((match) => resolve(root, match))
    .sort();
}

/** What is at a path; undefined where nothing is, a link that leads nowhere or to itself included. */
function stat(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ELOOP") return undefined;
    throw unreadable(path, cause);
  }
}

function unreadable(file: string, cause: unknown): AthanorError<"DISCOVERY.UNREADABLE"> {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AthanorError("DISCOVERY.UNREADABLE", { file, reason }, { cause });
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

/** Whole segments count: `env` leaves `env/` out and not `environment/`. Answers whether any source file is there. */
function walk(folder: string, excluded: ReadonlySet<string>, found: Walked): boolean {
  const real = realpathSync(folder);
  if (found.seen.has(real)) return true;
  found.seen.add(real);
  let any = false;
  for (const entry of entriesOf(real)) {
    if (excluded.has(entry.name) || entry.name.startsWith(".")) continue;
    const child = join(real, entry.name);
    const target = entry.isSymbolicLink() ? stat(child) : entry;
    if (target?.isDirectory() === true) any = walk(child, excluded, found) || any;
    else if (target?.isFile() === true && isSource(entry.name)) {
      found.files.add(entry.isSymbolicLink() ? realpathSync(child) : child);
      any = true;
    }
  }
  return any;
}

function isSource(name: string): boolean {
  if (/\.d\.m?ts$/.test(name) || /\.(?:test|spec)\.\w+$/.test(name)) return false;
  return endings.some((ending) => name.endsWith(ending));
}
