import { CommanderError } from "commander";
import { isAthanorError } from "../errors/index.ts";
import { type GlobalOptions, Output } from "./output.ts";
import { program } from "./program.ts";

/** What a command answers with: 0 done, 1 the answer is no, 2 wrong use, 3 the database or a migration failed. */
export type ExitStatus = 0 | 1 | 2 | 3;

/**
 * Runs one command line, without the program's name: `["migrate", "--json"]`. Prints as the command does and
 * answers its exit code; never ends the process.
 */
export async function runCli(argv: readonly string[]): Promise<ExitStatus> {
  const state: { status: ExitStatus; options: GlobalOptions } = { status: 0, options: guessOptions(argv) };
  try {
    await program(state).parseAsync(protectTargets(argv), { from: "user" });
    return state.status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    new Output(state.options).error(error);
    return isAthanorError(error) ? error.exit : 3;
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

/** `-1` and `-2` are targets, not options: whatever is a sign and digits is put where only arguments are read. */
function protectTargets(argv: readonly string[]): string[] {
  const isTarget = (word: string): boolean => /^-\d+$/.test(word);
  if (!argv.some(isTarget) || argv.includes("--")) return [...argv];
  return [...argv.filter((word) => !isTarget(word)), "--", ...argv.filter(isTarget)];
}
