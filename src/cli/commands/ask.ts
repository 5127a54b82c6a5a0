import { type Command, Option } from "commander";
import type { CommandAdder } from "../command.ts";

const plain = (command: Command): Command => command;

/** The commands that only ask. */
export function addAskCommands(add: CommandAdder): void {
  add(
    {
      usage: "status",
      summary: "where the database stands",
      examples: ["athanor status", "athanor status --json"],
    },
    plain,
    async () => (await import("./status.ts")).status,
  );
  add(
    {
      usage: "current",
      summary: "the revisions the database is at",
      examples: ["athanor current --verbose", "athanor current --check-heads"],
    },
    (command) => command.option("-c, --check-heads", "exit 1 where the database is not at every head"),
    async () => (await import("./revisions.ts")).current,
  );
  add(
    {
      usage: "history",
      summary: "every revision, newest first, drawn as a graph",
      examples: ["athanor history", "athanor history --range base:head"],
    },
    (command) =>
      command
        .option("-r, --range <a:b>", "only this part")
        .addOption(new Option("--rev-range <a:b>").hideHelp())
        .option("-i, --indicate-current", "mark what is applied (done wherever there is a database)"),
    async () => (await import("./revisions.ts")).history,
  );
  add(
    {
      usage: "heads",
      summary: "the revisions that nothing follows",
      examples: ["athanor heads", "athanor heads --single"],
    },
    (command) =>
      command
        .option("--single", "exit 1 where there are several; needs no database")
        .option("--resolve-dependencies", "without heads that others depend on"),
    async () => (await import("./revisions.ts")).heads,
  );
  add(
    { usage: "branches", summary: "the revisions that several follow", examples: ["athanor branches"] },
    plain,
    async () => (await import("./revisions.ts")).branches,
  );
  add(
    {
      usage: "list",
      summary: "revisions in the order they are applied",
      examples: ["athanor list --pending-only"],
    },
    (command) =>
      command.option("--pending-only", "those not applied yet").option("--applied-only", "those applied"),
    async () => (await import("./revisions.ts")).list,
  );
  add(
    { usage: "show <revision>", summary: "one revision: header and source", examples: ["athanor show head"] },
    plain,
    async () => (await import("./revisions.ts")).show,
  );
  addCheckCommands(add);
  addLintCommand(add);
  addSchemaCommands(add);
}

/** The commands that say whether all is well. */
function addCheckCommands(add: CommandAdder): void {
  add(
    {
      usage: "check",
      summary:
        "whether anything is left to do: pending revisions, changed models, edited files (exit 1 if so)",
      examples: ["athanor check", "athanor check --from history", "athanor check --json"],
    },
    (command) =>
      command
        .addOption(
          new Option(
            "--from <source>",
            "what the models are compared with; but for the first no database is asked",
          )
            .choices(["database", "history", "shadow"])
            .default("database"),
        )
        .option("--on <url>", "for --from shadow: a server where a database may be made"),
    async () => (await import("./check.ts")).check,
  );
  add(
    {
      usage: "validate",
      summary: "whether files and database agree on what was applied (exit 1 if not)",
      examples: ["athanor validate"],
    },
    plain,
    async () => (await import("./check.ts")).validate,
  );
}

function addLintCommand(add: CommandAdder): void {
  const severities = ["error", "warning", "notice", "never"];
  add(
    {
      usage: "lint [range]",
      summary:
        "what migrations would do to a live system: data loss, locks, rewrites, heads that conflict (default: the pending ones; exit 1 with findings)",
      examples: [
        "athanor lint",
        "athanor lint 4f1c:heads",
        "athanor lint head",
        "athanor lint --offline --json",
      ],
    },
    (command) =>
      command
        .option("--offline", "ask no database: the last revision of each head")
        .addOption(
          new Option("--exit-code <severity>", "exit 1 from this severity on")
            .choices(severities)
            .default("warning"),
        ),
    async () => (await import("./lint.ts")).lint,
  );
}

/** The commands that tell of schemas. */
function addSchemaCommands(add: CommandAdder): void {
  add(
    {
      usage: "inspect",
      summary: "what the database has: tables, keys, indexes, views, and what is not managed",
      examples: [
        "athanor inspect",
        "athanor inspect --table hero --table team",
        "athanor inspect --url postgresql://localhost/app --schema public --json",
      ],
    },
    (command) =>
      command
        .option("--schema <name...>", "only these schemas")
        .option("--table <name...>", "only these tables and views"),
    async () => (await import("./inspect.ts")).inspect,
  );
  add(
    {
      usage: "diff",
      summary: "what turns one source into another: databases, models, the history, revisions",
      examples: [
        "athanor diff",
        "athanor diff --from history --to models",
        "athanor diff --from sqlite:///old.db --to postgresql://localhost/app --exit-code",
        "athanor diff --from database --to ae10 --sql",
      ],
    },
    (command) =>
      command
        .option(
          "--from <source>",
          "a database URL, database, models, history, shadow, or a revision",
          "database",
        )
        .option("--on <url>", "for shadow: a server where a database may be made")
        .option("--to <source>", "the same", "models")
        .option("--sql", "the script that turns the first into the second")
        .option("--grants", "between databases: what roles may do with things too")
        .option("--rename <old:new...>", "table.old:new, or old:new for a table")
        .option("--exit-code", "exit 1 where something differs"),
    async () => (await import("./diff.ts")).diff,
  );
}
