import { closingParenthesis, isIdentifier, isWord, type Token, tokenize } from "../../schema/lexer.ts";

/**
 * The types of a routine's arguments, read from its definition as far as text tells: `(a int, b text DEFAULT 'x')` is
 * `integer, text`. The database corrects what it writes in another way.
 */
export function signatureOf(definition: string): string {
  const tokens = tokenize(definition);
  if (tokens[0]?.text !== "(") return "";
  const inside = tokens.slice(1, closingParenthesis(tokens, 0));
  return split(inside)
    .flatMap((argument) => typeOf(argument) ?? [])
    .join(", ");
}

function split(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === "(" || token.text === "[") depth++;
    if (token.text === ")" || token.text === "]") depth--;
    if (token.text === "," && depth === 0) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

/** The type of an argument that callers give; null for one that only comes back. */
function typeOf(argument: readonly Token[]): string | null {
  if (isWord(argument[0], "out")) return null;
  const modes = ["in", "inout", "variadic"];
  const said = modes.some((mode) => isWord(argument[0], mode)) ? argument.slice(1) : argument;
  const end = said.findIndex(
    (token) => isWord(token, "default") || token.text === "=" || token.text === ":=",
  );
  const tokens = end < 0 ? said : said.slice(0, end);
  return typeText(isNamed(tokens) ? tokens.slice(1) : tokens);
}

const secondWords: Readonly<Record<string, readonly string[]>> = {
  double: ["precision"],
  character: ["varying"],
  bit: ["varying"],
  timestamp: ["with", "without"],
  time: ["with", "without"],
  interval: ["year", "month", "day", "hour", "minute", "second"],
};

/** Whether the first word is the argument's name rather than its type. */
function isNamed(tokens: readonly Token[]): boolean {
  const [first, second] = tokens;
  if (first === undefined || !isIdentifier(second)) return false;
  const more = first.kind === "name" ? secondWords[first.text.toLowerCase()] : undefined;
  return !(more?.some((word) => isWord(second, word)) ?? false);
}

const aliases: Readonly<Record<string, string>> = {
  int: "integer",
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  bool: "boolean",
  varchar: "character varying",
  char: "character",
  decimal: "numeric",
  float: "double precision",
  float4: "real",
  float8: "double precision",
  timestamptz: "timestamp with time zone",
  timestamp: "timestamp without time zone",
  timetz: "time with time zone",
  time: "time without time zone",
  varbit: "bit varying",
};

/** A type without its length, as the server names it. */
function typeText(tokens: readonly Token[]): string {
  const words: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.text === "(") {
      at = closingParenthesis(tokens, at);
      continue;
    }
    words.push(token.kind === "name" ? token.text.toLowerCase() : token.text);
  }
  const text = words
    .join(" ")
    .replaceAll(/ ?\. ?/g, ".")
    .replaceAll(/ ?\[ ?(\d+ ?)?\]/g, "[]");
  const [, base = text, brackets = ""] = /^(.*?)((?:\[\])*)$/.exec(text) ?? [];
  return (aliases[base] ?? base) + brackets;
}
