import { isWord, type Token } from "../../schema/lexer.ts";
import { tokensOf } from "./object-words.ts";
import { parseTypeName, typeName } from "./type-name.ts";

/** The numbers of a type of sequence. */
const bounds: Readonly<Record<string, readonly [least: string, greatest: string]>> = {
  smallint: ["-32768", "32767"],
  integer: ["-2147483648", "2147483647"],
  bigint: ["-9223372036854775808", "9223372036854775807"],
};

/** A sequence's definition with everything said that it means, as the server has it; as written where it cannot be read. */
export function wholeSequence(definition: string): string {
  const tokens = tokensOf(definition).filter((token) => !isWord(token, "by") && !isWord(token, "with"));
  const after = (word: string): Token | undefined => {
    const at = tokens.findIndex((token) => isWord(token, word));
    return at < 0 || isWord(tokens[at - 1], "no") ? undefined : tokens[at + 1];
  };
  const number = (word: string): string | undefined => {
    const first = after(word);
    const sign = first?.text === "-" ? tokens[tokens.indexOf(first) + 1] : undefined;
    const digits = sign ?? first;
    return digits?.kind === "number" ? `${sign === undefined ? "" : "-"}${digits.text}` : undefined;
  };
  const type = typeName(parseTypeName(after("as")?.text.toLowerCase() ?? "bigint"));
  const range = bounds[type];
  if (range === undefined) return definition;
  const increment = number("increment") ?? "1";
  const down = increment.startsWith("-");
  const least = number("minvalue") ?? (down ? range[0] : "1");
  const greatest = number("maxvalue") ?? (down ? "-1" : range[1]);
  const start = number("start") ?? (down ? greatest : least);
  const cycle = after("cycle") !== undefined || isLastCycle(tokens);
  return `AS ${type} INCREMENT BY ${increment} MINVALUE ${least} MAXVALUE ${greatest} START WITH ${start} CACHE ${number("cache") ?? "1"} ${cycle ? "CYCLE" : "NO CYCLE"}`;
}

/** What makes a sequence another. It goes on counting, but for one that turns round: its numbers are of the other side. */
export function alteredSequence(from: string, to: string): string {
  const [old, now] = [wholeSequence(from), wholeSequence(to)];
  const goesDown = (text: string): boolean => text.includes("INCREMENT BY -");
  return goesDown(old) === goesDown(now) ? now : `${now} RESTART`;
}

function isLastCycle(tokens: readonly Token[]): boolean {
  return isWord(tokens.at(-1), "cycle") && !isWord(tokens.at(-2), "no");
}
