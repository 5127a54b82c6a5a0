import { Option } from "commander";
import type { CommandAdder } from "../command.ts";

/** The commands that begin a project. */
export function addStartCommands(add: CommandAdder): void {
  add(
    {
      usage: "startproject <name>",
      summary: "make a new project: models, migrations, a program that uses them",
      examples: ["athanor startproject myproject"],
    },
    (command) =>
      command.addOption(
        new Option("--template <name>", "which project").choices(["sqlite"]).default("sqlite"),
      ),
    async () => (await import("./startproject.ts")).startproject,
  );
  add(
    {
      usage: "init [folder]",
      summary: "add migrations to the project in this folder; what is there is kept",
      examples: ["athanor init", "athanor init database/migrations"],
    },
    (command) => command,
    async () => (await import("./init.ts")).init,
  );
}
