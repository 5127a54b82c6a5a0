import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { type ParserOptions, parseSync } from "oxc-parser";
import { AthanorError } from "../errors/index.ts";

const endings: readonly string[] = [".ts", ".mts", ".js", ".mjs"];

/** Where models are looked for. */
export interface WalkOptions {
  /** The project's root, absolute. */
  readonly root: string;
  /** Files and folders, from the root; none means the usual ones. */
  readonly paths: readonly string[];
  /** Names of path segments that are passed over. */
  readonly exclude: readonly string[];
}

/** Looked in where no path is configured: the first of these that are there, else the whole project. */
const usualPaths: readonly string[] = ["models", "src", "app"];

/** Every source file under the paths, sorted, none twice. Throws `DISCOVERY.PATH_MISSING`. */
export function sourceFiles({ root, paths, exclude }: WalkOptions): string[] {
  const excluded = new Set(exclude);
  const configured = paths.length > 0;
  const starts = configured ? paths : usualPaths.filter((path) => exists(join(root, path)));
  const files = new Set<string>();
  for (const start of starts.length > 0 ? starts : ["."]) {
    const path = join(root, start);
    if (!exists(path)) throw new AthanorError("DISCOVERY.PATH_MISSING", { path: start });
    walk(path, excluded, files);
  }
  return [...files].sort();
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Whole segments count: `env` leaves `env/` out and not `environment/`. */
function walk(path: string, excluded: ReadonlySet<string>, files: Set<string>): void {
  if (statSync(path).isFile()) {
    files.add(path);
    return;
  }
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (excluded.has(entry.name) || entry.name.startsWith(".")) continue;
    const child = join(path, entry.name);
    if (entry.isDirectory()) walk(child, excluded, files);
    else if (isSource(entry.name)) files.add(child);
  }
}

function isSource(name: string): boolean {
  if (name.endsWith(".d.ts") || name.endsWith(".d.mts") || /\.(?:test|spec)\.\w+$/.test(name)) return false;
  return endings.some((ending) => name.endsWith(ending));
}

/** The part of a syntax tree that is looked at. */
interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/**
 * Whether a file defines a model: a class whose superclass is a call of `Model(…)` or of something's `.Model(…)`.
 * Read from the syntax tree, so that a comment or a string cannot look like one. Throws `DISCOVERY.SYNTAX`.
 */
export function definesModel(file: string, root: string): boolean {
  return modelCalls(file, root).length > 0;
}

/** The names of the tables that a file's models are of, where they stand as plain strings. */
export function tableNames(file: string, root: string): string[] {
  return modelCalls(file, root).flatMap((call) => {
    const [first] = call["arguments"] as readonly unknown[];
    return isNode(first) && typeof first["value"] === "string" ? [first["value"]] : [];
  });
}

/** The calls of `Model(…)` that classes of a file extend. */
function modelCalls(file: string, root: string): Node[] {
  const source = readFileSync(file, "utf8");
  if (!source.includes("Model")) return [];
  const options: ParserOptions = { lang: file.endsWith("ts") ? "ts" : "js", sourceType: "module" };
  const { program, errors } = parseSync(file, source, options);
  const [error] = errors;
  if (error !== undefined) {
    const at = error.labels[0]?.start ?? 0;
    throw new AthanorError("DISCOVERY.SYNTAX", {
      file: relative(root, file).split(sep).join("/"),
      line: source.slice(0, at).split("\n").length,
      problem: error.message,
    });
  }
  return callsIn(program as unknown as Node);
}

function callsIn(node: Node): Node[] {
  const isClass = node.type === "ClassDeclaration" || node.type === "ClassExpression";
  const base = node["superClass"];
  const own = isClass && isModelCall(base) ? [base as Node] : [];
  const inner = Object.values(node).flatMap((value) => {
    if (Array.isArray(value)) return value.flatMap((item) => (isNode(item) ? callsIn(item) : []));
    return isNode(value) ? callsIn(value) : [];
  });
  return [...own, ...inner];
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function isModelCall(node: unknown): boolean {
  if (!isNode(node) || node.type !== "CallExpression" || !isNode(node["callee"])) return false;
  const callee = node["callee"];
  if (callee.type === "Identifier") return callee["name"] === "Model";
  return (
    callee.type === "MemberExpression" && isNode(callee["property"]) && callee["property"]["name"] === "Model"
  );
}
