import { relative, sep } from "node:path";
import { AthanorError } from "../errors/index.ts";
import { sourceFiles, tableNames, type WalkOptions } from "./candidates.ts";

/**
 * Throws `DISCOVERY.NOT_IMPORTED` where files of the project define models that this program has not imported:
 * `tables` are the names of those it has. Files are read, never run.
 */
export function demandImported(options: WalkOptions, tables: ReadonlySet<string>): void {
  const files = sourceFiles(options).filter((file) =>
    tableNames(file, options.root).some((name) => !tables.has(name)),
  );
  if (files.length === 0) return;
  const names = files.map((file) => relative(options.root, file).split(sep).join("/"));
  throw new AthanorError("DISCOVERY.NOT_IMPORTED", { files: names });
}
