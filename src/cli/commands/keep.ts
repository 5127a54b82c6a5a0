import { Argument } from "commander";
import type { CommandAdder } from "../command.ts";
import { shells } from "../shells.ts";

/** The commands that keep a project in order. */
export function addKeepCommands(add: CommandAdder): void {
  add(
    {
      usage: "config [key]",
      summary: "every setting, its value, and where that came from; secrets masked",
      examples: ["athanor config", "athanor config DATABASE_URL", "athanor config --json"],
    },
    (command) => command.option("--changed", "only what is not the default"),
    async () => (await import("./config.ts")).config,
  );
  add(
    {
      usage: "clean",
      summary: "remove what can be made anew: the cache of discovery, log files that were put aside",
      examples: ["athanor clean", "athanor clean --cache-only"],
    },
    (command) => command.option("--cache-only", "the cache alone"),
    async () => (await import("./clean.ts")).clean,
  );
  add(
    {
      usage: "completion",
      summary: "print a script that completes commands in a shell",
      examples: [
        "athanor completion bash >> ~/.bashrc",
        "athanor completion zsh >> ~/.zshrc",
        "athanor completion fish > ~/.config/fish/completions/athanor.fish",
        "athanor completion powershell >> $PROFILE",
      ],
    },
    (command) => command.addArgument(new Argument("<shell>", "which shell").choices(shells)),
    async () => (await import("./completion.ts")).completion,
  );
}
