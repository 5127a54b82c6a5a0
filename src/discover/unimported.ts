import { AthanorError } from "../errors/index.ts";
import { ImportGraph } from "./graph.ts";
import { sourceFiles, type WalkOptions } from "./walk.ts";

/**
 * Throws `DISCOVERY.NOT_IMPORTED` where files of the project define models that this program has not imported:
 * `tables` are the names of those it has. Files are read, never run.
 */
export function demandImported(options: WalkOptions, tables: ReadonlySet<string>): void {
  const graph = new ImportGraph(options.root, new Map());
  const files = sourceFiles(options).filter((path) =>
    graph.fileOfModels(path)?.facts.tables.some((name) => !tables.has(name)),
  );
  if (files.length === 0) return;
  throw new AthanorError("DISCOVERY.NOT_IMPORTED", { files: files.map((path) => graph.name(path)) });
}
