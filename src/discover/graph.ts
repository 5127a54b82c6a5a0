import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { AthanorError } from "../errors/index.ts";
import { ImportResolver, type ImportTarget } from "./resolve-import.ts";
import { type FileFacts, mayConcernModels, scan } from "./scan.ts";

/** Facts that an earlier run kept, by the file's path from the root. */
export type KnownFacts = ReadonlyMap<string, FileFacts>;

/** One file, and where its imports lead. */
export interface GraphFile {
  readonly path: string;
  /** From the root, with `/`. */
  readonly name: string;
  readonly text: string;
  readonly facts: FileFacts;
  readonly targets: ReadonlyMap<string, ImportTarget>;
}

/** The files of a project by their imports, read as they are asked for and never run. */
export class ImportGraph {
  readonly root: string;
  readonly #known: KnownFacts;
  readonly #resolver = new ImportResolver();
  readonly #files = new Map<string, GraphFile>();

  constructor(root: string, known: KnownFacts) {
    this.root = root;
    this.#known = known;
  }

  /** The files that were read, with what is known of them. */
  get facts(): ReadonlyMap<string, FileFacts> {
    return new Map([...this.#files.values()].map(({ name, facts }) => [name, facts]));
  }

  /** A path as people see it: from the root, with `/`. */
  name(path: string): string {
    return relative(this.root, path).split(sep).join("/");
  }

  /** A file, scanned. Throws `DISCOVERY.SYNTAX` and `DISCOVERY.UNREADABLE`. */
  file(path: string): GraphFile {
    return this.#files.get(path) ?? this.#read(path, readSource(path, this.name(path)));
  }

  /** The same, or null for a file whose text has nothing to do with models; those are not parsed. */
  fileOfModels(path: string): GraphFile | null {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const text = readSource(path, this.name(path));
    return mayConcernModels(text) ? this.#read(path, text) : null;
  }

  #read(path: string, text: string): GraphFile {
    const name = this.name(path);
    const before = this.#known.get(name);
    const facts = before?.hash === hash("sha256", text, "hex") ? before : factsOf(path, text, name);
    const targets = new Map(
      facts.imports.map((specifier) => [specifier, this.#resolver.resolve(path, specifier)] as const),
    );
    const file: GraphFile = { path, name, text, facts, targets };
    this.#files.set(path, file);
    return file;
  }

  /** Where an import of a file leads. */
  target(file: GraphFile, specifier: string): ImportTarget {
    return file.targets.get(specifier) ?? this.#resolver.resolve(file.path, specifier);
  }

  /** A file and everything it imports, however far away, packages aside. */
  closure(path: string): readonly GraphFile[] {
    const seen = new Map<string, GraphFile>([[path, this.file(path)]]);
    for (const file of seen.values()) {
      for (const target of file.targets.values()) {
        if (target.kind === "file" && !seen.has(target.path)) seen.set(target.path, this.file(target.path));
      }
    }
    return [...seen.values()];
  }
}

function readSource(path: string, name: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AthanorError("DISCOVERY.UNREADABLE", { file: name, reason }, { cause });
  }
}

/** What is no code imports nothing. */
function factsOf(path: string, text: string, name: string): FileFacts {
  if (/\.(?:[cm]?[jt]s)$/.test(path)) return scan(path, text, name);
  return {
    hash: hash("sha256", text, "hex"),
    imports: [],
    opaque: false,
    env: [],
    transform: false,
    models: false,
    tables: [],
    heirs: false,
    makes: false,
    bases: [],
  };
}

/**
 * What a model file's tables depend on, as one number: the content of every file it imports, where the imports lead,
 * the versions of packages, and the variables of the environment that are read by name. Null where that cannot be
 * told without running it.
 */
export function closureKey(graph: ImportGraph, path: string): string | null {
  const lines: string[] = [];
  for (const file of graph.closure(path)) {
    if (file.facts.opaque) return null;
    lines.push(`${file.name} ${file.facts.hash}`);
    for (const [specifier, target] of file.targets) lines.push(`${specifier} ${targetLabel(graph, target)}`);
    for (const name of file.facts.env) lines.push(`$${name}=${JSON.stringify(process.env[name])}`);
  }
  return hash("sha256", lines.sort().join("\n"), "hex");
}

function targetLabel(graph: ImportGraph, target: ImportTarget): string {
  if (target.kind === "file") return graph.name(target.path);
  return target.kind === "package" ? target.id : target.kind;
}
