import { closingParenthesis, isIdentifier, isWord, type Token } from "../schema/lexer.ts";
import { sameName } from "./sql-names.ts";

/**
 * The places where the statements of a trigger name columns of `table` without a qualifier, to write them or to
 * wait for them: `UPDATE OF …`, `SET …`, and the list of an INSERT. Databases that check triggers pass over these.
 */
export function writtenColumns(tokens: readonly Token[], table: string): readonly number[] {
  const places: number[] = [];
  /** What the statement at hand writes to. */
  let target: string | null = null;
  tokens.forEach((token, at) => {
    if (token.text === ";") target = null;
    else if (isWord(token, "of") && isWord(tokens[at - 1], "update"))
      places.push(...awaited(tokens, at, table));
    else if (isWord(token, "into")) {
      const name = nameAt(tokens, at + 1);
      target = tokens[name]?.value ?? null;
      if (target !== null && sameName(target, table)) places.push(...inserted(tokens, name));
    } else if (isWord(token, "update") && !isWord(tokens[at - 1], "do")) {
      const skipped = isWord(tokens[at + 1], "or") ? 3 : 1;
      target = tokens[nameAt(tokens, at + skipped)]?.value ?? target;
    } else if (isWord(token, "set") && target !== null && sameName(target, table)) {
      places.push(...assigned(tokens, at));
    }
  });
  return places;
}

/** The place of a name that may be qualified. */
function nameAt(tokens: readonly Token[], at: number): number {
  return tokens[at + 1]?.text === "." ? at + 2 : at;
}

/** The columns whose change a trigger on the table waits for. */
function awaited(tokens: readonly Token[], of: number, table: string): readonly number[] {
  const places: number[] = [];
  let at = of + 1;
  while (isIdentifier(tokens[at]) && !isWord(tokens[at], "on")) {
    places.push(at);
    at += tokens[at + 1]?.text === "," ? 2 : 1;
  }
  const on = tokens[nameAt(tokens, at + 1)];
  return isWord(tokens[at], "on") && on !== undefined && sameName(on.value, table) ? places : [];
}

/** The columns that an INSERT lists. */
function inserted(tokens: readonly Token[], name: number): readonly number[] {
  const open = isWord(tokens[name + 1], "as") ? name + 3 : name + 1;
  if (tokens[open]?.text !== "(") return [];
  return namesBetween(tokens, open, closingParenthesis(tokens, open));
}

function namesBetween(tokens: readonly Token[], open: number, close: number): readonly number[] {
  const places: number[] = [];
  for (let at = open + 1; at < close; at++) if (isIdentifier(tokens[at])) places.push(at);
  return places;
}

const ends = ["where", "from", "returning"];

/** The columns that a SET assigns. */
function assigned(tokens: readonly Token[], set: number): readonly number[] {
  const places: number[] = [];
  let expectsName = true;
  for (let at = set + 1; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.text === ";" || token.text === ")" || ends.some((word) => isWord(token, word))) break;
    if (token.text === "(") {
      const close = closingParenthesis(tokens, at);
      if (expectsName) places.push(...namesBetween(tokens, at, close));
      at = close;
    } else if (expectsName && isIdentifier(token)) places.push(at);
    expectsName = token.text === ",";
  }
  return places;
}
