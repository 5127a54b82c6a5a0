/** Where a value was written. */
export interface Place {
  /** A file's name, `environment`, `--url`, `set`, or `default`. */
  readonly origin: string;
  /** The file, absolute; null for what is in none. */
  readonly file: string | null;
  /** The line in it, from 1; null where it is not known. */
  readonly line: number | null;
}

/** A value and where it was written. */
export interface Given extends Place {
  readonly value: unknown;
}

/** A place in one word: `athanor.toml:3`. */
export function placeLabel({ origin, line }: Pick<Place, "origin" | "line">): string {
  return line === null ? origin : `${origin}:${line}`;
}

/**
 * The line, from 1, on which a text sets `key`, looked for below the line that opens `section`. It reads TOML, YAML,
 * JSON, TypeScript and `.env` alike, as an eye would: comments aside, the key as a whole word with `:` or `=` behind.
 * Null where there is no such line.
 */
export function lineOfKey(text: string, key: string, section: string | null = null): number | null {
  const lines = text.split("\n");
  const opens = section === null ? -1 : lines.findIndex((line) => opensSection(line, section));
  const sets = new RegExp(`(?:^|[\\s{,."'\\[])${literal(key)}["']?\\s*[:=]`);
  const matches = (line: string, at: number): boolean => at >= opens && !isComment(line) && sets.test(line);
  const found = lines.findIndex(matches);
  return found >= 0 ? found + 1 : opens >= 0 ? opens + 1 : null;
}

/** The line of a key that stands at the top of a file: a section, or what should be one. */
export function lineOfSection(text: string, section: string): number | null {
  const at = text.split("\n").findIndex((line) => opensSection(line, section));
  return at < 0 ? lineOfKey(text, section) : at + 1;
}

function opensSection(line: string, section: string): boolean {
  if (isComment(line)) return false;
  const name = literal(section);
  return new RegExp(
    `^\\s*(?:\\[\\s*["']?${name}["']?\\s*\\]|(?:async\\s+)?["']?${name}["']?\\s*[:=.(,])`,
  ).test(line);
}

function isComment(line: string): boolean {
  return /^\s*(?:#|\/\/|\*|\/\*)/.test(line);
}

function literal(text: string): string {
  return text.replaceAll(/[^\w]/g, "\\$&");
}
