/** `migrate --targets` as an operator types it: a try that failed or was ended goes on where it stood. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { FleetDocument } from "../../src/migrate/index.ts";
import { CliProject } from "./project.ts";

const count = 12;
const hero = `import { field, Model } from "athanor";
import { z } from "zod";
export class Hero extends Model("hero", { id: field(z.int(), { primaryKey: true }) }) {}
`;

function fleet(t: TestContext, more: Readonly<Record<string, string>> = {}): CliProject {
  const project = new CliProject({
    "athanor.toml": '[database]\nDB_NAME = "own.db"\n',
    "models/hero.ts": hero,
    ...more,
  });
  t.after(() => project.remove());
  const targets = Array.from({ length: count }, (_, at) => ({
    name: `t${at}`,
    url: `sqlite:///${project.path(`t${at}.db`)}`,
  }));
  project.write("targets.jsonl", targets.map((target) => `${JSON.stringify(target)}\n`).join(""));
  assert.equal(project.athanor(["makemigrations", "first"]).status, 0);
  return project;
}

function run(project: CliProject, args: readonly string[] = [], status = 0): FleetDocument {
  const done = project.athanor(["migrate", "--targets", "targets.jsonl", ...args, "--json"]);
  assert.equal(done.status, status, done.stdout + done.stderr);
  return JSON.parse(done.stdout) as FleetDocument;
}

test("only what failed is taken up again", (t) => {
  const project = fleet(t);
  const lines = project.read("targets.jsonl");
  project.write(
    "targets.jsonl",
    `${lines}{"name":"broken","url":"sqlite:///${project.path("no/such/x.db")}"}\n`,
  );
  run(project, [], 3);
  project.write(
    "targets.jsonl",
    `${lines}{"name":"broken","url":"sqlite:///${project.path("mended.db")}"}\n`,
  );
  const again = run(project, ["--only-failed"]);
  assert.deepEqual(
    again.results.map(({ name, state }) => [name, state]),
    [["broken", "migrated"]],
  );
  assert.equal(run(project, ["--only-failed"]).total, 0);
  assert.equal(run(project).unchanged, count + 1);
});

test("a try that was ended goes on where it stood", async (t) => {
  const project = fleet(t);
  const bin = join(import.meta.dirname, "../../dist/cli/bin.js");
  const child = spawn(
    process.execPath,
    [bin, "migrate", "--targets", "targets.jsonl", "--concurrency", "1"],
    { cwd: project.root, stdio: ["ignore", "pipe", "inherit"] },
  );
  let told = "";
  for await (const chunk of child.stdout) {
    told += String(chunk);
    if ((told.match(/^migrated/gm)?.length ?? 0) >= 3) child.kill("SIGKILL");
  }
  const rest = run(project, ["--only-failed"]);
  assert.ok(rest.total < count && rest.total > 0, `${rest.total}`);
  assert.equal(rest.ok, true);
  assert.equal(run(project).unchanged, count);
});

for (const [what, file, text] of [
  ["is no JSON", "targets.json", "[1,"],
  ["has a line that is none", "targets.jsonl", '{"name":'],
  ["throws", "targets.ts", 'throw new Error("nobody is there");'],
  ["gives no list", "targets.ts", "export default () => 7;"],
] as const)
  test(`a source that ${what} is named, and nothing is done`, (t) => {
    const project = fleet(t, { [file]: text });
    project.write(file, text);
    const done = project.athanor(["migrate", "--targets", file, "--json"]);
    assert.equal(done.status, 2, done.stderr);
    assert.match(done.stdout, /FLEET\.SOURCE/);
  });
