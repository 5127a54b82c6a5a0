import { Command } from "commander";
import { packageVersion } from "../util/package-version.ts";
import type { Action, CommandAdder, CommandText } from "./command.ts";
import { addApplyCommands } from "./commands/apply.ts";
import { addAskCommands } from "./commands/ask.ts";
import { addStartCommands } from "./commands/start.ts";
import { addWriteCommands } from "./commands/write.ts";
import { type GlobalOptions, Output } from "./output.ts";

/** What a run of the program leaves behind. */
export interface RunState {
  status: 0 | 1 | 2 | 3;
  options: GlobalOptions;
}

/** The whole command line. Nothing a command needs is loaded before it runs. */
export function program(state: RunState): Command {
  const root = new Command("athanor")
    .description("Models and migrations: SQLModel and Alembic for TypeScript.")
    .version(packageVersion, "--version", "print the version")
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("(athanor --help lists the commands)")
    .addHelpText(
      "after",
      examplesText([
        "athanor startproject myproject",
        'athanor makemigrations "create hero"',
        "athanor migrate",
      ]),
    );
  const add: CommandAdder = (text, options, action) => addCommand(root, state, text, options, action);
  addStartCommands(add);
  addWriteCommands(add);
  addApplyCommands(add);
  addAskCommands(add);
  return root;
}

function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  $ ${example}`).join("\n")}\n`;
}

function addCommand<O>(
  root: Command,
  state: RunState,
  text: CommandText,
  options: (command: Command) => Command,
  action: () => Promise<Action<O>>,
): void {
  const command = options(root.command(text.usage).description(text.summary))
    .option("--json", "one JSON document on standard output")
    .option("--config <file>", "the configuration file")
    .option("--url <url>", "the database, before every other setting")
    .option("-q, --quiet", "only what was asked for")
    .option("--verbose", "more detail; stacks of errors")
    .option("--no-color", "no colours")
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText("after", examplesText(text.examples));
  if (text.alias !== undefined) command.alias(text.alias);
  command.action(async (...params: unknown[]) => {
    const given = params.at(-2) as O & GlobalOptions;
    const args = params
      .slice(0, -2)
      .flat()
      .filter((each) => each !== undefined) as string[];
    state.options = given;
    const run = await action();
    state.status = (await run(args, given, new Output(given))) ?? 0;
  });
}
