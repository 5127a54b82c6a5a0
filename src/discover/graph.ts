import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { AthanorError } from "../errors/index.ts";
import { componentsOf } from "../util/components.ts";
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

  /** The files that a file imports itself, packages aside. */
  imports(file: GraphFile): readonly GraphFile[] {
    return [...file.targets.values()].flatMap((target) =>
      target.kind === "file" ? [this.file(target.path)] : [],
    );
  }

  /** Files and everything they import, however far away, packages aside. */
  closure(paths: readonly string[]): readonly GraphFile[] {
    const seen = new Set(paths.map((path) => this.file(path)));
    for (const file of seen) for (const each of this.imports(file)) seen.add(each);
    return [...seen];
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
 * What the tables of model files depend on, as one number for each, by name: the content of every file it imports,
 * where the imports lead, the versions of packages, and the variables of the environment that are read by name. Null
 * where that cannot be told without running it. Files that import each other in circles have one number, made of
 * what they say and of the numbers of what they lead to: so each file is looked at once, however many import it.
 */
export function closureKeys(
  graph: ImportGraph,
  files: readonly GraphFile[],
): ReadonlyMap<string, string | null> {
  const keys = new Map<GraphFile, string | null>();
  for (const circle of componentsOf(files, (file) => graph.imports(file))) {
    const key = keyOf(circle, keys, graph);
    for (const file of circle) keys.set(file, key);
  }
  return new Map(files.map((file) => [file.name, keys.get(file) ?? null]));
}

function keyOf(
  circle: readonly GraphFile[],
  keys: ReadonlyMap<GraphFile, string | null>,
  graph: ImportGraph,
): string | null {
  const own = new Set(circle);
  const beyond = new Set(circle.flatMap((file) => graph.imports(file)).filter((file) => !own.has(file)));
  const further = [...beyond].map((file) => keys.get(file) ?? null);
  if (circle.some(({ facts }) => facts.opaque) || further.includes(null)) return null;
  const lines = circle.flatMap((file) => linesOf(graph, file));
  return hash("sha256", [...lines.sort(), ...further.sort()].join("\n"), "hex");
}

/** What a file says itself that its tables may depend on. */
function linesOf(graph: ImportGraph, file: GraphFile): readonly string[] {
  return [
    `${file.name} ${file.facts.hash}`,
    ...[...file.targets].map(
      ([specifier, target]) => `${file.name} ${specifier} ${targetLabel(graph, target)}`,
    ),
    ...file.facts.env.map((name) => `$${name}=${JSON.stringify(process.env[name])}`),
  ];
}

function targetLabel(graph: ImportGraph, target: ImportTarget): string {
  if (target.kind === "file") return graph.name(target.path);
  return target.kind === "package" ? target.id : target.kind;
}
