import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** What is coloured, in the order in which it is tried. */
const rules: readonly (readonly [RegExp, Style])[] = [
  [/\/\/[^\n]*/y, "gray"],
  [/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/y, "green"],
  [
    /\b(?:import|export|default|from|class|extends|const|await|async|return|for|of|if|new|null|true|false|get)\b/y,
    "magenta",
  ],
  [/\b\d+(?:\.\d+)?\b/y, "yellow"],
  [/\b[A-Z]\w*\b/y, "cyan"],
  [/\b\w+(?=\()/y, "blue"],
  [/\w+|\s+|./y, "reset"],
];

/** TypeScript with colours for a terminal: enough to read a page of it with pleasure. */
export function highlight(source: string): string {
  let result = "";
  let at = 0;
  while (at < source.length) {
    const [text, style] = next(source, at);
    result += style === "reset" ? text : styleText(style, text, { validateStream: false });
    at += text.length;
  }
  return result;
}

function next(source: string, at: number): readonly [string, Style] {
  for (const [pattern, style] of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match !== null) return [match[0], style];
  }
  return [source[at] ?? "", "reset"];
}
