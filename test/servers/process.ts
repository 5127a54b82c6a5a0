/** What private servers of every kind share: a folder, a user, a port, a process that is stopped by its id. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { folderOfDatabases } from "../temporary.ts";

/** A server that tests can use. `stop` ends it and removes its files when it was started here. */
export interface RunningServer {
  readonly url: string;
  readonly origin: string;
  stop(): Promise<void>;
}

/** What `test/servers.ts` asks of each kind of server. */
export interface Provider {
  readonly usualUrl: string;
  readonly usualPort: number;
  readonly binaries: readonly string[];
  readonly debianPackages: readonly string[];
  hasBinaries(): boolean;
  /** Whether databases can be made at `url`; null where there is no client to ask with. */
  canUse(url: string): boolean | null;
  start(): Promise<RunningServer>;
}

/** The user a private server runs as: servers refuse to run as root. Undefined means: as ourselves. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

const startDeadline = 60_000;
const stopDeadline = 20_000;

/** The full path of a program on the PATH or in one of `folders` (globs), the newest version first; null if absent. */
export function findProgram(name: string, folders: readonly string[] = []): string | null {
  const onPath = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name));
  const elsewhere = folders.flatMap((folder) => globSync(join(folder, name)).sort().reverse());
  return [...onPath, "/usr/sbin/".concat(name), ...elsewhere].find((path) => existsSync(path)) ?? null;
}

/** Whether something accepts connections there. */
export async function isReachable(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  socket.setTimeout(3000, () => socket.destroy(new Error("timeout")));
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A port nobody listens on at present. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port to be had");
  return address.port;
}

/** The first of `names` that exists, when we are root; undefined otherwise. */
export function serviceAccount(names: readonly string[]): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of names) {
    const [, , uid, gid] = accounts.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid), name };
  }
  throw new Error(`running as root, and none of the users ${names.join(", ")} exists to run the server as`);
}

/** A new folder that belongs to `account`. Its path is short: a socket's path may have 107 bytes. */
export function privateFolder(account: Account | undefined): string {
  const folder = mkdtempSync(join(folderOfDatabases(), "athanor-"));
  if (account) chownSync(folder, account.uid, account.gid);
  return folder;
}

/** Runs a program to its end; throws with what it printed when it fails. */
export function runToEnd(program: string, args: readonly string[], folder: string, account?: Account): void {
  const done = spawnSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, HOME: folder },
    ...(account && { uid: account.uid, gid: account.gid }),
  });
  if (done.status === 0) return;
  throw new Error(`${program} failed: ${done.error?.message ?? `${done.stderr}${done.stdout}`.trim()}`);
}

/** How to start a server and how to know that it is up. */
export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly account: Account | undefined;
  readonly port: number;
  readonly url: string;
  /** The signal that ends it at once yet in order. */
  readonly stopSignal: NodeJS.Signals;
  readonly isUp: () => boolean | null;
}

/** Starts a server and waits until it answers; its folder is removed when it stops. */
export async function launch(spec: Launch): Promise<RunningServer> {
  const child = spawn(spec.program, spec.args, {
    cwd: spec.folder,
    env: { ...process.env, HOME: spec.folder },
    stdio: ["ignore", "ignore", "pipe"],
    ...(spec.account && { uid: spec.account.uid, gid: spec.account.gid }),
  });
  const log: string[] = [];
  child.stderr?.on("data", (chunk: Buffer) => log.push(chunk.toString()));
  const stop = async (): Promise<void> => {
    await end(child, spec.stopSignal);
    rmSync(spec.folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + startDeadline; Date.now() < deadline; await delay(100)) {
    if (hasEnded(child)) break;
    if ((await isReachable("127.0.0.1", spec.port)) && spec.isUp() !== false) {
      return { url: spec.url, origin: `private, ${spec.program}`, stop };
    }
  }
  await stop();
  throw new Error(`${spec.program} did not come up: ${log.join("").trim().slice(-2000)}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, "exit");
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), stopDeadline);
  await ended;
  clearTimeout(late);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

/** Installs Debian packages when we may. Null when that went well, otherwise why not. */
export function installPackages(names: readonly string[]): string | null {
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) {
    return `and only root on Debian can install ${names.join(" ")} from here`;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  process.stderr.write(`Installing ${names.join(" ")} for the tests …\n`);
  spawnSync("apt-get", ["update", "-q"], { env, stdio: "ignore" });
  const args = ["install", "-y", "-q", "--no-install-recommends", ...names];
  const done = spawnSync("apt-get", args, { env, encoding: "utf8" });
  return done.status === 0 ? null : `apt-get could not install ${names.join(" ")}: ${done.stderr.trim()}`;
}
