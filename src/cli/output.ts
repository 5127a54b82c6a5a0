import { styleText } from "node:util";
import { isAthanorError } from "../errors/index.ts";
import type { CommandSignal } from "../signal/index.ts";
import { annotation, isAnnotated } from "./annotation.ts";
import type { CommandLog } from "./command-log.ts";
import { Progress } from "./progress.ts";

/** Flags that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly config?: string;
  readonly url?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
}

/** How standard output is written to while it is kept for the document; null where nobody keeps it. */
let answer: { readonly write: typeof process.stdout.write; given: boolean } | null = null;

/**
 * Keeps standard output for the document of `--json`: what configurations, handlers and migrations print goes to
 * standard error. Answers what ends that.
 */
export function keepForDocument(): () => void {
  const { write } = process.stdout;
  const before = answer;
  answer = { write, given: false };
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof write;
  return () => {
    process.stdout.write = write;
    answer = before;
  };
}

type Style = Parameters<typeof styleText>[0];

/**
 * Where a command writes. What it answers goes to standard output: text for people, or one JSON document. All else
 * (progress, warnings, errors) goes to standard error.
 */
export class Output {
  readonly options: GlobalOptions;
  /** Which command writes here, and how it was called; null before one is known. */
  readonly call: CommandSignal | null;
  /** The log, once the configuration said where it goes. */
  log: CommandLog | null = null;
  /** What takes long says here what it is at. */
  readonly progress: Progress;

  constructor(options: GlobalOptions, call: CommandSignal | null = null) {
    this.options = options;
    this.call = call;
    this.progress = new Progress(process.stderr, options.quiet !== true);
  }

  /** Text in a style, where the stream is a terminal that wants it. */
  style(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
    const { env } = process;
    const wanted = this.options.color !== false && (env["NO_COLOR"] ?? "") === "";
    const able = stream.isTTY === true || (env["FORCE_COLOR"] ?? "0") !== "0";
    return wanted && able ? styleText(style, text, { validateStream: false }) : text;
  }

  /** A line of the answer; nothing with `--json` or `--quiet`. */
  line(text = ""): void {
    if (this.options.quiet !== true) this.result(text);
  }

  /** What the command is for: printed even with `--quiet`, unless `--json` asks for the document. */
  result(text: string): void {
    if (this.options.json === true) return;
    this.progress.clear();
    process.stdout.write(`${text}\n`);
  }

  /** The document of `--json`. */
  document(document: unknown): void {
    if (this.options.json !== true) return;
    (answer ?? process.stdout).write.call(process.stdout, `${JSON.stringify(document, null, 2)}\n`);
    if (answer !== null) answer.given = true;
  }

  /** A line for people beside the answer. */
  note(text: string): void {
    if (this.options.quiet === true) return;
    this.progress.clear();
    process.stderr.write(`${text}\n`);
  }

  /** The same for a machine that shows files with notes at their lines, where one is listening. */
  annotate(
    level: "error" | "warning",
    text: string,
    place: { file?: string | null; line?: number | null },
  ): void {
    if (isAnnotated()) process.stderr.write(`${annotation(level, text, place)}\n`);
  }

  /** An error, with what to do about it; its stack only with `--verbose`. */
  error(error: unknown): void {
    this.progress.end();
    if (isAthanorError(error)) {
      const { file, line } = error.fields as { file?: string | null; line?: number | null };
      this.annotate("error", `${error.message}\n${error.remedy}\n${error.code}`, {
        ...(typeof file === "string" ? { file } : {}),
        ...(typeof line === "number" ? { line } : {}),
      });
    }
    // A command that failed in part has given its document already: there is never a second one.
    if (this.options.json === true && answer?.given !== true) {
      this.document({
        error: isAthanorError(error) ? error.toJSON() : { code: "INTERNAL", message: messageOf(error) },
      });
      return;
    }
    const red = this.style("red", "error", process.stderr);
    process.stderr.write(`${red}: ${messageOf(error)}\n`);
    if (isAthanorError(error)) {
      const dim = (text: string): string => this.style("dim", text, process.stderr);
      process.stderr.write(`  ${dim("what to do:")} ${error.remedy}\n  ${dim(`code ${error.code}`)}\n`);
    } else if (this.options.verbose !== true) {
      process.stderr.write("  This is a fault in Athanor, or in what it was given; --verbose shows where.\n");
    }
    if (this.options.verbose === true) process.stderr.write(`${stackOf(error)}\n`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The stack, and those of the causes below it. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\n  caused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
