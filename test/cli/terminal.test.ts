/** What a person at a terminal sees and is asked, and what a pipe is not. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { CliProject, heroModel, repository } from "./project.ts";

/** A program that runs another on a terminal of its own; of util-linux, as every Linux has it. */
const hasTerminal = spawnSync("script", ["-qec", "exit 7", "/dev/null"]).status === 7;
const colour = "\u001b[";

let project: CliProject;

/** Runs a command on a terminal; `typed` is what a person types. */
function atTerminal(args: string, typed: string, env: Readonly<Record<string, string>> = {}) {
  const {
    DATABASE_URL: _,
    NO_COLOR: __,
    FORCE_COLOR: ___,
    NODE_TEST_CONTEXT: ____,
    ...inherited
  } = process.env;
  const command = `"${process.execPath}" "${join(repository, "dist/cli/bin.js")}" ${args}`;
  const done = spawnSync("script", ["-qec", command, "/dev/null"], {
    cwd: project.root,
    encoding: "utf8",
    input: typed,
    timeout: 60_000,
    env: { ...inherited, TERM: "xterm", ...env },
  });
  return { status: done.status, shown: done.stdout };
}

describe("at a terminal", { skip: !hasTerminal && "there is no `script` to run one" }, () => {
  before(() => {
    project = new CliProject({
      "athanor.toml": '[database]\nDB_NAME = "app.db"\n',
      "models/hero.ts": heroModel,
    });
    for (const args of [["makemigrations", "one"], ["migrate"]])
      assert.equal(project.athanor(args).status, 0);
  });
  after(() => project.remove());

  it("there are colours, unless NO_COLOR or --no-color says otherwise", () => {
    assert.ok(atTerminal("check", "").shown.includes(colour));
    assert.ok(!atTerminal("check", "", { NO_COLOR: "1" }).shown.includes(colour));
    assert.ok(!atTerminal("check --no-color", "").shown.includes(colour));
    assert.ok(
      atTerminal("check", "", { NO_COLOR: "" }).shown.includes(colour),
      "an empty NO_COLOR says nothing",
    );
  });

  it("a pipe gets none, unless FORCE_COLOR asks for it", () => {
    assert.ok(!project.athanor(["check"], { NO_COLOR: "" }).stdout.includes(colour));
    assert.ok(project.athanor(["check"], { NO_COLOR: "", FORCE_COLOR: "1" }).stdout.includes(colour));
    assert.ok(
      !project.athanor(["check"], { FORCE_COLOR: "1" }).stdout.includes(colour),
      "NO_COLOR goes before",
    );
  });

  it("a possible rename is asked about; each answer counts", () => {
    project.write("models/hero.ts", heroModel.replace("  name:", "  alias:"));
    const aborted = atTerminal("makemigrations two --dry-run", "a\n");
    assert.equal(aborted.status, 2, aborted.shown);
    assert.match(aborted.shown, /Was column hero\.name renamed to alias\?/);
    const renamed = atTerminal("makemigrations two --dry-run", "r\n");
    assert.equal(renamed.status, 0, renamed.shown);
    assert.match(renamed.shown, /op\.renameColumn\("hero", "name", "alias"\)/);
    assert.match(atTerminal("makemigrations two --dry-run", "d\n").shown, /op\.dropColumn\("hero", "name"\)/);
    project.write("models/hero.ts", heroModel);
  });

  it("what cannot be taken back is asked about, and no is the answer of silence", () => {
    const no = atTerminal("stamp head --purge", "\n");
    assert.equal(no.status, 2, no.shown);
    assert.match(no.shown, /\[y\/N\]/);
    const yes = atTerminal("stamp head --purge", "y\n");
    assert.equal(yes.status, 0, yes.shown);
  });

  it("a document is never interrupted by a question", () => {
    project.write("models/hero.ts", heroModel.replace("  name:", "  alias:"));
    const done = atTerminal("makemigrations two --json --dry-run", "r\n");
    assert.equal(done.status, 2, done.shown);
    assert.doesNotMatch(done.shown, /renamed to alias\?/);
    project.write("models/hero.ts", heroModel);
  });
});

describe("where nobody can answer", () => {
  it("nothing is asked: what needs a yes is refused", () => {
    using piped = new CliProject({ "athanor.toml": '[database]\nDB_NAME = "app.db"\n' });
    const done = piped.athanor(["stamp", "base", "--purge"]);
    assert.equal(done.status, 2);
    assert.match(done.stderr, /CLI\.NOT_CONFIRMED/);
    assert.doesNotMatch(done.stdout + done.stderr, /\[y\/N\]/);
  });
});
