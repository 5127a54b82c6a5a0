import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { type Comment, parseSync } from "oxc-parser";
import type { RuleName } from "./exceptions.ts";
import { layers } from "./layers.ts";

/** The root of the repository. */
export const root: string = join(import.meta.dirname, "../..");

/** A node of the syntax tree, as far as the rules need to know it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** One parsed file of `src`. */
export interface SourceFile {
  /** From the root of the repository, with slashes: `src/diff/tables.ts`. */
  readonly path: string;
  /** The folder in the table of layers, `dialect/<name>` for a database; null for an entry at the root of `src`. */
  readonly layer: string | null;
  readonly text: string;
  readonly program: Node;
  readonly comments: readonly Comment[];
  readonly imports: readonly Import[];
}

/** One import of a file, in any of its forms. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Whether the import is still there at run time: `import { type A }` is, `import type { A }` is not. */
  readonly value: boolean;
  /** `import()`, loaded when it is reached. */
  readonly lazy: boolean;
  /** The file it leads to, from the root of the repository; null for packages. */
  readonly target: string | null;
}

/** One breach of one rule, and what to do about it. */
export interface Problem {
  readonly rule: RuleName;
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

/** Every file of `src`, tests aside. */
export function readSources(): readonly SourceFile[] {
  const paths = globSync("src/**/*.ts", { cwd: root }).map((path) => path.replaceAll("\\", "/"));
  return paths
    .filter((path) => !path.endsWith(".test.ts"))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(root, path), "utf8")));
}

/** Parses one file; `path` decides its layer. */
export function parseSource(path: string, text: string): SourceFile {
  const parsed = parseSync(path, text);
  const [error] = parsed.errors;
  if (error) throw new Error(`${path} does not parse: ${error.message}`);
  const program = parsed.program as unknown as Node;
  const imports = findImports(path, text, program);
  return { path, layer: layerOf(path), text, program, comments: parsed.comments, imports };
}

/** The layer a file of `src` stands in; null for the entries at its root. */
export function layerOf(path: string): string | null {
  const [, folder, second, third] = path.split("/");
  if (folder === undefined || second === undefined) return null;
  return folder === "dialect" && third !== undefined ? `dialect/${second}` : folder;
}

/** The row of the table that `layer` has: all databases share one. */
export function rowName(layer: string): string {
  return layer in layers ? layer : layer.replace(/^dialect\/.+$/, "dialect/*");
}

/** Whether `layer` is one of `names`, which say `dialect/*` for every database. */
export function isOneOf(layer: string, names: readonly string[]): boolean {
  return names.includes(layer) || names.includes(rowName(layer));
}

/** The line of an offset, counted from 1. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** Calls `visit` for every node, outermost first, with the node around it. */
export function walk(
  node: Node,
  visit: (node: Node, parent: Node | null) => void,
  parent: Node | null = null,
): void {
  visit(node, parent);
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) walk(item, visit, node);
    } else if (isNode(value)) walk(value, visit, node);
  }
}

/** Whether a property of a node is a node itself. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function findImports(path: string, text: string, program: Node): readonly Import[] {
  const found: Import[] = [];
  walk(program, (node) => {
    const source = node["source"];
    if (!isNode(source) || typeof source["value"] !== "string") return;
    const kind = importForms[node.type];
    if (kind === undefined) return;
    const specifier = source["value"];
    const typeOnly = node["importKind"] === "type" || node["exportKind"] === "type";
    found.push({
      specifier,
      line: lineOf(text, node.start),
      value: kind !== "type" && !typeOnly,
      lazy: kind === "lazy",
      target: specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : null,
    });
  });
  return found;
}

const importForms: Readonly<Record<string, "static" | "lazy" | "type">> = {
  ImportDeclaration: "static",
  ExportNamedDeclaration: "static",
  ExportAllDeclaration: "static",
  ImportExpression: "lazy",
  TSImportType: "type",
};
