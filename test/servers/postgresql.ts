import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import {
  findProgram,
  freePort,
  launch,
  type Provider,
  privateFolder,
  type RunningServer,
  runToEnd,
  serviceAccount,
} from "./process.ts";

const folders = ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"];

/** Nothing here outlives the run, so it may be lost in a crash. */
const hasty = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"];

/** Finds and starts PostgreSQL. */
export const postgresql: Provider = {
  usualUrl: "postgresql://postgres@127.0.0.1:5432/postgres",
  usualPort: 5432,
  binaries: ["initdb", "postgres"],
  debianPackages: ["postgresql", "postgresql-client"],
  hasBinaries: () => findProgram("initdb", folders) !== null,
  canUse,
  start,
};

function canUse(url: string): boolean | null {
  const psql = findProgram("psql", folders);
  if (psql === null) return null;
  const question = "select rolsuper or rolcreatedb from pg_roles where rolname = current_user";
  const asked = spawnSync(psql, ["--no-psqlrc", "-w", "-A", "-t", "-c", question, url], {
    encoding: "utf8",
    env: { ...process.env, PGCONNECT_TIMEOUT: "5" },
  });
  return asked.status === 0 && asked.stdout.trim() === "t";
}

async function start(): Promise<RunningServer> {
  const initdb = findProgram("initdb", folders);
  if (initdb === null) throw new Error("initdb is not installed");
  const account = serviceAccount(["postgres", "nobody"]);
  const folder = privateFolder(account);
  const data = join(folder, "data");
  const make = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"];
  runToEnd(initdb, make, folder, account);
  const port = await freePort();
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const settings = hasty.flatMap((setting) => ["-c", setting]);
  return launch({
    program: join(dirname(initdb), "postgres"),
    args: ["-D", data, "-h", "127.0.0.1", "-p", String(port), "-k", folder, ...settings],
    folder,
    account,
    port,
    url,
    stopSignal: "SIGINT",
    isUp: () => canUse(url),
  });
}
