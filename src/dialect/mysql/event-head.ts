import { isWord, type Token, tokenize } from "../../schema/lexer.ts";

/**
 * What stands before the body of an event: its schedule, and whether it runs. Moments that nobody said, or that are
 * computed, are those of when it was made.
 */

interface Head {
  readonly text: string;
  readonly body: string;
  readonly tokens: readonly Token[];
}

/** The text before `DO`, and the rest; null where there is none. */
export function headOf(definition: string): Head | null {
  let tokens: readonly Token[];
  try {
    tokens = tokenize(definition);
  } catch {
    const at = /\bDO\b/i.exec(definition)?.index ?? -1;
    if (at < 0) return null;
    return {
      text: definition.slice(0, at),
      body: definition.slice(at),
      tokens: tokenize(definition.slice(0, at)),
    };
  }
  const at = tokens.findIndex((token) => isWord(token, "do"));
  if (at < 0) return null;
  const { start } = tokens[at]!;
  return { text: definition.slice(0, start), body: definition.slice(start), tokens: tokens.slice(0, at) };
}

/** The same event, made so that it never runs. */
export function withoutRunning(definition: string): string {
  const head = headOf(definition);
  if (head === null) return definition;
  const text = head.text.replace(status, " ");
  const comment = /\bCOMMENT\b/i.exec(text)?.index ?? text.length;
  return `${text.slice(0, comment)} DISABLE ${text.slice(comment)}${head.body}`;
}

const status = /\b(?:ENABLE|DISABLE(?:\s+ON\s+(?:SLAVE|REPLICA))?)\b/i;

/** What was made of `written` without running, with the state and the moments that it says. */
export function withMoments(made: string, written: string): string {
  const [read, own] = [headOf(made), headOf(written)];
  if (read === null || own === null) return made;
  const said = status.exec(own.text)?.[0].toUpperCase().replaceAll(/\s+/g, " ") ?? "ENABLE";
  const text = read.text.replace(
    / ?\bDISABLE(?: ON (?:SLAVE|REPLICA))?\b/,
    said === "ENABLE" ? "" : ` ${said.replace("REPLICA", "SLAVE")}`,
  );
  const timed = moments
    .filter((word) => !says(own, word))
    .reduce((head, word) => head.replace(momentOf(word), word === "AT" ? " AT" : ""), text);
  return `${timed.trimEnd()} ${read.body}`;
}

const moments = ["STARTS", "ENDS", "AT"] as const;

function momentOf(word: string): RegExp {
  return new RegExp(` ${word} '(?:[^'\\\\]|\\\\.)*'`);
}

/** Whether a moment is said as a literal, so that it can be compared. */
function says({ tokens }: Head, word: string): boolean {
  const at = tokens.findIndex((token) => isWord(token, word.toLowerCase()));
  const after = tokens[at + 2];
  return at >= 0 && tokens[at + 1]?.kind === "string" && after?.kind !== "operator";
}

/** The definition with the moments that it does not say, where nothing else differs, as they stand. */
export function atMoments(definition: string, standing: string): string {
  const own = headOf(definition);
  if (own === null) return definition;
  const unsaid = moments.filter((word) => !says(own, word));
  const without = unsaid.reduce(
    (text, word) => text.replace(momentOf(word), word === "AT" ? " AT" : ""),
    standing,
  );
  return without === definition ? standing : definition;
}
