import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { Project } from "./project.ts";

const script = `
import { openEnvironment } from ${JSON.stringify(join(import.meta.dirname, "../../src/migrate/index.ts"))};
const [root, url] = process.argv.slice(2);
await using environment = await openEnvironment({ root, url, versionLocations: [root + "/migrations/versions"] });
const { steps } = await environment.upgrade();
process.stdout.write(JSON.stringify(steps.map((step) => step.revision)));
`;

async function migrate(project: Project): Promise<string[]> {
  const child = spawn(process.execPath, [join(project.root, "migrate.ts"), project.root, project.url], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let errors = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, "close");
  assert.equal(code, 0, errors);
  return JSON.parse(out);
}

test("processes that migrate at once apply each revision once", async (t) => {
  const project = await Project.make((work) => t.after(work));
  await project.write("migrate.ts", script);
  const revisions = Array.from({ length: 8 }, (_, i) => `r${i}`);
  for (const [i, revision] of revisions.entries()) {
    await project.migration(revision, revisions[i - 1] ?? null, {
      upgrade: `op.createTable("t${i}", (table) => [table.column("id", t.integer())]);
    op.execute("INSERT INTO t${i} VALUES (1)");
    ${i > 0 ? `op.alterColumn("t${i - 1}", "id", { nullable: false });` : ""}`,
    });
  }
  const done = await Promise.all(Array.from({ length: 5 }, () => migrate(project)));
  assert.deepEqual(done.flat().sort(), revisions);
  const log = await project.sql("SELECT revision FROM athanor_log WHERE status = 'done' ORDER BY revision");
  assert.deepEqual(log.flat(), revisions);
  assert.deepEqual(await project.sql("SELECT version_num FROM athanor_version"), [["r7"]]);
  for (const i of revisions.keys()) assert.deepEqual(await project.sql(`SELECT id FROM t${i}`), [[1]]);
});
