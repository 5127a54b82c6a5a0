import type { Command } from "commander";
import type { GlobalOptions, Output } from "./output.ts";

/** What a command does: it prints through `output` and answers its exit code, 0 unless it says otherwise. */
export type Action<O> = (
  args: readonly string[],
  options: O & GlobalOptions,
  output: Output,
) => Promise<0 | 1 | undefined>;

/** How a command is told apart and explained. */
export interface CommandText {
  /** Name and arguments, as commander writes them: `migrate [target]`. */
  readonly usage: string;
  readonly alias?: string;
  readonly summary: string;
  readonly examples: readonly string[];
}

/** Adds commands to the program: their options first, then what they do, loaded when they run. */
export type CommandAdder = <O>(
  text: CommandText,
  options: (command: Command) => Command,
  action: () => Promise<Action<O>>,
) => void;
