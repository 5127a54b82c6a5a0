import { isIdentifier, isWord, type Token } from "../schema/lexer.ts";

/** Whether two names are one, as far as text tells: databases differ on case, and being careful costs nothing here. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** A table that a statement names, with the name that columns are qualified by. */
export interface NamedTable {
  readonly name: string;
  readonly alias: string;
  /** The place of the name's token. */
  readonly at: number;
}

const introduces = ["from", "join", "into", "update", "on"];
const conflictWords = ["abort", "fail", "ignore", "replace", "rollback"];
const ends = [
  "where",
  "group",
  "order",
  "limit",
  "having",
  "window",
  "union",
  "intersect",
  "except",
  "set",
  "values",
  "select",
  "begin",
];

/**
 * The tables a statement names after FROM, JOIN, INTO and UPDATE, and in the list that follows FROM; `ON` counts
 * where a trigger names its table.
 */
export function namedTables(tokens: readonly Token[]): readonly NamedTable[] {
  const found: NamedTable[] = [];
  const lists: boolean[] = [false];
  tokens.forEach((token, at) => {
    if (token.text === "(") lists.push(false);
    else if (token.text === ")") lists.pop();
    else if (isWord(token, "from")) lists[lists.length - 1] = true;
    else if (ends.some((word) => isWord(token, word))) lists[lists.length - 1] = false;
    const inList = token.text === "," && lists.at(-1) === true;
    const name = inList || introduces.some((word) => isWord(token, word)) ? nameAfter(tokens, at) : null;
    if (name !== null) found.push(name);
  });
  return found;
}

function nameAfter(tokens: readonly Token[], introducer: number): NamedTable | null {
  const isOn = isWord(tokens[introducer], "on");
  let at = introducer + 1;
  if (isWord(tokens[introducer], "update") && isWord(tokens[at], "or")) at += 2;
  if (tokens[at + 1]?.text === "." && isIdentifier(tokens[at + 2])) at += 2;
  const token = tokens[at];
  if (!isIdentifier(token) || isReservedHere(token)) return null;
  if (isOn && tokens[at - 1]?.text === ".") return null;
  if (isOn && tokens[at + 1]?.text === ".") return null;
  return { name: token.value, alias: aliasAfter(tokens, at) ?? token.value, at };
}

function isReservedHere(token: Token): boolean {
  return [...ends, ...conflictWords, "of", "on", "conflict"].some((word) => isWord(token, word));
}

const afterTable = [
  "on",
  "using",
  "join",
  "left",
  "right",
  "full",
  "inner",
  "outer",
  "cross",
  "natural",
  "indexed",
  "not",
  "for",
  "when",
  "after",
  "before",
  "instead",
  "default",
  "returning",
];

function aliasAfter(tokens: readonly Token[], at: number): string | null {
  const next = tokens[at + 1];
  if (isWord(next, "as")) return isIdentifier(tokens[at + 2]) ? tokens[at + 2]!.value : null;
  if (!isIdentifier(next)) return null;
  return [...ends, ...afterTable].some((word) => isWord(next, word)) ? null : next.value;
}
