import type { Command } from "commander";
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
      examples: ["athanor current --verbose"],
    },
    plain,
    async () => (await import("./revisions.ts")).current,
  );
  add(
    {
      usage: "history",
      summary: "every revision, newest first, drawn as a graph",
      examples: ["athanor history", "athanor history --range base:head"],
    },
    (command) => command.option("-r, --range <a:b>", "only this part"),
    async () => (await import("./revisions.ts")).history,
  );
  add(
    { usage: "heads", summary: "the revisions that nothing follows", examples: ["athanor heads"] },
    plain,
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
  add(
    {
      usage: "check",
      summary:
        "whether anything is left to do: pending revisions, changed models, edited files (exit 1 if so)",
      examples: ["athanor check", "athanor check --json"],
    },
    plain,
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
