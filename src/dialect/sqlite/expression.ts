import { isColumnName, writeTokens } from "../../schema/expression.ts";
import type { DefaultValue } from "../../schema/index.ts";
import { isIdentifier, type Token, tokenize } from "../../schema/lexer.ts";
import { sqliteRules } from "./parse-cursor.ts";
import { quoteString } from "./quote.ts";

/**
 * The normal form of SQL text that SQLite keeps verbatim: columns spelled as the table has them, no needless
 * quotes, no qualifier that only repeats the table's own name, and string literals in the quotes of strings.
 */

/** What an expression can name. */
export interface Scope {
  readonly name: string;
  readonly columns: readonly { readonly name: string }[];
}

const rowIds: ReadonlySet<string> = new Set(["rowid", "oid", "_rowid_"]);

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** An expression of a table in normal form. */
export function normalForm(sql: string, scope: Scope): string {
  const tokens = withoutQualifier(tokenize(sql, sqliteRules), scope.name);
  return writeTokens(tokens.map((token, at) => resolved(tokens, at, scope) ?? token));
}

/** A table that is made anew has another name while it is filled, so nothing may qualify by its own. */
function withoutQualifier(tokens: readonly Token[], table: string): readonly Token[] {
  const isQualifier = (at: number): boolean => {
    const token = tokens[at];
    return isIdentifier(token) && same(token.value, table) && tokens[at + 1]?.text === ".";
  };
  return tokens.filter((_, at) => !isQualifier(at) && !(at > 0 && isQualifier(at - 1)));
}

/** A column as the table spells it; a name in double quotes that is no column is what SQLite takes it for, a string. */
function resolved(tokens: readonly Token[], at: number, scope: Scope): Token | null {
  const token = tokens[at]!;
  if (!isColumnName(tokens, at)) return null;
  const column = scope.columns.find((each) => same(each.name, token.value));
  if (column !== undefined) return { ...token, kind: "quoted", value: column.name };
  if (!token.text.startsWith('"') || rowIds.has(token.value.toLowerCase())) return null;
  return tokens[at - 1]?.text === "." ? null : stringToken(token);
}

function stringToken(token: Token): Token {
  return { ...token, kind: "string", text: quoteString(token.value) };
}

const constants: ReadonlySet<string> = new Set(["null", "true", "false"]);
const clocks: ReadonlySet<string> = new Set(["current_date", "current_time", "current_timestamp"]);

/** A default as SQL text in normal form; null where there is none, which DEFAULT NULL means as well. */
export function defaultForm(value: DefaultValue | null): string | null {
  if (value === null) return null;
  const sql = value.kind === "literal" ? literalSql(value.value) : value.sql;
  const tokens = tokenize(sql, sqliteRules);
  const text = writeTokens(tokens.map((token) => asString(token, tokens.length === 1) ?? token));
  return text === "null" ? null : text;
}

/** A default sees no columns: a quoted name in it is a string, and so is a lone word that means nothing else. */
function asString(token: Token, alone: boolean): Token | null {
  if (token.kind === "quoted") return stringToken(token);
  const word = token.text.toLowerCase();
  const isText = alone && token.kind === "name" && !constants.has(word) && !clocks.has(word);
  return isText ? stringToken(token) : null;
}

/** A literal in SQLite's spelling. */
export function literalSql(value: string | number | boolean | null): string {
  if (value === null) return "NULL";
  if (typeof value === "string") return quoteString(value);
  return typeof value === "boolean" ? (value ? "1" : "0") : String(value);
}

/** Whether a default is a literal, which `ALTER TABLE ADD COLUMN` takes as well. */
export function isConstant(sql: string): boolean {
  const tokens = tokenize(sql, sqliteRules);
  const signed = tokens[0]?.text === "-" || tokens[0]?.text === "+";
  const token = tokens[signed ? 1 : 0];
  if (token === undefined || tokens.length !== (signed ? 2 : 1)) return false;
  if (token.kind === "number") return true;
  return (
    !signed && (token.kind === "string" || (token.kind === "name" && constants.has(token.text.toLowerCase())))
  );
}

/** Whether a default stands in DEFAULT without parentheses. */
export function needsNoParentheses(sql: string): boolean {
  return isConstant(sql) || clocks.has(sql.trim().toLowerCase());
}

/** One text for expressions that SQLite cannot tell apart: names in any case are one. */
export function comparisonForm(sql: string): string {
  const tokens = tokenize(sql, sqliteRules);
  return writeTokens(
    tokens.map((token) => (token.kind === "quoted" ? { ...token, value: token.value.toLowerCase() } : token)),
  );
}
