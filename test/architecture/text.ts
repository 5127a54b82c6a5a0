/** Rules about what stands inside one file: sizes, doc comments, words, errors, `any`. */
import { mayNameDatabases, mayTouchProcess } from "./layers.ts";
import { isNode, isOneOf, lineOf, type Node, type Problem, type SourceFile, walk } from "./source.ts";

const longestFile = 500;
const longestFunction = 80;
const databaseName = /sqlite|postgres|mysql|mariadb/i;
const bareErrors = [
  "Error",
  "TypeError",
  "RangeError",
  "SyntaxError",
  "EvalError",
  "ReferenceError",
  "URIError",
];

/** Files of 500 lines and functions of 80 at most. */
export function checkSize(files: readonly SourceFile[]): readonly Problem[] {
  return files.flatMap((file) => {
    const lines = lineOf(file.text, file.text.trimEnd().length);
    const problems: Problem[] = [];
    const add = (line: number, what: string): void =>
      void problems.push({ rule: "size", file: file.path, line, what });
    if (lines > longestFile) add(1, `${lines} lines, ${longestFile} are allowed; split it by subject`);
    walk(file.program, (node) => {
      if (!isFunction(node)) return;
      const first = lineOf(file.text, node.start);
      const length = lineOf(file.text, node.end) - first + 1;
      if (length > longestFunction) {
        add(first, `a function of ${length} lines, ${longestFunction} are allowed; give its parts names`);
      }
    });
    return problems;
  });
}

function isFunction(node: Node): boolean {
  return ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"].includes(node.type);
}

/** Every exported declaration has a doc comment where it is declared. */
export function checkDocumented(files: readonly SourceFile[]): readonly Problem[] {
  return files.flatMap((file) => {
    const seen = new Set<string>();
    return exportedDeclarations(file.program).flatMap(({ name, start }) => {
      if (seen.has(name)) return []; // the later overloads of a function share the first one's comment
      seen.add(name);
      if (hasDocComment(file, start)) return [];
      const what = `${name} is exported and has no doc comment; say what it means, its units, defaults and errors`;
      return [{ rule: "documented" as const, file: file.path, line: lineOf(file.text, start), what }];
    });
  });
}

interface Exported {
  readonly name: string;
  readonly start: number;
}

function exportedDeclarations(program: Node): readonly Exported[] {
  const statements = program["body"] as readonly Node[];
  const local = new Map<string, number>();
  for (const statement of statements)
    for (const name of declaredNames(statement)) local.set(name, statement.start);
  return statements.flatMap((statement) => {
    if (statement.type === "ExportDefaultDeclaration") return [{ name: "default", start: statement.start }];
    if (statement.type !== "ExportNamedDeclaration" || isNode(statement["source"])) return [];
    const { declaration } = statement;
    if (isNode(declaration))
      return declaredNames(declaration).map((name) => ({ name, start: statement.start }));
    return (statement["specifiers"] as readonly Node[]).flatMap((specifier) => {
      const name = (specifier["local"] as Node)["name"] as string;
      const start = local.get(name);
      return start === undefined ? [] : [{ name, start }];
    });
  });
}

function declaredNames(node: Node): readonly string[] {
  const holders = node.type === "VariableDeclaration" ? (node["declarations"] as readonly Node[]) : [node];
  return holders.flatMap(({ id }) => (isNode(id) && typeof id["name"] === "string" ? [id["name"]] : []));
}

function hasDocComment(file: SourceFile, start: number): boolean {
  const before = file.comments.filter((comment) => comment.end <= start).reverse();
  let at = start;
  for (const comment of before) {
    if (file.text.slice(comment.end, at).trim() !== "") return false;
    if (comment.type === "Block" && comment.value.startsWith("*")) return true;
    at = comment.start;
  }
  return false;
}

/** Databases are named in their folders; everywhere else one asks for a capability. */
export function checkDatabaseNames(files: readonly SourceFile[]): readonly Problem[] {
  return files.flatMap((file) => {
    if (file.layer !== null && isOneOf(file.layer, mayNameDatabases)) return [];
    const problems: Problem[] = [];
    walk(file.program, (node) => {
      const word = wordOf(node);
      if (word === null || !databaseName.test(word)) return;
      const what = `names a database: ${JSON.stringify(word.slice(0, 60))}; ask for a capability of the dialect`;
      problems.push({ rule: "database-names", file: file.path, line: lineOf(file.text, node.start), what });
    });
    return problems;
  });
}

/** The name or text a node stands for, comments being no nodes at all. */
function wordOf(node: Node): string | null {
  if (node.type === "Identifier" || node.type === "PrivateIdentifier") return node["name"] as string;
  if (node.type === "Literal") return typeof node["value"] === "string" ? node["value"] : null;
  if (node.type === "TemplateElement") return (node["value"] as { raw: string }).raw;
  return null;
}

/** Errors are coded: `AthanorError` for users, `InternalError` for broken promises. A bare one may be a cause. */
export function checkBareErrors(files: readonly SourceFile[]): readonly Problem[] {
  return files.flatMap((file) => {
    if (file.layer === "errors") return [];
    const problems: Problem[] = [];
    walk(file.program, (node, parent) => {
      const name = bareErrorOf(node);
      if (name === null || !leaves(parent)) return;
      const what = `makes a bare ${name}; throw an AthanorError with a code, or an InternalError`;
      problems.push({ rule: "bare-errors", file: file.path, line: lineOf(file.text, node.start), what });
    });
    return problems;
  });
}

function bareErrorOf(node: Node): string | null {
  if (node.type !== "NewExpression" && node.type !== "CallExpression") return null;
  const callee = node["callee"];
  if (!isNode(callee) || callee.type !== "Identifier") return null;
  const name = callee["name"] as string;
  return bareErrors.includes(name) ? name : null;
}

/** Whether what stands in `parent` is thrown, returned, kept to be thrown, or rejected with. */
function leaves(parent: Node | null): boolean {
  if (parent?.type !== "CallExpression")
    return parent?.type !== "NewExpression" && parent?.type !== "Property";
  const callee = parent["callee"] as Node;
  const name = callee.type === "MemberExpression" ? (callee["property"] as Node)["name"] : callee["name"];
  return name === "reject";
}

/** `console` and the end of the process belong to the command line. */
export function checkProcess(files: readonly SourceFile[]): readonly Problem[] {
  return files.flatMap((file) => {
    if (file.layer !== null && isOneOf(file.layer, mayTouchProcess)) return [];
    const problems: Problem[] = [];
    walk(file.program, (node) => {
      const used = processUse(node);
      if (used === null) return;
      const what = `uses ${used}; return a result or throw, and let the command line speak`;
      problems.push({ rule: "process", file: file.path, line: lineOf(file.text, node.start), what });
    });
    return problems;
  });
}

function processUse(node: Node): string | null {
  if (node.type !== "MemberExpression") return null;
  const object = node["object"] as Node;
  const property = node["property"] as Node;
  if (object.type !== "Identifier") return null;
  if (object["name"] === "console") return `console.${String(property["name"] ?? "…")}`;
  const ends = ["exit", "exitCode", "abort", "reallyExit"].includes(property["name"] as string);
  return object["name"] === "process" && ends ? `process.${String(property["name"])}` : null;
}

/** `any` stands only under a suppression that gives the reason. */
export function checkAny(files: readonly SourceFile[]): readonly Problem[] {
  return files.flatMap((file) => {
    const excused = excusedLines(file);
    const problems: Problem[] = [];
    walk(file.program, (node) => {
      if (node.type !== "TSAnyKeyword") return;
      const line = lineOf(file.text, node.start);
      if (excused.has(line)) return;
      const what =
        'any without a reason; use unknown, or "biome-ignore lint/suspicious/noExplicitAny: why" above it';
      problems.push({ rule: "any", file: file.path, line, what });
    });
    return problems;
  });
}

function excusedLines(file: SourceFile): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const comment of file.comments) {
    const match = /biome-ignore(-all|-start)? lint\/suspicious\/noExplicitAny: *\S+/.exec(comment.value);
    if (match === null) continue;
    const form = match[1];
    const first = lineOf(file.text, comment.start);
    const last =
      form === undefined ? lineOf(file.text, comment.end) + 1 : endOfRange(file, comment.end, form);
    for (let line = first; line <= last; line += 1) lines.add(line);
  }
  return lines;
}

function endOfRange(file: SourceFile, from: number, form: string): number {
  const end = file.comments.find(
    (c) => c.start > from && c.value.includes("biome-ignore-end lint/suspicious/noExplicitAny"),
  );
  return lineOf(file.text, form === "-all" || end === undefined ? file.text.length : end.start);
}
