import type { SchemaObject } from "../../schema/index.ts";
import { closingParenthesis, isIdentifier, isWord, type Token } from "../../schema/lexer.ts";
import { textOf, tokensOf } from "./object-words.ts";

/** What the definition of a domain says, clause by clause. */

/** What a domain is made of. */
export interface DomainParts {
  /** The type and its collation. */
  readonly base: string;
  readonly default: string | null;
  readonly notNull: boolean;
  readonly checks: ReadonlyMap<string, string>;
}

/** Takes a domain's definition apart. */
export function domainParts(object: SchemaObject): DomainParts {
  const sql = object.definition;
  const tokens = tokensOf(sql);
  const starts = clauseStarts(tokens);
  const checks = new Map<string, string>();
  let value: string | null = null;
  let notNull = false;
  for (const [at, start] of starts.entries()) {
    const clause = tokens.slice(start, starts[at + 1]);
    if (isWord(clause[0], "default")) value = textOf(sql, clause.slice(1));
    else if (isWord(clause[0], "not")) notNull = true;
    else if (isWord(clause[0], "constraint")) checks.set(clause[1]!.value, textOf(sql, clause.slice(2)));
    else if (isWord(clause[0], "check")) checks.set(freeName(object.name, checks), textOf(sql, clause));
  }
  const first = isWord(tokens[0], "as") ? 1 : 0;
  const base = textOf(sql, tokens.slice(first, starts[0]));
  return { base, default: value, notNull, checks };
}

/** The name that the server gives a check without one. */
function freeName(domain: string, checks: ReadonlyMap<string, string>): string {
  let name = `${domain}_check`;
  for (let n = 1; checks.has(name); n++) name = `${domain}_check${n}`;
  return name;
}

/** Where the clauses of a domain begin, after its type. */
function clauseStarts(tokens: readonly Token[]): readonly number[] {
  const starts: number[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.text === "(") at = closingParenthesis(tokens, at);
    else if (isWord(token, "check") && isConstraintName(tokens, at - 2)) continue;
    else if (isWord(token, "null") && isWord(tokens[at - 1], "not")) continue;
    else if (isWord(token, "default") || isWord(token, "constraint") || isWord(token, "check"))
      starts.push(at);
    else if (isWord(token, "not") && isWord(tokens[at + 1], "null")) starts.push(at);
  }
  return starts;
}

function isConstraintName(tokens: readonly Token[], at: number): boolean {
  return isWord(tokens[at], "constraint") && isIdentifier(tokens[at + 1]);
}

/** A definition without the checks that are not valid for the values that stand, and those. */
export function withoutLaterChecks(object: SchemaObject): {
  readonly definition: string;
  readonly later: readonly string[];
} {
  const sql = object.definition;
  const tokens = tokensOf(sql);
  const starts = clauseStarts(tokens);
  const clauses = starts.map((start, at) => tokens.slice(start, starts[at + 1]));
  const isLater = (clause: readonly Token[]): boolean =>
    isWord(clause.at(-1), "valid") && isWord(clause.at(-2), "not");
  const later = clauses.filter(isLater);
  if (later.length === 0) return { definition: sql, later: [] };
  const kept = [tokens.slice(0, starts[0]), ...clauses.filter((clause) => !isLater(clause))];
  return {
    definition: kept.map((clause) => textOf(sql, clause)).join(" "),
    later: later.map((clause) => textOf(sql, clause)),
  };
}
