import { type Command, InvalidArgumentError, Option } from "commander";
import type { CommandAdder } from "../command.ts";

const allowRun = "for --sql: leave a marked gap where a migration runs code";

function readNumber(given: string): number {
  if (/^\d{1,6}$/.test(given)) return Number(given);
  throw new InvalidArgumentError("It is a whole number, 0 for none.");
}

/** The commands that change the database. */
export function addApplyCommands(add: CommandAdder): void {
  add(
    {
      usage: "migrate [target]",
      alias: "upgrade",
      summary: "apply migrations, up to a target (default: all)",
      examples: [
        "athanor migrate",
        "athanor migrate +1",
        "athanor migrate 4f1c --plan",
        "athanor migrate --sql > up.sql",
        'athanor migrate --targets "SELECT name FROM tenant" --concurrency 8',
      ],
    },
    (command) =>
      runOptions(
        command
          .option("--plan", "show what would be done, and do nothing")
          .option("--sql", "print the script instead of running it")
          .option("--allow-run", allowRun)
          .option(
            "--targets <source>",
            "many databases or schemas: a file, a module, or a query of their names",
          )
          .option("--concurrency <count>", "with --targets: so many at once (default: 4)", readNumber)
          .option(
            "--canary <count>",
            "with --targets: so many first; all others wait for them (default: 1)",
            readNumber,
          )
          .option(
            "--max-failures <count>",
            "with --targets: begin nothing more after so many have failed",
            readNumber,
          )
          .option("--only-failed", "with --targets: those alone that the last try did not bring to an end")
          .option("--create-schemas", "with --targets: make schemas that are missing"),
      ),
    async () => (await import("./migrate.ts")).migrate,
  );
  add(
    {
      usage: "rollback [target]",
      alias: "downgrade",
      summary: "undo migrations, down to a target (default: the last one)",
      examples: [
        "athanor rollback",
        "athanor rollback -2",
        "athanor rollback base",
        "athanor rollback 4f1c --plan",
        "athanor rollback users@base",
      ],
    },
    (command) =>
      runOptions(
        command
          .option("--plan", "show what would be done, and do nothing")
          .option("--sql", "print the script instead of running it (needs a range a:b)")
          .option("--allow-run", allowRun)
          .option("--with-dependents", "label@base: undo what depends on the branch as well"),
      ),
    async () => (await import("./migrate.ts")).rollback,
  );
  add(
    {
      usage: "stamp <revisions...>",
      summary: "note revisions as applied without running them",
      examples: ["athanor stamp head", "athanor stamp base", "athanor stamp 4f1c --purge --confirm"],
    },
    (command) =>
      command
        .option("--sql", "print the script instead: a revision, from base, or a range from:to")
        .addOption(new Option("--purge", "empty the version table first").conflicts("sql"))
        .option("--confirm", "do not ask")
        .option("--tag <text>", "handed to the hooks"),
    async () => (await import("./stamp.ts")).stamp,
  );
  addAnewCommands(add);
}

/** The commands that begin anew. */
function addAnewCommands(add: CommandAdder): void {
  add(
    {
      usage: "fresh",
      summary: "drop everything in the database and apply all migrations from the beginning",
      examples: ["athanor fresh", "athanor fresh --confirm"],
    },
    (command) => runOptions(command.option("--confirm", "do not ask")),
    async () => (await import("./fresh.ts")).fresh,
  );
  add(
    {
      usage: "reset",
      summary: "undo all migrations",
      examples: ["athanor reset", "athanor reset --confirm"],
    },
    (command) => runOptions(command.option("--confirm", "do not ask")),
    async () => (await import("./fresh.ts")).reset,
  );
}

/** How a run behaves. */
function runOptions(command: Command): Command {
  return command
    .option("--tag <text>", "handed to the hooks")
    .addOption(
      new Option("--transaction <mode>", "what of the run is one transaction").choices([
        "each",
        "all",
        "none",
      ]),
    )
    .option("--wait-timeout <seconds>", "how long to wait for another run to end", number)
    .option(
      "--lock-timeout <seconds>",
      "how long a statement waits for a lock; 0 as the server is set",
      number,
    )
    .option("--lock-retries <count>", "how often to try again where a lock was in the way", number)
    .option("--statement-timeout <seconds>", "how long a statement may work; 0 as the server is set", number)
    .addOption(
      new Option("--resume <how>", "what becomes of the statement a run was broken off at").choices([
        "retry",
        "skip",
      ]),
    );
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError("It must be a number, 0 or more.");
  }
  return value;
}
