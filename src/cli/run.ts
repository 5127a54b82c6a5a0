import { CommanderError } from "commander";
import { isAthanorError } from "../errors/index.ts";
import { type GlobalOptions, keepForDocument, Output } from "./output.ts";
import { program } from "./program.ts";

/** What a command answers with: 0 done, 1 the answer is no, 2 wrong use, 3 the database or a migration failed. */
export type ExitStatus = 0 | 1 | 2 | 3;

/**
 * Runs one command line, without the program's name: `["migrate", "--json"]`. Prints as the command does and
 * answers its exit code; never ends the process.
 */
export async function runCli(argv: readonly string[]): Promise<ExitStatus> {
  const state: { status: ExitStatus; options: GlobalOptions } = { status: 0, options: guessOptions(argv) };
  const release = state.options.json === true ? keepForDocument() : null;
  try {
    await program(state).parseAsync(protectTargets(behindCommand(argv)), { from: "user" });
    return state.status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    new Output(state.options).error(error);
    return isAthanorError(error) ? error.exit : 3;
  } finally {
    release?.();
  }
}

/** Errors before a command is known still respect `--json` and `--verbose`. */
function guessOptions(argv: readonly string[]): GlobalOptions {
  return {
    json: argv.includes("--json"),
    verbose: argv.includes("--verbose"),
    color: !argv.includes("--no-color"),
  };
}

/** Options of every command may stand before it as well: they are put behind it, where they are read. */
function behindCommand(argv: readonly string[]): readonly string[] {
  let at = 0;
  for (let word = argv[at]; word !== undefined && /^-/.test(word); word = argv[at]) {
    const [name = ""] = word.split("=", 1);
    if (!["--json", "--quiet", "-q", "--verbose", "--no-color", "--config", "--url"].includes(name)) break;
    at += (name === "--config" || name === "--url") && !word.includes("=") ? 2 : 1;
  }
  const [before, rest] = [argv.slice(0, at), argv.slice(at)];
  const end = rest.includes("--") ? rest.indexOf("--") : rest.length;
  return [...rest.slice(0, end), ...before, ...rest.slice(end)];
}

/** `-1` and `-2` are targets, not options: whatever is a sign and digits is put where only arguments are read. */
function protectTargets(argv: readonly string[]): string[] {
  const isTarget = (word: string): boolean => /^-\d+$/.test(word);
  if (!argv.some(isTarget) || argv.includes("--")) return [...argv];
  return [...argv.filter((word) => !isTarget(word)), "--", ...argv.filter(isTarget)];
}
