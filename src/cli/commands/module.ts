import type { CommandAdder } from "../command.ts";

/** The commands about modules; `add` puts them under `athanor module`. */
export function addModuleCommands(add: CommandAdder): void {
  add(
    {
      usage: "list",
      summary: "the modules, and how the database stands to each",
      examples: ["athanor module list", "athanor module list --json"],
    },
    (command) => command,
    async () => (await import("./modules.ts")).list,
  );
  add(
    {
      usage: "add <name>",
      summary: "install a module, with those it depends on; takes up again what was laid aside",
      examples: ["athanor module add orders"],
    },
    (command) => command,
    async () => (await import("./modules.ts")).install,
  );
  add(
    {
      usage: "upgrade [names...]",
      summary: "apply what modules have that is new (default: all that are installed)",
      examples: ["athanor module upgrade", "athanor module upgrade orders"],
    },
    (command) => command,
    async () => (await import("./modules.ts")).upgrade,
  );
  add(
    {
      usage: "disable <name>",
      summary: "lay a module aside: its tables stay, nothing more is applied to them",
      examples: ["athanor module disable orders"],
    },
    (command) => command,
    async () => (await import("./modules.ts")).disable,
  );
  add(
    {
      usage: "uninstall <name>",
      summary: "drop the tables of a module, and nothing else",
      examples: [
        "athanor module uninstall orders --plan",
        "athanor module uninstall orders --dump backup --confirm",
        "athanor module uninstall users --cascade --confirm",
      ],
    },
    (command) =>
      command
        .option("--plan", "show what would go, and do nothing")
        .option("--cascade", "with the modules that need it")
        .option("--dump <folder>", "write the rows to files first, one JSON object a line")
        .option("--confirm", "do not ask"),
    async () => (await import("./modules.ts")).uninstall,
  );
}
