import type {
  ArrayExpressionElement,
  Expression,
  ObjectExpression,
  ObjectProperty,
  Program,
  Span,
} from "oxc-parser";
import { parseSync } from "oxc-parser";
import { AthanorError } from "../errors/index.ts";
import { revisionProblem } from "./revision-id.ts";

/** The header of a migration file: everything but its two functions. */
export interface ScriptHeader {
  readonly revision: string;
  /** None for a base, several for a merge. */
  readonly downRevisions: readonly string[];
  readonly branchLabels: readonly string[];
  readonly dependsOn: readonly string[];
  readonly message: string;
  readonly createdAt: string | null;
  /** False where each operation is to be committed by itself. */
  readonly transaction?: false;
  /** The revisions that were squashed into this one, itself aside: their files are gone. */
  readonly replaces?: readonly string[];
  /** Findings of `athanor lint` that are accepted: code, or code and subject (`LINT102 hero.age`), to the reason. */
  readonly ignore?: { readonly [finding: string]: string };
}

/** A file's text and the name people know it by. */
interface Source {
  readonly file: string;
  readonly text: string;
}

const known = [
  "revision",
  "downRevision",
  "branchLabels",
  "dependsOn",
  "message",
  "createdAt",
  "transaction",
  "replaces",
  "ignore",
  "upgrade",
  "downgrade",
] as const;

type HeaderKey = (typeof known)[number];

/**
 * Reads a migration file's header from its syntax tree; nothing of the file runs. Throws `SCRIPT.SYNTAX` or
 * `SCRIPT.HEADER` with the line.
 */
export function readHeader(file: string, text: string): ScriptHeader {
  const source: Source = { file, text };
  const { program, errors } = parseSync(file, text);
  const failure = errors.find((error) => error.severity === "Error");
  if (failure !== undefined) {
    const line = lineAt(text, failure.labels[0]?.start ?? 0);
    throw new AthanorError("SCRIPT.SYNTAX", { file, line, problem: failure.message });
  }
  const definition = findDefinition(source, program);
  const properties = readProperties(source, definition);
  const required = (key: HeaderKey): ObjectProperty =>
    properties.get(key) ?? fail(source, definition, `the migration does not say "${key}"`);
  for (const key of ["upgrade", "downgrade"] as const) required(key);
  const revision = readRevision(source, required("revision").value);
  return {
    revision,
    downRevisions: readDownRevision(source, required("downRevision").value),
    branchLabels: readList(source, properties.get("branchLabels"), "branchLabels"),
    dependsOn: readList(source, properties.get("dependsOn"), "dependsOn"),
    message: readText(source, required("message").value, "message"),
    createdAt: readCreatedAt(source, properties.get("createdAt")),
    ...readTransaction(source, properties.get("transaction")),
    ...readReplaces(source, properties.get("replaces")),
    ...readIgnore(source, properties.get("ignore")),
  };
}

/**
 * The same for a file whose header comes first, at a fraction of the time: what comes after it is not parsed. Where
 * that does not give a whole header, the whole file decides.
 */
export function readHeaderFirst(file: string, text: string): ScriptHeader {
  const end = text.search(/^[ \t]*upgrade\s*\(/m);
  if (end < 0) return readHeader(file, text);
  try {
    return readHeader(file, `${text.slice(0, end)}upgrade() {}, downgrade() {} });`);
  } catch {
    return readHeader(file, text);
  }
}

/** The 1-based line of an offset. */
function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function fail(source: Source, at: Span, problem: string): never {
  throw new AthanorError("SCRIPT.HEADER", {
    file: source.file,
    line: lineAt(source.text, at.start),
    problem,
  });
}

/** An expression without the parts that only types see. */
function plain(expression: Expression): Expression {
  switch (expression.type) {
    case "ParenthesizedExpression":
    case "TSSatisfiesExpression":
    case "TSAsExpression":
    case "TSNonNullExpression":
      return plain(expression.expression);
    default:
      return expression;
  }
}

/** The object that the file's default export hands to `migration`. */
function findDefinition(source: Source, program: Program): ObjectExpression {
  const exported = program.body.find((statement) => statement.type === "ExportDefaultDeclaration");
  if (exported === undefined) {
    return fail(source, { start: 0, end: 0 }, "there is no `export default migration({ … })`");
  }
  let value = exported.declaration as Expression;
  if (value.type === "Identifier") value = initialOf(program, value.name) ?? value;
  value = plain(value);
  if (value.type !== "CallExpression") {
    return fail(source, exported, "the default export is not `migration({ … })`");
  }
  const argument = value.arguments[0];
  if (argument === undefined || argument.type === "SpreadElement") {
    return fail(source, value, "`migration` is called without its object");
  }
  const object = plain(argument);
  if (object.type !== "ObjectExpression") {
    return fail(source, argument, "`migration` needs an object written in place: it is read, not run");
  }
  return object;
}

/** What a top-level constant of that name is set to. */
function initialOf(program: Program, name: string): Expression | null {
  for (const statement of program.body) {
    if (statement.type !== "VariableDeclaration") continue;
    for (const declared of statement.declarations) {
      if (declared.id.type === "Identifier" && declared.id.name === name) return declared.init;
    }
  }
  return null;
}

function readProperties(source: Source, definition: ObjectExpression): Map<HeaderKey, ObjectProperty> {
  const properties = new Map<HeaderKey, ObjectProperty>();
  for (const property of definition.properties) {
    if (property.type === "SpreadElement" || property.computed) {
      return fail(source, property, "the header is written in plain literals: no spread, no computed name");
    }
    const name = property.key.type === "Identifier" ? property.key.name : literalText(property.key);
    const key = known.find((candidate) => candidate === name);
    if (key === undefined) {
      return fail(source, property, `a migration has no "${name}"; there are ${known.join(", ")}`);
    }
    if (properties.has(key)) return fail(source, property, `"${key}" is said twice`);
    properties.set(key, property);
  }
  return properties;
}

/** The text of a literal, or null for anything else. */
function literalText(node: { readonly type: string }): string | null {
  const literal = node as Expression;
  if (literal.type === "Literal" && typeof literal.value === "string") return literal.value;
  if (literal.type === "TemplateLiteral" && literal.expressions.length === 0) {
    return literal.quasis[0]?.value.cooked ?? null;
  }
  return null;
}

function readText(source: Source, node: Expression | ArrayExpressionElement, what: string): string {
  const value = node === null ? null : literalText(plain(node as Expression));
  if (value !== null) return value;
  return fail(source, node ?? { start: 0, end: 0 }, `"${what}" must be a text in quotes`);
}

/** Characters with a meaning of their own in `athanor migrate <target>` cannot be part of an id. */
function readRevision(source: Source, node: Expression): string {
  const value = readText(source, node, "revision");
  const problem = revisionProblem(value);
  return problem === null ? value : fail(source, node, `"${value}" cannot be a revision id: ${problem}`);
}

function readDownRevision(source: Source, node: Expression): readonly string[] {
  const value = plain(node);
  if (value.type === "Literal" && value.value === null) return [];
  if (value.type === "ArrayExpression") {
    return value.elements.map((element) => readText(source, element, "downRevision"));
  }
  const one = literalText(value);
  if (one !== null) return [one];
  return fail(source, node, '"downRevision" must be a text in quotes, null, or a list of texts');
}

function readList(source: Source, property: ObjectProperty | undefined, what: string): readonly string[] {
  if (property === undefined) return [];
  const value = plain(property.value);
  if (value.type !== "ArrayExpression") {
    return fail(source, property, `"${what}" must be a list of texts in quotes`);
  }
  return value.elements.map((element) => readText(source, element, what));
}

function readCreatedAt(source: Source, property: ObjectProperty | undefined): string | null {
  if (property === undefined) return null;
  const value = readText(source, property.value, "createdAt");
  if (Number.isNaN(Date.parse(value))) {
    return fail(source, property, `"createdAt" is no time in ISO 8601: ${JSON.stringify(value)}`);
  }
  return value;
}

function readTransaction(
  source: Source,
  property: ObjectProperty | undefined,
): Pick<ScriptHeader, "transaction"> {
  if (property === undefined) return {};
  const value = plain(property.value);
  if (value.type === "Literal" && typeof value.value === "boolean") {
    return value.value ? {} : { transaction: false };
  }
  return fail(source, property, '"transaction" must be true or false');
}

function readReplaces(source: Source, property: ObjectProperty | undefined): Pick<ScriptHeader, "replaces"> {
  const replaces = readList(source, property, "replaces");
  return replaces.length === 0 ? {} : { replaces };
}

function readIgnore(source: Source, property: ObjectProperty | undefined): Pick<ScriptHeader, "ignore"> {
  if (property === undefined) return {};
  const value = plain(property.value);
  if (value.type !== "ObjectExpression") {
    return fail(
      source,
      property,
      '"ignore" must give a reason to each code: { LINT102: "nothing reads it" }',
    );
  }
  const reasons = value.properties.map((each): readonly [string, string] => {
    if (each.type === "SpreadElement" || each.computed) {
      return fail(source, each, '"ignore" is written in plain literals: no spread, no computed name');
    }
    const code = each.key.type === "Identifier" ? each.key.name : literalText(each.key);
    const reason = literalText(plain(each.value));
    if (code !== null && reason !== null && reason.trim() !== "") return [code, reason];
    return fail(source, each, `"ignore" must say in quotes why ${code ?? "a finding"} is accepted`);
  });
  return { ignore: Object.fromEntries(reasons) };
}

/**
 * The text of a migration file with another `downRevision`, all else as it stands. Throws `SCRIPT.SYNTAX` or
 * `SCRIPT.HEADER` as `readHeader` does.
 */
export function rewriteDownRevision(file: string, text: string, downRevisions: readonly string[]): string {
  const source: Source = { file, text };
  readHeader(file, text);
  const { program } = parseSync(file, text);
  const property = readProperties(source, findDefinition(source, program)).get("downRevision");
  if (property === undefined) return text;
  const [only, ...others] = downRevisions.map((id) => JSON.stringify(id));
  const value =
    only === undefined ? "null" : others.length === 0 ? only : `[${[only, ...others].join(", ")}]`;
  return text.slice(0, property.value.start) + value + text.slice(property.value.end);
}
