/** What `--help` says of every command. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Command } from "commander";
import { program } from "../../src/cli/program.ts";

const root = program({ status: 0, options: {} });

/** Commands that do something, those below others included, with the words that call them. */
function leaves(
  command: Command,
  words: readonly string[],
): readonly (readonly [Command, readonly string[]])[] {
  if (command.commands.length === 0) return [[command, words]];
  return command.commands.flatMap((each) => leaves(each, [...words, each.name()]));
}

function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

/** The words of an example, quoted ones whole; what the shell does with its output is not Athanor's. */
function wordsOf(example: string): readonly string[] {
  const [own = ""] = example.split(/ (?:[|>]|&&)/, 1);
  return [...own.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

describe("--help", () => {
  for (const [command, words] of leaves(root, ["athanor"])) {
    const name = words.join(" ");
    const help = helpOf(command);
    const examples = help.split("Examples:\n")[1]?.trim().split("\n") ?? [];

    it(`${name}: says what it does, and shows it`, () => {
      assert.match(command.description(), /\S/);
      assert.ok(examples.length > 0, "there is no example");
      for (const { description, long, hidden } of command.options)
        assert.ok(hidden || /\S/.test(description), long ?? "");
    });

    it(`${name}: its examples are calls of it that can be read`, () => {
      for (const line of examples) {
        const given = wordsOf(line.trim().replace(/^\$ /, ""));
        const own = given.slice(0, words.length);
        const names = [command.name(), ...command.aliases()];
        assert.deepEqual(own.slice(0, -1), words.slice(0, -1), line);
        assert.ok(names.includes(own.at(-1) ?? ""), line);
        const rest = given.slice(words.length).filter((word) => !/^-\d+$/.test(word));
        const parser = program({ status: 0, options: {} });
        const found = words
          .slice(1)
          .reduce((at, word) => at.commands.find((each) => each.name() === word)!, parser);
        found.configureOutput({ writeErr: () => undefined, outputError: () => undefined }).exitOverride();
        const { unknown } = found.parseOptions([...rest]);
        assert.deepEqual(unknown, [], line);
      }
    });
  }

  it("athanor: every command stands in a group", () => {
    const help = helpOf(root);
    assert.doesNotMatch(help, /^Commands:/m);
    for (const command of root.commands) assert.match(help, new RegExp(`^ {2}${command.name()}\\b`, "m"));
  });
});
