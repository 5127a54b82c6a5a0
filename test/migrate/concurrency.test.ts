import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { compiledOnce } from "./compiled.ts";
import { onEvery, type Project } from "./project.ts";

const script = `
import { openEnvironment } from ${JSON.stringify(join(import.meta.dirname, "../../src/migrate/index.ts"))};
import { once } from "node:events";
const [root, url] = process.argv.slice(2);
await using environment = await openEnvironment({ root, url, versionLocations: [root + "/migrations/versions"] });
await environment.heads();
process.stdout.write("ready\\n");
await once(process.stdin, "data");
const { steps } = await environment.upgrade();
process.stdout.write(JSON.stringify(steps.map((step) => [step.revision, step.resumedAfter])));
process.exitCode = 0;
process.stdin.destroy();
`;

interface Racer {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ready: Promise<unknown>;
  readonly result: Promise<[string, number | null][]>;
}

/** A process that has everything loaded, and migrates at the word. */
function racer(project: Project): Racer {
  const child = spawn(process.execPath, [join(project.root, "migrate.ts"), project.root, project.url], {
    env: compiledOnce,
  });
  let out = "";
  let errors = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const closed = once(child, "close");
  const result = closed.then(([code]) => {
    assert.equal(code, 0, errors);
    return JSON.parse(out.replace("ready\n", "")) as [string, number | null][];
  });
  return { process: child, ready: Promise.race([once(child.stdout, "data"), closed]), result };
}

onEvery("twenty processes that migrate at once apply each revision once", async (project) => {
  await project.write("migrate.ts", script);
  const revisions = Array.from({ length: 8 }, (_, i) => `r${i}`);
  for (const [i, revision] of revisions.entries()) {
    await project.migration(revision, revisions[i - 1] ?? null, {
      // One of them is several transactions, and one has a statement that no transaction may hold.
      header: i === 3 ? "transaction: false," : "",
      upgrade: `op.createTable("t${i}", (table) => [table.column("id", t.integer())]);
    op.execute("INSERT INTO t${i} VALUES (1)");
    ${i > 0 ? `op.alterColumn("t${i - 1}", "id", { nullable: false });` : ""}
    op.createIndex("ix_t${i}", "t${i}", ["id"]${i === 5 ? ", { options: { postgresql: { concurrently: true } } }" : ""});
    op.execute("UPDATE t${i} SET id = id + 1");`,
    });
  }
  const racers = Array.from({ length: 20 }, () => racer(project));
  await Promise.all(racers.map(({ ready }) => ready));
  for (const { process } of racers) process.stdin.write("go\n");
  const done = await Promise.all(racers.map(({ result }) => result));
  assert.deepEqual(
    done.flat().sort(),
    revisions.map((revision) => [revision, null]),
  );
  const log = await project.sql("SELECT revision FROM athanor_log WHERE status = 'done' ORDER BY revision");
  assert.deepEqual(log.flat(), revisions);
  assert.deepEqual(await project.sql("SELECT version_num FROM athanor_version"), [["r7"]]);
  for (const i of revisions.keys()) assert.deepEqual(await project.sql(`SELECT id FROM t${i}`), [[2]]);
});
