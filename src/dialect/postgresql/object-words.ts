import type { ObjectKind, ObjectRef, SchemaObject } from "../../schema/index.ts";
import { closingParenthesis, isWord, type Token, tryTokenize } from "../../schema/lexer.ts";
import { quoteName, quoteTable } from "./quote.ts";

/** How PostgreSQL's statements speak of what stands beside tables. */

const keywords: Partial<Readonly<Record<ObjectKind, string>>> = {
  enum: "TYPE",
  composite: "TYPE",
  range: "TYPE",
  materializedView: "MATERIALIZED VIEW",
  foreignDataWrapper: "FOREIGN DATA WRAPPER",
  foreignTable: "FOREIGN TABLE",
  eventTrigger: "EVENT TRIGGER",
  textSearchDictionary: "TEXT SEARCH DICTIONARY",
  textSearchConfiguration: "TEXT SEARCH CONFIGURATION",
  operatorFamily: "OPERATOR FAMILY",
  operatorClass: "OPERATOR CLASS",
};

/** The word for a kind: `MATERIALIZED VIEW`. */
export function keyword(kind: ObjectKind): string {
  return keywords[kind] ?? kind.toUpperCase();
}

/** The kinds whose names say nothing without what they hang on. */
const named: ReadonlySet<string> = new Set(["trigger", "policy", "rule"]);

/** The name in the statement that creates it. */
export function createdName(ref: ObjectRef): string {
  if (named.has(ref.kind) || ref.kind === "index") return quoteName(ref.name);
  return plainName(ref);
}

function plainName(ref: ObjectRef): string {
  if (ref.kind === "operator") return ref.schema === null ? ref.name : `${quoteName(ref.schema)}.${ref.name}`;
  return ref.kind === "cast" ? `(${ref.name})` : quoteTable(ref);
}

/** The name as every other statement has it: with the types of arguments, or the table it hangs on. */
export function fullName(ref: ObjectRef): string {
  if (named.has(ref.kind) && ref.table !== null) return `${quoteName(ref.name)} ON ${quoteTable(ref.table)}`;
  if (ref.kind === "operator") return `${plainName(ref)} (${ref.signature ?? ""})`;
  if (isOfMethod(ref)) return `${plainName(ref)} USING ${quoteName(ref.signature ?? "btree")}`;
  return ref.signature === null ? plainName(ref) : `${plainName(ref)}(${ref.signature})`;
}

/** Whether it is for one method of indexes: those of others may have its name. */
export function isOfMethod({ kind }: Pick<ObjectRef, "kind">): boolean {
  return kind === "operatorFamily" || kind === "operatorClass";
}

/** Tokens of a definition; none where it cannot be read. */
export function tokensOf(definition: string): readonly Token[] {
  return tryTokenize(definition) ?? [];
}

/** Tokens cut where a comma stands outside of parentheses. */
export function splitAtCommas(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.text === ",") {
      parts.push([]);
      continue;
    }
    const end = token.text === "(" || token.text === "[" ? closing(tokens, at) : at;
    parts.at(-1)!.push(...tokens.slice(at, end + 1));
    at = end;
  }
  return parts.filter((part) => part.length > 0);
}

function closing(tokens: readonly Token[], open: number): number {
  if (tokens[open]!.text === "(") return closingParenthesis(tokens, open);
  const end = tokens.findIndex((token, at) => at > open && token.text === "]");
  return end < 0 ? tokens.length - 1 : end;
}

/** The text that tokens stand for, in `sql`. */
export function textOf(sql: string, tokens: readonly Token[]): string {
  return sql.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0);
}

/** Words in one form: bare ones in lower case, one space between. */
export function formOf(tokens: readonly Token[]): string {
  return tokens.map((token) => (token.kind === "name" ? token.text.toLowerCase() : token.text)).join(" ");
}

const afterHeader = [
  "language",
  "as",
  "window",
  "immutable",
  "stable",
  "volatile",
  "not",
  "leakproof",
  "called",
  "strict",
  "external",
  "security",
  "parallel",
  "cost",
  "rows",
  "support",
  "set",
  "transform",
  "begin",
  "return",
];

/** What callers of a routine see: its arguments and what it returns. */
export interface RoutineHeader {
  readonly form: string;
  /** How many arguments may be left out. */
  readonly defaults: number;
}

/** Reads the header of a routine's definition. */
export function headerOf(definition: string): RoutineHeader {
  const tokens = tokensOf(definition);
  const close = tokens[0]?.text === "(" ? closingParenthesis(tokens, 0) : -1;
  const found = tokens.findIndex(
    (token, at) =>
      at > close && afterHeader.some((word) => isWord(token, word)) && !isWord(tokens[at - 1], "returns"),
  );
  const returned = tokens.slice(close + 1, found < 0 ? undefined : found);
  let defaults = 0;
  const parts = splitAtCommas(tokens.slice(1, Math.max(close, 1))).map((part) => {
    const cut = part.findIndex(
      (token) => isWord(token, "default") || token.text === "=" || token.text === ":=",
    );
    if (cut < 0) return formOf(part);
    defaults += 1;
    return formOf(part.slice(0, cut));
  });
  return { form: `(${parts.join(", ")}) ${formOf(returned)}`, defaults };
}

/** Whether CREATE OR REPLACE does: callers see the same, and may leave out as much as before. */
export function isReplaceable(from: SchemaObject, to: SchemaObject): boolean {
  const [old, now] = [headerOf(from.definition), headerOf(to.definition)];
  return old.form === now.form && now.defaults >= old.defaults;
}

/** A tag for dollar quotes that the text does not have. */
export function dollarTag(text: string): string {
  let tag = "$athanor$";
  for (let n = 1; text.includes(tag); n++) tag = `$athanor${n}$`;
  return tag;
}
