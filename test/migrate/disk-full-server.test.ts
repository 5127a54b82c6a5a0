/** The disk of a server that fills while a run is at work: the next run, once there is room, finishes it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chown, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isAthanorError } from "../../src/errors/index.ts";
import { dialects, loadDialect, type ServerKind, type TestDialect } from "../dialects.ts";
import { serviceAccount } from "../servers/process.ts";
import { provideServer, type RunningServer } from "../servers.ts";
import { outcome, writeChain } from "./kill-chain.ts";
import { Project } from "./project.ts";

/** How a database of each server comes to lie on a disk of its own. */
interface Placement {
  readonly accounts: readonly string[];
  /** Of the disk, in bytes: an empty database and some room. */
  readonly size: number;
  /** How much more room each run has than the one before. */
  readonly step: number;
  place(run: (sql: string) => Promise<readonly (readonly unknown[])[]>, folder: string): Promise<void>;
}

const placements: Readonly<Record<ServerKind, Placement>> = {
  postgresql: {
    accounts: ["postgres", "nobody"],
    size: 16 * 1024 * 1024,
    step: 48 * 1024,
    async place(run, folder) {
      await run(`CREATE TABLESPACE small LOCATION '${folder}'`);
      await run("CREATE DATABASE small TABLESPACE small");
    },
  },
  mariadb: {
    accounts: ["mysql", "nobody"],
    size: 4 * 1024 * 1024,
    step: 96 * 1024,
    // A folder of the data that leads elsewhere is a database like another.
    async place(run, folder) {
      const [[data] = []] = await run("SELECT @@datadir");
      await symlink(folder, join(String(data), "small"));
      await run("ALTER DATABASE small CHARACTER SET utf8mb4");
    },
  },
};

/** A disk that belongs to who runs the server; null where nothing may be mounted. */
async function disk(mounted: string, { accounts, size }: Placement): Promise<string | null> {
  const made = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=755`, "tmpfs", mounted]);
  if (made.status !== 0) return null;
  const account = serviceAccount(accounts);
  const data = join(mounted, "data");
  await mkdir(data);
  if (account) await chown(data, account.uid, account.gid);
  return data;
}

/** Takes what is left of the disk, but for so much. */
async function leave(room: number, folder: string): Promise<void> {
  const ballast = join(folder, "..", "ballast");
  await rm(ballast, { force: true });
  const [, , , free = "0"] = spawnSync("df", ["--block-size=1", folder], { encoding: "utf8" })
    .stdout.split("\n")[1]!
    .split(/\s+/);
  await writeFile(ballast, Buffer.alloc(Math.max(0, Number(free) - room)));
}

async function fill(t: TestContext, row: TestDialect & { readonly server: ServerKind }): Promise<void> {
  const placement = placements[row.server];
  const mounted = await mkdtemp(join(tmpdir(), "athanor-disk-"));
  let server: RunningServer | null = null;
  t.after(async () => {
    await server?.stop();
    spawnSync("umount", [mounted]);
    await rm(mounted, { recursive: true, force: true });
  });
  const folder = await disk(mounted, placement);
  if (folder === null) return t.skip("nothing may be mounted here");
  server = await provideServer(row.server, { alwaysPrivate: true });
  const dialect = await loadDialect(row);
  const source = await dialect.open(server.url);
  const connection = await source.acquire();
  await placement.place(async (sql) => (await connection.query(sql)).rows, folder);
  await connection.release();
  await source.close();
  const url = new URL(server.url);
  url.pathname = "/small";

  const project = await Project.make((end) => t.after(end), row);
  await writeChain(project);
  const there = project.at(url.href);
  await there.sql("SELECT 1"); // the first connection writes files of its own
  const codes: string[] = [];
  for (let room = placement.step, done = false; !done; room += placement.step) {
    assert.ok(room < placement.size, "it never comes through");
    await leave(room, folder);
    try {
      await there.with((environment) => environment.upgrade());
      done = true;
    } catch (error) {
      const cause = isAthanorError(error, "MIGRATE.FAILED") ? error.cause : error;
      assert.ok(isAthanorError(cause, "DATABASE.DISK_FULL"), String(error));
      codes.push(cause.code);
    }
  }
  t.diagnostic(`${codes.length} runs without room`);
  assert.ok(codes.length > 0, "there was room from the beginning");
  await project.with((environment) => environment.upgrade());
  assert.deepEqual(await outcome(there), await outcome(project));
}

const isRoot = process.platform === "linux" && process.getuid?.() === 0;
for (const row of dialects) {
  const { server } = row;
  if (server === null || row.name !== server) continue;
  test(`a server's disk without room (${row.name})`, { skip: !isRoot && "only root may mount" }, (t) =>
    fill(t, { ...row, server }),
  );
}
