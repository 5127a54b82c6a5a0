import { AthanorError } from "../errors/index.ts";
import type { GraphFile, ImportGraph } from "./graph.ts";
import { findFiles, usualPaths, type WalkOptions } from "./walk.ts";

/** How candidates are chosen. */
export interface CandidateOptions extends WalkOptions {
  /** False imports the files of the paths, whatever they hold. Default true. */
  readonly auto?: boolean;
}

/**
 * The files that define models, sorted: those whose syntax tree has a class that extends `Model(…)`, or a call of a
 * function that makes models; also what files that were named outright import. Throws `DISCOVERY.NO_MODELS`.
 */
export function modelFiles(graph: ImportGraph, options: CandidateOptions): readonly GraphFile[] {
  const { files, named } = findFiles(options);
  const chosen = new Map<string, GraphFile>();
  for (const path of files) {
    const file = options.auto === false || named.has(path) ? graph.file(path) : graph.fileOfModels(path);
    if (file === null) continue;
    if (options.auto === false || definesModels(graph, file)) chosen.set(path, file);
    else if (named.has(path)) addNamed(graph, file, chosen);
  }
  if (chosen.size === 0) {
    throw new AthanorError("DISCOVERY.NO_MODELS", {
      paths: options.paths.length > 0 ? options.paths : usualPaths,
      files: files.length,
    });
  }
  return [...chosen.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A file that was named outright may gather models from others: an index file does. */
function addNamed(graph: ImportGraph, file: GraphFile, chosen: Map<string, GraphFile>): void {
  for (const each of graph.closure([file.path])) {
    if (definesModels(graph, each)) chosen.set(each.path, each);
  }
}

/** Whether a file makes a model when it is imported. */
export function definesModels(graph: ImportGraph, file: GraphFile): boolean {
  if (file.facts.models) return true;
  return file.facts.bases.some((from) => {
    if (from === null) return file.facts.makes;
    const target = graph.target(file, from);
    if (target.kind !== "file") return false;
    return graph.closure([target.path]).some((each) => each.facts.makes);
  });
}
