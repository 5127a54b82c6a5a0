import { InvalidArgumentError } from "commander";
import type { CommandAdder } from "../command.ts";

function readCount(given: string): number {
  if (/^\d{1,4}$/.test(given)) return Number(given);
  throw new InvalidArgumentError("It is a whole number, 0 for none.");
}

const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** The commands that try what is written before it is let loose. */
export function addGuardCommands(add: CommandAdder): void {
  add(
    {
      usage: "doctor",
      summary: "every check of modules, models, history and database (exit 1 where an error is found)",
      examples: [
        "athanor doctor",
        "athanor doctor --offline --json",
        'athanor doctor --only SM101 --ignore "SM101:hero.team_id=a handful of rows"',
      ],
    },
    (command) =>
      command
        .option("--offline", "ask no database")
        .option("--only <codes>", "only these checks; may be repeated", several)
        .option(
          "--ignore <code=reason>",
          "live with what a check finds, and say why; may be repeated",
          several,
        )
        .option("--strict", "exit 1 for warnings too")
        .option("--list", "what is looked for"),
    async () => (await import("./doctor.ts")).doctor,
  );
  add(
    {
      usage: "verify [range]",
      summary:
        "every migration up, down and up again on a throwaway database with generated rows (exit 1 with findings)",
      examples: [
        "athanor verify",
        "athanor verify head --on server",
        "athanor verify 4f1c:heads --on postgresql://postgres@localhost/postgres",
      ],
    },
    (command) =>
      command
        .option("--on <url>", "a server where a database may be made; `server` is the configured one")
        .option("--rows <count>", "rows put into each table before each migration", readCount, 3)
        .option("--no-models", "do not compare the models with what the whole history gives"),
    async () => (await import("./verify.ts")).verify,
  );
}
