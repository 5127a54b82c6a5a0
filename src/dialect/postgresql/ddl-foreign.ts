import type { SchemaObject } from "../../schema/index.ts";
import { closingParenthesis, isWord } from "../../schema/lexer.ts";
import { fullName, keyword, splitAtCommas, textOf, tokensOf } from "./object-words.ts";
import { quoteName } from "./quote.ts";

/**
 * Wrappers, servers and foreign tables, changed where they stand as far as that goes: what a server keeps of its users
 * would go with it, and nobody but they could say it again.
 */

interface Parts {
  /** What stands before the options, and says more than they do. */
  readonly head: ReadonlyMap<string, string>;
  /** Values as literals. */
  readonly options: ReadonlyMap<string, string>;
}

const words: readonly string[] = ["handler", "validator", "type", "version"];

function partsOf(definition: string): Parts {
  const tokens = tokensOf(definition);
  const open = tokens.findLastIndex(
    (token, at) =>
      token.text === "(" &&
      isWord(tokens[at - 1], "options") &&
      closingParenthesis(tokens, at) === tokens.length - 1,
  );
  const list = open < 0 ? [] : splitAtCommas(tokens.slice(open + 1, -1));
  const head = tokens.slice(0, open < 0 ? undefined : open - 1);
  const starts = head.flatMap((token, at) => (words.some((word) => isWord(token, word)) ? [at] : []));
  const rest = head.findIndex(
    (token) => isWord(token, "foreign") || isWord(token, "server") || token.text === "(",
  );
  const ends = [...starts, rest < 0 ? head.length : rest];
  return {
    head: new Map([
      ...starts.map((at, place): [string, string] => [
        head[at]?.text.toLowerCase() ?? "",
        textOf(definition, head.slice(at + 1, ends[place + 1])),
      ]),
      ["", rest < 0 ? "" : textOf(definition, head.slice(rest))],
    ]),
    options: new Map(list.map(([name, ...value]) => [name?.value ?? "", textOf(definition, value)])),
  };
}

/** The statements that make one another; null where it has to be made anew. */
export function alterForeign(from: SchemaObject, to: SchemaObject): readonly string[] | null {
  const [old, now] = [partsOf(from.definition), partsOf(to.definition)];
  const other = (word: string): boolean => old.head.get(word) !== now.head.get(word);
  if (other("") || other("type")) return null;
  if (other("version") && !now.head.has("version")) return null;
  const head = ["handler", "validator", "version"].filter(other).map((word) => {
    const value = now.head.get(word);
    return value === undefined ? `NO ${word.toUpperCase()}` : `${word.toUpperCase()} ${value}`;
  });
  const changes = [
    ...[...old.options.keys()]
      .filter((name) => !now.options.has(name))
      .map((name) => `DROP ${quoteName(name)}`),
    ...[...now.options]
      .filter(([name, value]) => old.options.get(name) !== value)
      .map(([name, value]) => `${old.options.has(name) ? "SET" : "ADD"} ${quoteName(name)} ${value}`),
  ];
  const actions = [...head, ...(changes.length === 0 ? [] : [`OPTIONS (${changes.join(", ")})`])];
  return actions.length === 0 ? [] : [`ALTER ${keyword(to.kind)} ${fullName(to)} ${actions.join(" ")}`];
}
