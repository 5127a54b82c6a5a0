import { Command } from "commander";
import { nearest } from "../util/nearest.ts";
import { packageVersion } from "../util/package-version.ts";
import type { Action, CommandAdder, CommandText } from "./command.ts";
import { addApplyCommands } from "./commands/apply.ts";
import { addAskCommands } from "./commands/ask.ts";
import { addGuardCommands } from "./commands/guard.ts";
import { addKeepCommands } from "./commands/keep.ts";
import { addModuleCommands } from "./commands/module.ts";
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
    .configureHelp({ subcommandTerm: termOf })
    .configureOutput({ outputError: (text, write) => write(text + choiceSuggestion(text)) })
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
  root.commandsGroup("Start:");
  addStartCommands(add);
  root.commandsGroup("Write migrations:");
  addWriteCommands(add);
  root.commandsGroup("Change the database:");
  addApplyCommands(add);
  root.commandsGroup("Ask:");
  addAskCommands(add);
  addGuardCommands(add);
  const modules = moduleCommand(root);
  addModuleCommands((text, options, action) => addCommand(modules, state, text, options, action));
  root.commandsGroup("Keep:");
  addKeepCommands(add);
  const help = new Command("help").argument("[command]").description("what a command takes, with examples");
  root.addHelpCommand(help.helpGroup("Keep:"));
  return root;
}

/** `athanor module …`: the one command that has commands of its own. */
function moduleCommand(root: Command): Command {
  return root
    .command("module")
    .usage("<list|add|upgrade|disable|uninstall>")
    .description("modules: owners of tables, each with a branch of the history")
    .exitOverride()
    .showSuggestionAfterError();
}

/** A command in the list of commands: its names and arguments; that it takes options goes without saying. */
function termOf(command: Command): string {
  const names = [command.name(), ...command.aliases()].join(", ");
  return `${names} ${command.usage().replace("[options] ", "").replace("[options]", "")}`.trim();
}

/** Commander suggests commands and options by itself, and no values. */
function choiceSuggestion(error: string): string {
  const [, given, choices] = /'([^']*)' is invalid.*Allowed choices are (.+)\./.exec(error) ?? [];
  const near = given === undefined ? null : nearest(given, (choices ?? "").split(", "));
  return near === null ? "" : `(Did you mean ${near}?)\n`;
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
    .optionsGroup("Options of every command:")
    .option("--json", "one JSON document on standard output")
    .option("--config <file>", "the configuration file")
    .option("--url <url>", "the database, before every other setting")
    .option("-q, --quiet", "only what was asked for")
    .option("--verbose", "more detail; stacks of errors")
    .option("--no-color", "no colours")
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText("after", examplesText(text.examples));
  command.showHelpAfterError(`(athanor ${command.name()} --help shows what it takes)`);
  if (text.alias !== undefined) command.alias(text.alias);
  command.action(async (...params: unknown[]) => {
    const given = params.at(-2) as O & GlobalOptions;
    const args = params
      .slice(0, -2)
      .flat()
      .filter((each) => each !== undefined) as string[];
    state.options = given;
    const [run, { callOf, withSignals }] = await Promise.all([action(), import("./signals.ts")]);
    const output = new Output(given, callOf(command, args, given));
    state.status = await withSignals(output, async () => (await run(args, given, output)) ?? 0);
  });
}
