/** Writes `docs/commands.md` from the command line itself: `npm run commands`. A test holds that it is up to date. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command, Option } from "commander";
import { program } from "../src/cli/program.ts";

/** Where the page stands. */
export const commandsPage: string = join(import.meta.dirname, "../docs/commands.md");

const head = `<!-- Written by \`npm run commands\` from src/cli/commands. Do not edit. -->

# Commands

\`athanor <command>\`, or \`node manage.ts <command>\` with handlers of one's own ([signals.md](signals.md)). Beside its own
options every command has \`--json\` (one document on standard output, [ci.md](ci.md)), \`--config <file>\`, \`--url <url>\`,
\`--quiet\`, \`--verbose\` and \`--no-color\`, and \`--help\` shows what stands here. Exit codes: 0 done, 1 the answer is no,
2 wrong use, 3 the database or a migration failed.

A revision is named by its id, the beginning of its id, a branch's label, \`head\`, \`heads\`, \`base\`, \`current\`, or relative to
one of them: \`+1\`, \`-2\`, \`ae10+2\`, \`orders@head\`, \`orders@-1\`. A range is \`a:b\`.
`;

const common: ReadonlySet<string> = new Set([
  "--json",
  "--config",
  "--url",
  "--quiet",
  "--verbose",
  "--no-color",
]);

/** The page as it ought to be. */
export function renderCommands(): string {
  const root = program({ status: 0, options: {} });
  const groups = Map.groupBy(root.commands, (command) => command.helpGroup());
  const sections = [...groups].map(([group, commands]) => {
    const title = group.replace(/:$/, "");
    return `\n## ${title}\n${commands.flatMap((command) => renderAll(command, "athanor")).join("")}`;
  });
  return head + sections.join("");
}

function renderAll(command: Command, before: string): readonly string[] {
  if (command.commands.length === 0) return [render(command, before)];
  return command.commands.flatMap((each) => renderAll(each, `${before} ${command.name()}`));
}

function render(command: Command, before: string): string {
  const usage = command.usage().replace(/\[options\] ?/, "");
  const aliases = command.aliases().map((alias) => `\`${before} ${alias}\``);
  const own = command.options.filter((option) => !option.hidden && !common.has(option.long ?? ""));
  const rows = own.map((option) => `| \`${option.flags}\` | ${cell(describe(option))} |\n`);
  const also = aliases.length === 0 ? "" : ` (also ${aliases.join(", ")})`;
  return [
    `\n### \`${`${before} ${command.name()} ${usage}`.trim()}\`\n`,
    `\n${sentence(command.description())}${also}\n`,
    rows.length === 0 ? "" : `\n| option | |\n|---|---|\n${rows.join("")}`,
    `\n\`\`\`sh\n${examplesOf(command).join("\n")}\n\`\`\`\n`,
  ].join("");
}

function describe({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? "" : ` (${argChoices.join(", ")})`;
  const usual =
    defaultValue === undefined || typeof defaultValue === "boolean" ? "" : `; default ${defaultValue}`;
  return `${description}${choices}${usual}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}

/** The examples of `--help`: they are printed after it, and kept nowhere else. */
function examplesOf(command: Command): readonly string[] {
  let help = "";
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  const lines = help.split("Examples:\n")[1]?.trim().split("\n") ?? [];
  return lines.map((line) => line.trim().replace(/^\$ /, ""));
}

if (import.meta.main) writeFileSync(commandsPage, renderCommands());
