/** Throwaway databases on a server: one that is in use stays, and what a killed process left goes with the next. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { makeDatabase } from "../../src/migrate/throwaway-database.ts";
import { dialects } from "../dialects.ts";
import { Project } from "./project.ts";

/** Makes a database, says its name and is killed. */
const child = `
import { dialectFor } from ${JSON.stringify(join(import.meta.dirname, "../../src/dialect/registry.ts"))};
import { makeDatabase } from ${JSON.stringify(join(import.meta.dirname, "../../src/migrate/throwaway-database.ts"))};
const dialect = await dialectFor(process.env.URL_OF_TEST);
const { databases, tryLock } = await dialect.design();
const { name } = await makeDatabase(dialect, process.env.URL_OF_TEST, { databases, tryLock });
(await import("node:fs")).writeSync(1, name);
process.kill(process.pid, "SIGKILL");
`;

for (const row of dialects.filter(({ server }) => server !== null)) {
  test(`what a killed process left goes, what is in use stays (${row.name})`, async (t) => {
    const project = await Project.make((work) => t.after(work), row);
    const { databases, tryLock } = await project.dialect.design();
    assert.ok(databases !== undefined && tryLock !== undefined);
    const make = () => makeDatabase(project.dialect, project.url, { databases, tryLock });
    const present = async (): Promise<readonly string[]> =>
      (await project.sql(databases.named("athanor_throwaway_"))).map(([name]) => String(name));

    const mine = await make();
    const ended = spawnSync(process.execPath, ["--input-type=module", "-e", child], {
      env: { ...process.env, URL_OF_TEST: project.url },
      encoding: "utf8",
    });
    const left = ended.stdout;
    assert.match(left, /^athanor_throwaway_[0-9a-f]{8}_[0-9a-f]{12}$/, ended.stderr);
    assert.deepEqual(
      (await present()).filter((name) => name === left || name === mine.name).sort(),
      [left, mine.name].sort(),
    );
    // The server notices the end of a session when it does.
    while ((await present()).includes(left)) await (await make()).drop();
    assert.ok((await present()).includes(mine.name));
    await mine.drop();
    assert.ok(!(await present()).includes(mine.name));
  });
}
