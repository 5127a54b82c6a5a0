import type { CommandAdder } from "../command.ts";

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
      ],
    },
    (command) =>
      command
        .option("--plan", "show what would be done, and do nothing")
        .option("--sql", "print the script instead of running it")
        .option("--tag <text>", "handed to the hooks"),
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
      ],
    },
    (command) =>
      command
        .option("--plan", "show what would be done, and do nothing")
        .option("--sql", "print the script instead of running it (needs a range a:b)")
        .option("--tag <text>", "handed to the hooks"),
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
        .option("--purge", "empty the version table first")
        .option("--confirm", "do not ask")
        .option("--tag <text>", "handed to the hooks"),
    async () => (await import("./stamp.ts")).stamp,
  );
}
