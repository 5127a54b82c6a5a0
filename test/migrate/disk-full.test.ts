/** A disk that fills while a run is at work: what is there is whole, and the next run finishes it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Dialect } from "../../src/dialect/index.ts";
import { sqlite } from "../../src/dialect/sqlite/index.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import type { TransactionMode } from "../../src/migrate/index.ts";
import { matrix } from "../dialects.ts";
import { outcome, writeChain } from "./kill-chain.ts";
import { Project } from "./project.ts";

/** The same database, whose file may not grow beyond so many pages. */
function small(pages: number): Dialect {
  return {
    ...sqlite,
    async open(url, options) {
      const source = await sqlite.open(url, options);
      return {
        close: () => source.close(),
        acquire: async () => {
          const connection = await source.acquire();
          await connection.query(`PRAGMA max_page_count = ${pages}`);
          return connection;
        },
      };
    },
  };
}

async function made(t: TestContext): Promise<Project> {
  const project = await Project.make((end) => t.after(end));
  await writeChain(project);
  return project;
}

/** The error of a full disk, or null where the run came through. */
async function fullOrDone(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return null;
  } catch (error) {
    const cause = isAthanorError(error, "MIGRATE.FAILED") ? error.cause : error;
    assert.ok(isAthanorError(cause, "DATABASE.DISK_FULL"), String(error));
    return error;
  }
}

for (const transaction of ["each", "none"] as const satisfies readonly TransactionMode[]) {
  test(`a file that may not grow any more (transaction: ${transaction})`, async (t) => {
    const undisturbed = await made(t);
    await undisturbed.with((environment) => environment.upgrade("heads", { transaction }));
    const wanted = await outcome(undisturbed);
    const project = await made(t);
    let failures = 0;
    for (let pages = 1, done = false; !done; pages += 1) {
      const run = project.with((environment) => environment.upgrade("heads", { transaction }), {
        dialect: small(pages),
      });
      done = (await fullOrDone(run)) === null;
      if (!done) failures += 1;
      assert.deepEqual(await project.sql("PRAGMA integrity_check"), [["ok"]]);
    }
    assert.ok(failures > 5, String(failures));
    assert.deepEqual(await outcome(project), wanted);
  });
}

const mount = (folder: string, bytes: number): boolean =>
  spawnSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder]).status === 0;

test("a disk without room", { skip: process.platform !== "linux" || process.getuid?.() !== 0 }, async (t) => {
  const project = await made(t);
  const folder = await mkdtemp(join(tmpdir(), "athanor-disk-"));
  t.after(async () => {
    spawnSync("umount", [folder]);
    await rm(folder, { recursive: true, force: true });
  });
  if (!mount(folder, 192 * 1024)) return t.skip("nothing may be mounted here");
  const url = `${matrix[0]!.name}:///${join(folder, "app.db")}`;
  const upgrade = () => project.with((environment) => environment.upgrade(), { url });
  let failures = 0;
  let done = false;
  for (let room = 0; !done; room += 4096) {
    // What is left of the disk after ballast of so many bytes less.
    await writeFile(join(folder, "ballast"), Buffer.alloc(0));
    await writeFile(join(folder, "ballast"), Buffer.alloc(Math.max(0, 180 * 1024 - room))).catch(
      () => undefined,
    );
    done = (await fullOrDone(upgrade())) === null;
    if (!done) failures += 1;
  }
  assert.ok(failures > 1, String(failures));
  const undisturbed = await made(t);
  await undisturbed.with((environment) => environment.upgrade());
  const status = await project.with((environment) => environment.status(), { url });
  assert.deepEqual([status.upToDate, status.problems], [true, []]);
});
