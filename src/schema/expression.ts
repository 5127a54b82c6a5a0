import { closingParenthesis, isIdentifier, isWord, type Token, tokenize } from "./lexer.ts";
import type { TableRef } from "./table.ts";

/** Words that cannot be a column's name without quotes: dropping their quotes would change what is meant. */
const reserved: ReadonlySet<string> = new Set(
  (
    "all alter and any array as asc between both by case cast check collate column constraint create cross " +
    "current_date current_time current_timestamp current_user default deferrable delete desc distinct do drop " +
    "else end escape except exists false fetch for foreign from full glob group having in index inner insert " +
    "intersect into is isnull join key leading left like limit match natural not notnull null offset on or " +
    "order outer primary references regexp returning right select session_user set some table then to " +
    "trailing transaction true union unique update user using values when where window with"
  ).split(" "),
);

/** A name in SQL, in quotes only where it needs them. */
export function nameText(name: string): string {
  return plainName.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

const plainName = /^[a-z_][a-z0-9_]*$/;

/**
 * One form for expressions that differ only in what no database tells apart: white space, comments, the case of
 * bare words, needless quotes round a name, `!=` for `<>`, `==` for `=`, and parentheses round the whole.
 */
export function normalizeExpression(sql: string): string {
  return writeTokens(tokenize(sql));
}

/** Tokens as text in the form of `normalizeExpression`. */
export function writeTokens(all: readonly Token[]): string {
  const tokens = withoutOuterParentheses(all);
  return tokens.map((token, at) => glue(tokens, at) + canonicalText(token)).join("");
}

function withoutOuterParentheses(tokens: readonly Token[]): readonly Token[] {
  let inside = tokens;
  while (
    inside[0]?.text === "(" &&
    closingParenthesis(inside, 0) === inside.length - 1 &&
    inside.at(-1)?.text === ")"
  ) {
    inside = inside.slice(1, -1);
  }
  return inside;
}

function canonicalText(token: Token): string {
  if (token.kind === "name") return token.text.toLowerCase();
  if (token.kind === "quoted") return nameText(token.value);
  if (token.kind === "number") return token.text.toLowerCase();
  if (token.text === "!=") return "<>";
  return token.text === "==" ? "=" : token.text;
}

const closers: ReadonlySet<string> = new Set([")", ",", ".", "[", "]", "::", ";"]);
const openers: ReadonlySet<string> = new Set(["(", ".", "[", "::"]);

/** The space between a token and the one before it. */
function glue(tokens: readonly Token[], at: number): string {
  const token = tokens[at]!;
  const before = tokens[at - 1];
  if (before === undefined || closers.has(token.text) || openers.has(before.text)) return "";
  if (token.text === "(") return isCall(before) ? "" : " ";
  const signed = isSign(before) && token.kind !== "operator" && isOperatorOrStart(tokens[at - 2]);
  return signed ? "" : " ";
}

function isCall(before: Token): boolean {
  if (before.kind === "quoted") return true;
  const word = before.text.toLowerCase();
  return before.kind === "name" && (word === "cast" || !reserved.has(word));
}

function isSign(token: Token): boolean {
  return token.text === "-" || token.text === "+";
}

/** Whether a sign that follows belongs to the number after it rather than to what stands before it. */
function isOperatorOrStart(token: Token | undefined): boolean {
  if (token === undefined || token.kind === "operator") return true;
  return (
    token.text === "(" ||
    token.text === "," ||
    (token.kind === "name" && reserved.has(token.text.toLowerCase()))
  );
}

/** Whether two expressions have the same normal form. */
export function sameExpression(a: string, b: string): boolean {
  return a === b || normalizeExpression(a) === normalizeExpression(b);
}

/** Whether a token names a column: an identifier that is neither a function, nor a qualifier, nor a keyword. */
export function isColumnName(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (!isIdentifier(token)) return false;
  if (token.kind === "name" && reserved.has(token.text.toLowerCase())) return false;
  const next = tokens[at + 1]?.text;
  return next !== "(" && next !== "." && !isWord(tokens[at - 1], "collate") && tokens[at - 1]?.text !== "::";
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The expression with every mention of the column `from` put as `to`; everything else stays as written. */
export function renameInExpression(sql: string, from: string, to: string): string {
  const tokens = tokenize(sql);
  return replace(sql, tokens, (token, at) =>
    isColumnName(tokens, at) && sameName(token.value, from) ? quotedLike(token, to) : null,
  );
}

/** The expression with the qualifier `from.` put as `to.`: what a renamed table leaves behind. */
export function renameQualifier(sql: string, from: string, to: string): string {
  const tokens = tokenize(sql);
  return replace(sql, tokens, (token, at) =>
    isIdentifier(token) && tokens[at + 1]?.text === "." && sameName(token.value, from) ? nameText(to) : null,
  );
}

/** The expression with every cast to the type `from` as one to `to`. */
export function renameCasts(sql: string, from: TableRef, to: TableRef): string {
  const tokens = tokenize(sql);
  const schema = to.schema === null ? "" : `${nameText(to.schema)}.`;
  return replace(sql, tokens, (token, at) => {
    if (!isIdentifier(token) || token.value !== from.name) return null;
    if (tokens[at - 1]?.text === "::" && tokens[at + 1]?.text !== ".") return schema + nameText(to.name);
    const qualified = tokens[at - 1]?.text === "." && tokens[at - 3]?.text === "::";
    const own = qualified && from.schema === to.schema && tokens[at - 2]?.value === (from.schema ?? "public");
    return own ? nameText(to.name) : null;
  });
}

function replace(
  sql: string,
  tokens: readonly Token[],
  replacement: (token: Token, at: number) => string | null,
): string {
  let result = "";
  let copied = 0;
  tokens.forEach((token, at) => {
    const text = replacement(token, at);
    if (text === null) return;
    result += sql.slice(copied, token.start) + text;
    copied = token.end;
  });
  return result + sql.slice(copied);
}

/** A name in the quotes of the one that it takes the place of, where those are of a kind of their own. */
function quotedLike(token: Token, name: string): string {
  return token.text.startsWith("`") ? `\`${name.replaceAll("`", "``")}\`` : nameText(name);
}

/** The names in an expression that may be columns, quotes taken off, in the order they are first mentioned. */
export function mentionedNames(sql: string): string[] {
  const tokens = tokenize(sql);
  return [...new Set(tokens.filter((_, at) => isColumnName(tokens, at)).map((token) => token.value))];
}

/** Whether an expression mentions the column, in any case. */
export function mentions(sql: string, column: string): boolean {
  return mentionedNames(sql).some((name) => sameName(name, column));
}

/** The statements of a script, without their semicolons; those inside a trigger's BEGIN … END stay together. */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  const tokens = tokenize(sql);
  let first = 0;
  let depth = 0;
  tokens.forEach((token, at) => {
    const trigger = isTrigger(tokens, first);
    if (trigger && (isWord(token, "begin") || isWord(token, "case"))) depth++;
    if (trigger && depth > 0 && isWord(token, "end")) depth--;
    if (token.text !== ";" || depth > 0) return;
    if (at > first) statements.push(sql.slice(tokens[first]!.start, token.start).trim());
    first = at + 1;
  });
  if (first < tokens.length) statements.push(sql.slice(tokens[first]!.start).trim());
  return statements;
}

function isTrigger(tokens: readonly Token[], first: number): boolean {
  if (!isWord(tokens[first], "create")) return false;
  return tokens.slice(first + 1, first + 4).some((token) => isWord(token, "trigger"));
}
