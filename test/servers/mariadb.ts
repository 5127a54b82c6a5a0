import { spawnSync } from "node:child_process";
import { join } from "node:path";
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

const folders = ["/usr/local/mariadb*/bin", "/opt/homebrew/opt/mariadb*/bin"];

/** Nothing here outlives the run, so it may be lost in a crash. */
const hasty = ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M", "--skip-log-bin"];

/** Finds and starts MariaDB. */
export const mariadb: Provider = {
  usualUrl: "mariadb://root@127.0.0.1:3306",
  usualPort: 3306,
  binaries: ["mariadbd", "mariadb-install-db"],
  debianPackages: ["mariadb-server", "mariadb-client"],
  hasBinaries: () =>
    findProgram("mariadbd", folders) !== null && findProgram("mariadb-install-db", folders) !== null,
  canUse,
  start,
};

function canUse(url: string): boolean | null {
  const client = findProgram("mariadb", folders);
  if (client === null) return null;
  const { hostname, port, username, password } = new URL(url);
  const server = ["-h", hostname, "-P", port || "3306", "-u", decodeURIComponent(username || "root")];
  const args = ["--no-defaults", ...server, "--connect-timeout=5", "-N", "-B", "-e", "show grants"];
  const asked = spawnSync(client, args, {
    encoding: "utf8",
    env: { ...process.env, MYSQL_PWD: decodeURIComponent(password) },
  });
  return asked.status === 0 && /(ALL PRIVILEGES|\bCREATE\b).* ON \*\.\*/.test(asked.stdout);
}

async function start(): Promise<RunningServer> {
  const server = findProgram("mariadbd", folders);
  const make = findProgram("mariadb-install-db", folders);
  if (server === null || make === null) throw new Error("mariadbd is not installed");
  const account = serviceAccount(["mysql", "nobody"]);
  const folder = privateFolder(account);
  const data = join(folder, "data");
  // At its start a server, and what makes its files too, removes what lies in its folder for temporary tables, and with
  // it what is there of another server.
  const place = ["--no-defaults", `--datadir=${data}`, `--tmpdir=${folder}`];
  runToEnd(make, [...place, "--auth-root-authentication-method=normal", "--skip-test-db"], folder, account);
  const port = await freePort();
  const url = `mariadb://root@127.0.0.1:${port}`;
  const own = [`--port=${port}`, `--socket=${join(folder, "s")}`, `--pid-file=${join(folder, "pid")}`];
  return launch({
    program: server,
    args: [...place, ...own, "--bind-address=127.0.0.1", "--character-set-server=utf8mb4", ...hasty],
    folder,
    account,
    port,
    url,
    stopSignal: "SIGTERM",
    isUp: () => canUse(url),
  });
}
