import { styleText } from "node:util";
import { isAthanorError } from "../errors/index.ts";

/** Flags that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly config?: string;
  readonly url?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
}

type Style = Parameters<typeof styleText>[0];

/**
 * Where a command writes. What it answers goes to standard output: text for people, or one JSON document. All else
 * (progress, warnings, errors) goes to standard error.
 */
export class Output {
  readonly options: GlobalOptions;

  constructor(options: GlobalOptions) {
    this.options = options;
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
    if (this.options.json !== true && this.options.quiet !== true) process.stdout.write(`${text}\n`);
  }

  /** What the command is for: printed even with `--quiet`, unless `--json` asks for the document. */
  result(text: string): void {
    if (this.options.json !== true) process.stdout.write(`${text}\n`);
  }

  /** The document of `--json`. */
  document(document: unknown): void {
    if (this.options.json === true) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }

  /** A line for people beside the answer. */
  note(text: string): void {
    if (this.options.quiet !== true) process.stderr.write(`${text}\n`);
  }

  /** An error, with what to do about it; its stack only with `--verbose`. */
  error(error: unknown): void {
    if (this.options.json === true) {
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
