import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AthanorError } from "../errors/index.ts";
import type { Output } from "./output.ts";

/** Files to be written: their paths from a folder, and their texts. */
export type FileSet = Readonly<Record<string, string>>;

/** What became of a set of files. */
export interface WrittenFiles {
  readonly created: readonly string[];
  /** Those that were there already: left as they were. */
  readonly kept: readonly string[];
}

/** Writes the files that are not there yet. Throws `CLI.CANNOT_WRITE`. */
export function writeFiles(folder: string, files: FileSet): WrittenFiles {
  const created: string[] = [];
  const kept: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    if (existsSync(path)) {
      kept.push(name);
      continue;
    }
    write(path, text);
    created.push(name);
  }
  return { created, kept };
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: "wx" });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AthanorError("CLI.CANNOT_WRITE", { path, reason }, { cause });
  }
}

/** Writes a file, whatever is there. Throws `CLI.CANNOT_WRITE`. */
export function replaceFile(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AthanorError("CLI.CANNOT_WRITE", { path, reason }, { cause });
  }
}

/** Says what was written and what was kept. */
export function printFiles({ created, kept }: WrittenFiles, output: Output): void {
  for (const name of created) output.line(`${output.style("green", "wrote")} ${name}`);
  for (const name of kept)
    output.line(`${output.style("dim", "kept ")} ${name} ${output.style("dim", "(it was there already)")}`);
}
