/** The recipes of docs/ci.md, run as they stand: they let a good change through, and stop a bad one at its file. */
import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import { CliProject, heroModel, repository } from "./project.ts";

interface Workflow {
  readonly jobs: { readonly migrations: { readonly steps: readonly { readonly run?: string }[] } };
}

interface Hooks {
  readonly repos: readonly { readonly hooks: readonly { readonly id: string; readonly entry: string }[] }[];
}

const page = readFileSync(join(repository, "docs/ci.md"), "utf8");
const [workflow, hooks] = [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text]) => parse(text!)) as [
  Workflow,
  Hooks,
];
const steps = workflow.jobs.migrations.steps.flatMap(({ run }) =>
  run === undefined || run === "npm ci" ? [] : [run],
);
const entries = hooks.repos.flatMap((repo) => repo.hooks);

let project: CliProject;

function shell(command: string, env: Readonly<Record<string, string>> = {}): SpawnSyncReturns<string> {
  const { DATABASE_URL: _, MIGRATION_SHADOW_URL: __, NODE_TEST_CONTEXT: ___, ...inherited } = process.env;
  const own = `"${process.execPath}" "${join(repository, "dist/cli/bin.js")}"`;
  return spawnSync("sh", ["-ec", command.replaceAll("npx athanor", own)], {
    cwd: project.root,
    encoding: "utf8",
    timeout: 120_000,
    env: { ...inherited, NO_COLOR: "1", GITHUB_ACTIONS: "true", GITHUB_BASE_REF: "main", ...env },
  });
}

function git(command: string): void {
  const who = "-c user.name=t -c user.email=t@example.com";
  const done = shell(`git ${who} ${command}`);
  assert.equal(done.status, 0, done.stderr);
}

/** Runs the steps of the workflow up to the first that fails; answers it, null where none does. */
function pullRequest(): (SpawnSyncReturns<string> & { readonly step: string }) | null {
  rmSync(project.path("app.db"), { force: true });
  git("add -A");
  git("commit -qm change");
  try {
    for (const step of steps) {
      const done = shell(step);
      if (done.status !== 0) return { ...done, step };
    }
    return null;
  } finally {
    git("checkout -q -f HEAD -- .");
  }
}

function migration(revision: string, down: string | null, upgrade: string, downgrade = ""): void {
  project.write(
    `migrations/versions/${revision}.ts`,
    `import { migration, t } from "athanor/migrations";
export default migration({ revision: "${revision}", downRevision: ${JSON.stringify(down)}, message: "${revision}",
  upgrade(op) { ${upgrade} }, downgrade(op) { ${downgrade} } });
export const types = t;
`,
  );
}

/** A branch of its own from the first commit. */
function branch(name: string): void {
  git(`checkout -q -f -b ${name} origin/main`);
  git("clean -qfd migrations models");
  rmSync(project.path("app.db"), { force: true });
}

describe("the recipes of docs/ci.md", () => {
  before(() => {
    project = new CliProject({
      "athanor.toml": '[database]\nDB_NAME = "app.db"\n',
      "models/hero.ts": heroModel,
      ".gitignore": "node_modules\n*.db\n.athanor\n",
    });
    const made = project.athanor(["makemigrations", "create hero", "--rev-id", "aaaaaaaaaaaa"]);
    assert.equal(made.status, 0, made.stderr);
    git("init -q -b main .");
    git("add -A");
    git("commit -qm first");
    git("update-ref refs/remotes/origin/main HEAD");
  });
  after(() => project.remove());

  it("let a good change through", () => {
    branch("good");
    project.write("models/hero.ts", heroModel.replace("),\n})", ")\n  , age: field(z.int().nullable()) })"));
    assert.equal(project.athanor(["migrate"]).status, 0);
    assert.equal(project.athanor(["makemigrations", "age", "--rev-id", "bbbbbbbbbbbb"]).status, 0);
    assert.equal(project.athanor(["migrate"]).status, 0);
    for (const { id, entry } of entries)
      assert.equal(shell(entry).status, 0, `${id}\n${shell(entry).stderr}`);
    const failed = pullRequest();
    assert.equal(failed, null, `${failed?.step}\n${failed?.stdout}${failed?.stderr}`);
  });

  it("stop two heads, and name both files", () => {
    branch("heads");
    migration("bbbbbbbbbbbb", "aaaaaaaaaaaa", "");
    migration("cccccccccccc", "aaaaaaaaaaaa", "");
    assert.equal(shell(entries.find(({ id }) => id === "athanor-heads")!.entry).status, 1);
    const failed = pullRequest();
    assert.match(failed?.step ?? "", /heads --single/);
    for (const name of ["bbbbbbbbbbbb", "cccccccccccc"])
      assert.match(failed?.stderr ?? "", new RegExp(`^::error file=migrations/versions/${name}\\.ts,`, "m"));
  });

  it("stop a way back that does not lead back", () => {
    branch("verify");
    migration("bbbbbbbbbbbb", "aaaaaaaaaaaa", 'op.createTable("log", (c) => [c.column("id", t.integer())]);');
    assert.equal(shell(entries.find(({ id }) => id === "athanor-verify")!.entry).status, 1);
    const failed = pullRequest();
    assert.match(failed?.step ?? "", /athanor verify/);
    assert.match(failed?.stderr ?? "", /^::error file=migrations\/versions\/bbbbbbbbbbbb\.ts,.*VERIFY/m);
  });

  it("stop what would harm a system that is running", () => {
    branch("lint");
    project.write("models/hero.ts", heroModel.replace(/ {2}name: .*\n/, ""));
    migration(
      "bbbbbbbbbbbb",
      "aaaaaaaaaaaa",
      'op.dropColumn("hero", "name");',
      'op.addColumn("hero", "name", t.varchar(80), { nullable: false, default: "" });',
    );
    assert.equal(shell(entries.find(({ id }) => id === "athanor-lint")!.entry).status, 1);
    const failed = pullRequest();
    assert.ok(failed, "nothing stopped it");
    assert.match(failed.stderr, /^::error file=migrations\/versions\/bbbbbbbbbbbb\.ts,/m);
  });

  it("stop a model that no migration knows, and a file that was edited", () => {
    branch("check");
    project.write("models/hero.ts", heroModel.replace(".max(80)", ".max(90)"));
    assert.equal(project.athanor(["migrate"]).status, 0);
    const check = entries.find(({ id }) => id === "athanor-check")!.entry;
    const differs = shell(check);
    assert.equal(differs.status, 1);
    assert.match(differs.stderr, /^::error title=athanor::models differ: /m);
    project.write("models/hero.ts", heroModel);
    const path = "migrations/versions/aaaaaaaaaaaa_create_hero.ts";
    project.write(path, project.read(path).replace("varchar(80)", "varchar(81)"));
    const edited = shell(check);
    assert.equal(edited.status, 1);
    assert.match(edited.stderr, new RegExp(`^::error file=${path},title=athanor::.*EDITED`, "m"));
  });

  it("say at which line of which file a model cannot be read", () => {
    branch("syntax");
    project.write("models/hero.ts", `${heroModel}\nthrow new Error("no luck");\n`);
    const done = shell(entries.find(({ id }) => id === "athanor-check")!.entry);
    assert.equal(done.status, 2);
    assert.match(done.stderr, /^::error file=models\/hero\.ts,line=8,title=athanor::/m);
  });
});
