import { characters, type NameLimit } from "../short-name.ts";

/** How long the servers let names be. */
export const nameLimit: NameLimit = characters(64);

/** An identifier, quoted: case and every character are kept. `ANSI_QUOTES` is never needed. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A string literal. Backslashes are doubled: `NO_BACKSLASH_ESCAPES` is taken out of every session. */
export function quoteString(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

/** What a string literal, quotes included, stands for. */
export function unquoteString(literal: string): string {
  return literal.slice(1, -1).replaceAll(/''|\\([\s\S])/g, (pair, escaped: string | undefined) => {
    if (escaped === undefined) return "'";
    return escapes[escaped] ?? (escaped === "%" || escaped === "_" ? pair : escaped);
  });
}

/** Escapes that stand for something else than the character itself. */
const escapes: Readonly<Record<string, string>> = {
  "0": "\0",
  b: "\b",
  n: "\n",
  r: "\r",
  t: "\t",
  Z: "\u001a",
};
