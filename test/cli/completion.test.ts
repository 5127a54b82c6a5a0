/** Scripts that complete commands, as the shells run them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { completionScript } from "../../src/cli/completion.ts";
import { program } from "../../src/cli/program.ts";
import { shells } from "../../src/cli/shells.ts";

const root = program({ status: 0, options: {} });
const has = (shell: string): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0;

/** What bash offers after these words; the last is the one that is being typed. */
function offers(...words: string[]): readonly string[] {
  const list = words.map((word) => `'${word}'`).join(" ");
  const text = `${completionScript(root, "bash")}
COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _athanor; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const done = spawnSync("bash", ["-c", text], { encoding: "utf8" });
  assert.equal(done.stderr, "");
  return done.stdout.trim().split("\n");
}

describe("completion", () => {
  it("bash: commands, aliases, options, their values, and words for revisions", {
    skip: !has("bash"),
  }, () => {
    assert.deepEqual(offers("athanor", "makem"), ["makemigrations"]);
    assert.deepEqual(offers("athanor", "upg"), ["upgrade"]);
    assert.ok(offers("athanor", "").includes("startproject"));
    assert.deepEqual(offers("athanor", "migrate", "--pl"), ["--plan"]);
    assert.deepEqual(offers("athanor", "upgrade", "he"), ["head", "heads"]);
    assert.deepEqual(offers("athanor", "startproject", "--template", "p"), ["postgres"]);
    assert.deepEqual(offers("athanor", "completion", "z"), ["zsh"]);
    assert.deepEqual(offers("athanor", "--quiet", "roll"), ["rollback"]);
    assert.deepEqual(offers("athanor", "module", "un"), ["uninstall"]);
    assert.deepEqual(offers("athanor", "module", "uninstall", "orders", "--casc"), ["--cascade"]);
    assert.deepEqual(offers("athanor", "--quiet", "module", "--json", "list", "--js"), ["--json"]);
    assert.ok(!offers("athanor", "").includes("module list"));
  });

  for (const shell of shells) {
    it(`${shell}: has every command`, () => {
      const script = completionScript(root, shell);
      for (const command of root.commands) assert.ok(script.includes(command.name()), command.name());
    });
  }

  for (const shell of ["bash", "zsh", "fish"] as const) {
    it(`${shell} takes it`, { skip: !has(shell) && `there is no ${shell}` }, () => {
      const done = spawnSync(shell, ["-n"], { input: completionScript(root, shell), encoding: "utf8" });
      assert.equal(done.stderr, "");
    });
  }
});
