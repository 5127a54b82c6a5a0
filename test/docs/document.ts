/** Documents whose code is run: what a page's fenced blocks ask for, and how outputs are compared. */

/** Something a page asks for, in its order. */
export type Step =
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | { readonly kind: "commands"; readonly commands: readonly string[]; readonly line: number }
  | {
      readonly kind: "output";
      readonly text: string;
      /** Where the block's own lines begin and end in the page, counted from 0; the end is not included. */
      readonly from: number;
      readonly to: number;
      /** The only dialect it is true of; null of all. */
      readonly dialect: string | null;
    };

const fence = /^```(\w*)(?: (\w+))?$/;
/** What stands first in a file of the project: its path, as a comment. */
const named = /^(?:\/\/|#) ([\w./-]+\.\w+)$/;

/**
 * The steps of a page. A block that begins with a path as a comment is a file of the project; `sh` is commands;
 * `text` after them is what they print, `text sqlite` only there. Other blocks are for reading.
 */
export function stepsOf(page: string): readonly Step[] {
  const lines = page.split("\n");
  const steps: Step[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const [, language = "", dialect = null] = fence.exec(lines[at] as string) ?? [];
    if (language === "") continue;
    const from = at + 1;
    const to = lines.indexOf("```", from);
    const body = lines.slice(from, to);
    at = to;
    const path = named.exec(body[0] ?? "")?.[1];
    if (language === "sh") steps.push({ kind: "commands", commands: commandsOf(body), line: from });
    else if (language === "text") steps.push({ kind: "output", text: body.join("\n"), from, to, dialect });
    else if (path !== undefined) steps.push({ kind: "file", path, text: `${body.join("\n")}\n` });
  }
  return steps;
}

/** What is installed stands ready already; a comment is for the reader. */
function commandsOf(lines: readonly string[]): readonly string[] {
  return lines
    .map((line) => line.replace(/\s+#.*$/, ""))
    .filter((line) => line !== "" && !/^(?:npm |#)/.test(line));
}

/** The words of a command; quotes keep words together. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

/** The page with other text in a block. */
export function withOutput(page: string, { from, to }: { from: number; to: number }, text: string): string {
  const lines = page.split("\n");
  return [...lines.slice(0, from), ...text.split("\n"), ...lines.slice(to)].join("\n");
}

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const checksum = /\b[0-9a-f]{64}\b/g;
const revision = /(?<![0-9a-z])[0-9a-f]{12}(?![0-9a-z])/g;
const time = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d| UTC)?/g;
/** How many statements there are is a database's own affair, as is its address. */
const statements = /\b\d+ statements?\b/g;
const address = /^database {2}.*$/gm;
const duration = /\b\d+(?:\.\d+)? (?:ms|s)\b/g;

/** An output without what differs from run to run: keys, revisions, times. Equal ones stay equal. */
export function comparable(text: string): string {
  const seen = new Map<string, string>();
  const numbered = (word: string) => (found: string) => {
    const name = seen.get(found) ?? `<${word} ${seen.size + 1}>`;
    seen.set(found, name);
    return name;
  };
  return text
    .replaceAll(address, "database  <address>")
    .replaceAll(uuid, numbered("key"))
    .replaceAll(checksum, "<checksum>")
    .replaceAll(revision, numbered("revision"))
    .replaceAll(time, "<time>")
    .replaceAll(duration, "<duration>")
    .replaceAll(statements, "<statements>")
    .replaceAll(/[ \t]+$/gm, "")
    .trim();
}
