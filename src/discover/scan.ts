import { hash } from "node:crypto";
import { type EcmaScriptModule, type ParserOptions, parseSync } from "oxc-parser";
import { AthanorError } from "../errors/index.ts";

/** What a file's text says of it, without running it. Plain data. */
export interface FileFacts {
  /** Of the content. */
  readonly hash: string;
  /** What it imports at run time, as it is written. */
  readonly imports: readonly string[];
  /** It imports or reads something that only running it tells. */
  readonly opaque: boolean;
  /** The variables of the environment that it reads by name. */
  readonly env: readonly string[];
  /** It has syntax that has to be transformed: decorators, enums and their like. */
  readonly transform: boolean;
  /** It makes a model as soon as it is imported. */
  readonly models: boolean;
  /** The names of its tables, where they stand as plain strings. */
  readonly tables: readonly string[];
  /** One of its models shares the table of a model of another file. */
  readonly heirs: boolean;
  /** It has a function that makes models. */
  readonly makes: boolean;
  /** Calls that its classes extend and that may make models: the function, and where it was imported from. */
  readonly bases: readonly (string | null)[];
}

/** What makes objects beside tables: a file that imports it at run time may export some. */
const objectsDoor = "athanor/objects";

/** What makes models. */
const makers: ReadonlySet<string> = new Set(["Model", "SubModel"]);

/** Whether a text could have anything to do with models: worth a parse. */
export function mayConcernModels(text: string): boolean {
  return text.includes("Model") || text.includes(objectsDoor) || /\bextends\s+[\w$.]+\s*\(/.test(text);
}

/** Reads a file's syntax tree. Throws `DISCOVERY.SYNTAX`, with `name` for the file. */
export function scan(file: string, text: string, name: string): FileFacts {
  const isTypeScript = file.endsWith("ts");
  const options: ParserOptions = { lang: isTypeScript ? "ts" : "js", sourceType: "module" };
  const { program, errors, module } = parseSync(file, text, options);
  const [error] = errors;
  if (error !== undefined) {
    const at = error.labels[0]?.start ?? 0;
    const line = text.slice(0, at).split("\n").length;
    throw new AthanorError("DISCOVERY.SYNTAX", { file: name, line, problem: error.message });
  }
  const wanted = mayConcernModels(text) || mayNeedTransform(text);
  const tree = wanted ? readTree(program as unknown as Node, namesOf(module)) : nothing;
  const imports = importsOf(module, text);
  const models = tree.models || imports.imports.includes(objectsDoor);
  return { hash: hash("sha256", text, "hex"), ...imports, ...tree, models };
}

type Imports = Pick<FileFacts, "imports" | "opaque" | "env">;

/** Imports of types are gone at run time. */
function importsOf(module: EcmaScriptModule, text: string): Imports {
  const isType = (start: number): boolean =>
    /^(?:import|export)\s+type\b(?!\s*(?:,|from\b))/.test(text.slice(start, start + 80));
  const imports = new Set<string>();
  for (const { start, moduleRequest } of module.staticImports) {
    if (!isType(start)) imports.add(moduleRequest.value);
  }
  for (const { start, entries } of module.staticExports) {
    const request = entries[0]?.moduleRequest;
    if (request && !isType(start)) imports.add(request.value);
  }
  let opaque = /\brequire\s*\(|\bcreateRequire\b|\bnode:fs\b|["']fs["']/.test(text);
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^(["'`])([^"'`$\\]*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    if (literal === null) opaque = true;
    else imports.add(literal[2]!);
  }
  const env = new Set<string>();
  for (const [, dot, quoted] of text.matchAll(/\bprocess\.env\b(?:\.(\w+)|\[\s*["'](\w+)["']\s*\])?/g)) {
    const name = dot ?? quoted;
    if (name === undefined) opaque = true;
    else env.add(name);
  }
  return { imports: [...imports].sort(), opaque, env: [...env].sort() };
}

/** Local names of what makes models, and where every other name was imported from. */
interface Names {
  readonly makers: ReadonlySet<string>;
  readonly origins: ReadonlyMap<string, string>;
}

function namesOf(module: EcmaScriptModule): Names {
  const local = new Set(makers);
  const origins = new Map<string, string>();
  for (const { entries, moduleRequest } of module.staticImports) {
    for (const { importName, localName } of entries) {
      origins.set(localName.value, moduleRequest.value);
      if (importName.name === null) continue;
      if (makers.has(importName.name)) local.add(localName.value);
      else local.delete(localName.value);
    }
  }
  return { makers: local, origins };
}

/** The part of a syntax tree that is looked at. */
interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

type Tree = Omit<FileFacts, "hash" | keyof Imports>;
const nothing: Tree = { transform: false, models: false, tables: [], heirs: false, makes: false, bases: [] };

function readTree(program: Node, names: Names): Tree {
  const tree = { transform: false, models: false, tables: [] as string[], heirs: false, makes: false };
  const bases = new Set<string | null>();
  const visit = (node: Node, inFunction: boolean): void => {
    if (needsTransform(node)) tree.transform = true;
    const maker = makerOf(node, names);
    if (maker !== null) {
      if (inFunction) tree.makes = true;
      else tree.models = true;
      if (maker === "SubModel") tree.heirs = true;
      const [first] = node["arguments"] as readonly unknown[];
      if (!inFunction && maker === "Model" && isNode(first) && typeof first["value"] === "string")
        tree.tables.push(first["value"]);
    }
    const base = node["superClass"];
    if (isNode(base) && base.type === "CallExpression" && makerOf(base, names) === null) {
      const callee = base["callee"];
      if (isNode(callee) && callee.type === "Identifier")
        bases.add(names.origins.get(callee["name"] as string) ?? null);
    }
    const inside = inFunction || functions.has(node.type);
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) visit(item, inside);
      } else if (isNode(value)) visit(value, inside);
    }
  };
  visit(program, false);
  return { ...tree, bases: [...bases] };
}

const functions: ReadonlySet<string> = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
]);

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** `Model` or `SubModel` for a call of it, under whatever name, or of something's `.Model(…)`. */
function makerOf(node: Node, names: Names): string | null {
  if (node.type !== "CallExpression" || !isNode(node["callee"])) return null;
  const callee = node["callee"];
  const isMember = callee.type === "MemberExpression" && isNode(callee["property"]);
  const name = isMember ? (callee["property"] as Node)["name"] : callee["name"];
  if (typeof name !== "string") return null;
  if (isMember) return makers.has(name) ? name : null;
  if (!names.makers.has(name)) return null;
  return makers.has(name) ? name : "Model";
}

/** A quick look: whether a text could have syntax that Node does not take. */
function mayNeedTransform(text: string): boolean {
  return /\benum\b|\bnamespace\b|\bmodule\b|@\w|\b(?:public|private|protected|readonly)\b|\bimport\s+\w+\s*=|\bexport\s*=/.test(
    text,
  );
}

/** Syntax that cannot simply be erased. */
function needsTransform(node: Node): boolean {
  switch (node.type) {
    case "Decorator":
    case "TSImportEqualsDeclaration":
    case "TSExportAssignment":
    case "TSParameterProperty":
      return node["importKind"] !== "type";
    case "TSEnumDeclaration":
      return node["declare"] !== true;
    case "TSModuleDeclaration":
      return node["declare"] !== true && node["kind"] !== "global" && hasValues(node["body"]);
    default:
      return false;
  }
}

/** A namespace of types alone is erased. */
function hasValues(body: unknown): boolean {
  if (!isNode(body)) return false;
  const statements = body["body"];
  if (!Array.isArray(statements)) return isNode(statements) ? hasValues(statements) : true;
  return statements.some((statement: Node) => {
    const declared = statement["declaration"];
    const inner = isNode(declared) ? declared : statement;
    return !["TSTypeAliasDeclaration", "TSInterfaceDeclaration"].includes(inner.type);
  });
}
