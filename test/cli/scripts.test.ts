/**
 * The command line, as scripts that read like a terminal. A script is a text file: `-- path --` begins a file of the
 * project, `$ …` runs a command there (`athanor …`, `node …`, or `sh -c` for anything else), `exit N` says how it
 * ends (default 0), `> text` and `! text` what standard output and standard error hold, `!> text` what standard
 * output must not hold. Every command of a failing kind is checked for a stack trace, which nobody asked for.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("scripts", import.meta.url));
const repository = fileURLToPath(new URL("../..", import.meta.url));
const bin = join(repository, "dist/cli/bin.js");

interface Step {
  readonly line: number;
  readonly command: string;
  exit: number;
  readonly expected: { readonly stream: "stdout" | "stderr" | "not stdout"; readonly text: string }[];
}

interface Script {
  readonly files: ReadonlyMap<string, string>;
  readonly steps: readonly Step[];
}

function parse(text: string): Script {
  const files = new Map<string, string>();
  const steps: Step[] = [];
  let file: string | null = null;
  text.split("\n").forEach((line, at) => {
    const header = /^-- (\S+) --$/.exec(line);
    const step = steps.at(-1);
    if (header) {
      file = header[1]!;
      files.set(file, "");
    } else if (line.startsWith("$ ")) {
      file = null;
      steps.push({ line: at + 1, command: line.slice(2), exit: 0, expected: [] });
    } else if (file !== null) files.set(file, `${files.get(file)}${line}\n`);
    else if (step !== undefined && /^exit \d$/.test(line)) step.exit = Number(line.slice(5));
    else if (step !== undefined && line.startsWith("!> "))
      step.expected.push({ stream: "not stdout", text: line.slice(3) });
    else if (step !== undefined && line.startsWith("> "))
      step.expected.push({ stream: "stdout", text: line.slice(2) });
    else if (step !== undefined && line.startsWith("! "))
      step.expected.push({ stream: "stderr", text: line.slice(2) });
    else if (line.trim() !== "" && !line.startsWith("#"))
      throw new TypeError(`line ${at + 1} is no part of a script: ${line}`);
  });
  return { files, steps };
}

function makeProject(files: ReadonlyMap<string, string>): string {
  const project = mkdtempSync(join(tmpdir(), "athanor-cli-"));
  for (const [name, text] of files) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  mkdirSync(join(project, "node_modules"), { recursive: true });
  symlinkSync(repository, join(project, "node_modules/athanor"), "junction");
  symlinkSync(join(repository, "node_modules/zod"), join(project, "node_modules/zod"), "junction");
  return project;
}

function runStep({ command, exit, expected, line }: Step, cwd: string): void {
  const shell = command
    .replace(/^athanor /, `"${process.execPath}" "${bin}" `)
    .replace(/^node /, `"${process.execPath}" `);
  const { ATHANOR_TEST_POSTGRES_URL: _, DATABASE_URL: __, NODE_TEST_CONTEXT: ___, ...env } = process.env;
  const done = spawnSync("sh", ["-c", shell], { cwd, encoding: "utf8", env: { ...env, NO_COLOR: "1" } });
  const shown = `line ${line}: ${command}\n--- stdout\n${done.stdout}--- stderr\n${done.stderr}`;
  assert.equal(done.status, exit, shown);
  for (const { stream, text } of expected) {
    if (stream === "not stdout")
      assert.ok(!done.stdout.includes(text), `not expected on stdout: ${text}\n${shown}`);
    else assert.ok(done[stream].includes(text), `expected on ${stream}: ${text}\n${shown}`);
  }
  if (exit !== 0) assert.doesNotMatch(done.stderr, /\n\s+at .+:\d+:\d+/, `a stack trace\n${shown}`);
}

describe("the command line", () => {
  for (const name of readdirSync(folder)
    .filter((each) => each.endsWith(".txt"))
    .sort()) {
    it(name.replace(".txt", "").replaceAll("-", " "), () => {
      const script = parse(readFileSync(join(folder, name), "utf8"));
      assert.ok(script.steps.length > 0, "the script runs nothing");
      const project = makeProject(script.files);
      try {
        for (const step of script.steps) runStep(step, project);
      } finally {
        rmSync(project, { recursive: true, force: true });
      }
    });
  }
});
