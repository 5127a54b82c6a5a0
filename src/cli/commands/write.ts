import { type Command, Option } from "commander";
import type { CommandAdder } from "../command.ts";

const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

function fileOptions(command: Command): Command {
  return command
    .option("--head <revision>", "the revision it follows (default: the only head)")
    .option("--splice", "allow a --head that is not a head")
    .option("--branch-label <label>", "begin a branch of this name")
    .option("--version-path <folder>", "where the file goes")
    .option("--rev-id <id>", "the revision's id")
    .option("--depends-on <revision>", "a revision it needs; may be repeated", several)
    .option("--module <name>", "only what this module owns")
    .option("--dry-run", "print the file, write nothing");
}

function compareOptions(command: Command): Command {
  return command
    .option("--rename <old:new>", "a rename: hero.nick:name, or hero:person; may be repeated", several)
    .option("--drop <name>", "really dropped: hero.nick, or hero; may be repeated", several)
    .addOption(
      new Option("--from <source>", "what the models are compared with")
        .choices(["database", "history", "shadow"])
        .default("database"),
    )
    .option(
      "--on <url>",
      "for --from shadow: a server where a database may be made; `server` is the configured one",
    );
}

/** The commands that write migration files. */
export function addWriteCommands(add: CommandAdder): void {
  add(
    {
      usage: "makemigrations [message]",
      summary: "compare the models with the database and write the migration",
      examples: [
        'athanor makemigrations "create hero"',
        'athanor makemigrations "rename nick" --rename hero.nick:name',
        'athanor makemigrations --empty "backfill names"',
      ],
    },
    (command) => compareOptions(fileOptions(command)).option("--empty", "no comparison: a file to fill in"),
    async () => (await import("./makemigrations.ts")).makemigrations,
  );
  add(
    {
      usage: "revision",
      summary: "write a migration file; blank without --autogenerate",
      examples: ['athanor revision -m "backfill names"', 'athanor revision -m "create hero" --autogenerate'],
    },
    (command) =>
      compareOptions(fileOptions(command))
        .option("-m, --message <text>", "what it does")
        .option("--autogenerate", "compare the models with the database"),
    async () => (await import("./makemigrations.ts")).revision,
  );
  add(
    {
      usage: "merge <revisions...>",
      summary: "join several heads",
      examples: ["athanor merge heads", 'athanor merge 4f1c 9ab0 -m "merge"'],
    },
    (command) =>
      command
        .option("-m, --message <text>", "what it does")
        .option("--branch-label <label>", "begin a branch of this name")
        .option("--rev-id <id>", "the revision's id")
        .option("--version-path <folder>", "where the file goes")
        .option("--splice", "allow revisions that are no heads")
        .option("--dry-run", "print the file, write nothing"),
    async () => (await import("./merge.ts")).merge,
  );
  addReshapeCommands(add);
}

/** The commands that change files that are there. */
function addReshapeCommands(add: CommandAdder): void {
  add(
    {
      usage: "squash <range>",
      summary: "put the migrations of a range into one, proven equal on a throwaway database",
      examples: ["athanor squash 4f1c:9ab0", 'athanor squash base:9ab0 -m "first year" --dry-run'],
    },
    (command) =>
      command
        .option("-m, --message <text>", "what the new file is called (default: squashed)")
        .option(
          "--leave-out <name>",
          "a step of code that a new database need not go through; may be repeated",
          several,
        )
        .option(
          "--no-safe",
          "do not write the form that lets others use a table meanwhile (PostgreSQL: concurrently)",
        )
        .option("--on <url>", "a server where a database may be made; `server` is the configured one")
        .option("--dry-run", "print the file, change nothing"),
    async () => (await import("./squash.ts")).squash,
  );
  add(
    {
      usage: "rebase <revision>",
      summary: "let your own branch, which nobody else has applied, follow another head",
      examples: ["athanor rebase 9ab0", "athanor rebase 9ab0 --onto 4f1c --dry-run"],
    },
    (command) =>
      command
        .option("--onto <revision>", "what it is to follow (default: the only other head)")
        .option("--dry-run", "print the file, change nothing"),
    async () => (await import("./squash.ts")).rebase,
  );
  add(
    {
      usage: "edit <revision>",
      summary: "open a migration file in $VISUAL or $EDITOR",
      examples: ["athanor edit head", "athanor edit 4f1c"],
    },
    (command) => command,
    async () => (await import("./edit.ts")).edit,
  );
}
