/** Where databases of tests lie, servers' and those in process: none outlives a run, so that none need wait for a disk. */
import { accessSync, constants, statfsSync } from "node:fs";
import { tmpdir } from "node:os";

const inMemory = "/dev/shm";
/** What has to be free there, and of memory: a whole run takes about a third of it. */
const enough = 6 * 2 ** 30;

/** The folder for them: in memory where there is plenty of it, unless the environment names another. */
export function folderOfDatabases(): string {
  return process.env["TMPDIR"] === undefined && hasRoom(inMemory) ? inMemory : tmpdir();
}

function hasRoom(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return Math.min(bavail * bsize, process.availableMemory()) >= enough;
  } catch {
    return false;
  }
}
