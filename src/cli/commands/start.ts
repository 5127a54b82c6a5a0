import { Option } from "commander";
import type { CommandAdder } from "../command.ts";
import { templates } from "../project-database.ts";

/** The commands that begin a project. */
export function addStartCommands(add: CommandAdder): void {
  add(
    {
      usage: "startproject <name>",
      summary: "make a new project: models, migrations, a program that uses them",
      examples: [
        "athanor startproject myproject",
        "athanor startproject myproject --template postgres",
        "athanor startproject shop --template modules",
      ],
    },
    (command) =>
      command.addOption(
        new Option("--template <name>", "for which database, or of modules")
          .choices(templates)
          .default("sqlite"),
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
  add(
    {
      usage: "pull",
      summary: "write models for a database that is there",
      examples: ["athanor pull", "athanor pull --url postgresql://localhost/shop --out models --dry-run"],
    },
    (command) =>
      command
        .option("-o, --out <folder>", "where they go; default the first of MODEL_DISCOVERY_PATHS")
        .addOption(
          new Option("--layout <what>", "a file for each").choices(["model", "schema"]).default("model"),
        )
        .option("--schema <name...>", "only these schemas")
        .option("--table <name...>", "only these tables")
        .option("--grants", "what roles may do with things too")
        .option("--force", "write over files that say something else")
        .option("--dry-run", "print the files and write nothing"),
    async () => (await import("./pull.ts")).pull,
  );
}
