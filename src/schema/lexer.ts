import { AthanorError } from "../errors/index.ts";

/**
 * A tokenizer of SQL text, after the lexical rules that SQLite, PostgreSQL and MySQL share: enough to read a
 * definition back, to compare expressions and to rename what they mention, never to understand a statement.
 */

/** What a token is. `name` is a bare word, `quoted` an identifier in quotes, `string` a literal. */
export type TokenKind = "name" | "quoted" | "string" | "number" | "operator" | "punctuation" | "parameter";

/** One token, with where it stands. */
export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** The name or string meant, quotes taken off; a bare word as written. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Where databases read the same characters in different ways. */
export interface LexicalRules {
  /** `[name]` is always an identifier; otherwise only where it cannot be a subscript. */
  readonly brackets: boolean;
  /** Block comments nest. */
  readonly nestedComments: boolean;
  /** `$tag$ … $tag$` and `E'…'` are strings. */
  readonly dollarAndEscapeStrings: boolean;
}

/** The rules that suit text of any database, as the standard and PostgreSQL have them. */
export const standardRules: LexicalRules = {
  brackets: false,
  nestedComments: true,
  dollarAndEscapeStrings: true,
};

const space = /[\s\u00a0]+/y;
const lineComment = /--[^\n]*/y;
const blob = /[xX]'(?:[0-9A-Fa-f]{2})*'/y;
const dollarQuote = /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const number = /0[xX][0-9A-Fa-f_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const name = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const parameter = /\?\d*|[:@][A-Za-z_]\w*|\$\d+/y;
const operator =
  /->>|->|#>>|#>|@>|<@|\|\||\|\/|<>|!=|<=>|<=|>=|==|<<|>>|::|:=|!~~?\*?|~~?\*?|[-+*/%&|^~<>=!#@?:]/y;

/** The tokens of `sql`, white space and comments left out. Throws `SCHEMA.SQL_UNREADABLE` for an open quote. */
export function tokenize(sql: string, rules: LexicalRules = standardRules): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const skipped = skip(sql, at, rules);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const token = readToken(sql, at, rules);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

/** The same; null for what cannot be read. */
export function tryTokenize(sql: string): readonly Token[] | null {
  try {
    return tokenize(sql);
  } catch {
    return null;
  }
}

function match(pattern: RegExp, sql: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0] ?? null;
}

function skip(sql: string, at: number, rules: LexicalRules): number {
  const blank = match(space, sql, at) ?? match(lineComment, sql, at);
  if (blank !== null) return at + blank.length;
  return sql.startsWith("/*", at) ? endOfComment(sql, at, rules.nestedComments) : at;
}

/** An unclosed comment reaches the end, as in SQLite. */
function endOfComment(sql: string, start: number, nested: boolean): number {
  let depth = 1;
  let at = start + 2;
  while (at < sql.length && depth > 0) {
    if (sql.startsWith("*/", at)) {
      depth--;
      at += 2;
    } else if (nested && sql.startsWith("/*", at)) {
      depth++;
      at += 2;
    } else at++;
  }
  return at;
}

function readToken(sql: string, at: number, rules: LexicalRules): Token {
  const first = sql[at]!;
  const binary = match(blob, sql, at);
  if (binary !== null) return token("string", binary, binary.toLowerCase(), at);
  if (first === "'") return quotedToken("string", sql, at, "'", "'");
  const escapes = rules.dollarAndEscapeStrings;
  if (escapes && (first === "E" || first === "e") && sql[at + 1] === "'") return escapeString(sql, at);
  if (first === '"') return quotedToken("quoted", sql, at, '"', '"');
  if (first === "`") return quotedToken("quoted", sql, at, "`", "`");
  if (first === "[") return bracketed(sql, at, rules.brackets);
  const dollar = escapes ? match(dollarQuote, sql, at) : null;
  if (dollar !== null) return dollarString(sql, at, dollar);
  const digits = match(number, sql, at);
  if (digits !== null) return token("number", digits, digits, at);
  const word = match(name, sql, at);
  if (word !== null) return token("name", word, word, at);
  const bound = match(parameter, sql, at);
  if (bound !== null) return token("parameter", bound, bound, at);
  const sign = match(operator, sql, at);
  if (sign !== null) return token("operator", sign, sign, at);
  return token("punctuation", first, first, at);
}

function token(kind: TokenKind, text: string, value: string, start: number): Token {
  return { kind, text, value, start, end: start + text.length };
}

function unclosed(sql: string, at: number): AthanorError {
  return new AthanorError("SCHEMA.SQL_UNREADABLE", { sql, position: at });
}

function quotedToken(kind: TokenKind, sql: string, start: number, open: string, close: string): Token {
  let value = "";
  let at = start + open.length;
  for (;;) {
    const end = sql.indexOf(close, at);
    if (end < 0) throw unclosed(sql, start);
    value += sql.slice(at, end);
    if (sql[end + 1] !== close) return token(kind, sql.slice(start, end + 1), value, start);
    value += close;
    at = end + 2;
  }
}

/** `[name]` is an identifier in SQLite; an array subscript elsewhere has a digit, a colon or nothing inside. */
function bracketed(sql: string, start: number, always: boolean): Token {
  const end = sql.indexOf("]", start);
  if (end < 0 && always) throw unclosed(sql, start);
  const inside = end < 0 ? "" : sql.slice(start + 1, end);
  if (!always && !/^[A-Za-z_\u0080-\uffff]/.test(inside)) return token("punctuation", "[", "[", start);
  return token("quoted", sql.slice(start, end + 1), inside, start);
}

function escapeString(sql: string, start: number): Token {
  let at = start + 2;
  while (at < sql.length) {
    if (sql[at] === "\\") at += 2;
    else if (sql[at] !== "'") at++;
    else if (sql[at + 1] === "'") at += 2;
    else return token("string", sql.slice(start, at + 1), sql.slice(start, at + 1), start);
  }
  throw unclosed(sql, start);
}

function dollarString(sql: string, start: number, tag: string): Token {
  const end = sql.indexOf(tag, start + tag.length);
  if (end < 0) throw unclosed(sql, start);
  return token("string", sql.slice(start, end + tag.length), sql.slice(start + tag.length, end), start);
}

/** Whether the token is that bare word, in any case. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "name" && token.text.toLowerCase() === word.toLowerCase();
}

/** Whether the token can name something. */
export function isIdentifier(token: Token | undefined): token is Token {
  return token?.kind === "name" || token?.kind === "quoted";
}

/** The place of the parenthesis that closes the one at `open`; the last token's where none does. */
export function closingParenthesis(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at]!.text === "(") depth++;
    else if (tokens[at]!.text === ")" && --depth === 0) return at;
  }
  return tokens.length - 1;
}

/**
 * The operator that begins at a token; null for none. PostgreSQL has operators of any signs, of which `tokenize` knows
 * those of every database: `<%>` is three tokens. As it has it, a sign of a number is part of one only where another sign
 * is there that no plain operator has.
 */
export function operatorAt(tokens: readonly Token[], at: number): string | null {
  const isPart = (one: number): boolean =>
    tokens[one]?.kind === "operator" && tokens[one].start === tokens[one - 1]?.end;
  const isInside = isPart(at) && tokens[at - 1]?.kind === "operator";
  if (tokens[at]?.kind !== "operator" || isInside) return null;
  let sign = tokens[at]?.value ?? "";
  for (let next = at + 1; isPart(next); next++) sign += tokens[next]?.value ?? "";
  return /[~!@#%^&|`?]/.test(sign) ? sign : sign.replace(/(?<=.)[-+]+$/, "");
}
