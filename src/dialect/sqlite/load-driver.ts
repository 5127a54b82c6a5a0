import { AthanorError } from "../../errors/index.ts";
import type { OpenDatabase } from "./driver-database.ts";
import type { SqliteDriver } from "./url.ts";

type SqliteModule = typeof import("node:sqlite");

let builtIn: Promise<SqliteModule> | undefined;

/** What opens databases with that driver. Rejects with `DATABASE.DRIVER_MISSING` where it is not installed. */
export async function loadDriver(driver: SqliteDriver): Promise<OpenDatabase> {
  if (driver === "better-sqlite3") return loadBetterSqlite3();
  builtIn ??= importQuietly();
  const { DatabaseSync: Database } = await builtIn;
  // Waiting for a lock is done in `SqliteConnection`: the driver's own waiting would block the whole program.
  return (path, readOnly) => new Database(path, { readOnly, timeout: 0 });
}

/**
 * Node's built-in SQLite. Its one warning, that the module is experimental, is held back: people who use Athanor
 * chose Athanor, and the driver's interface used here is covered by tests on every supported Node.
 */
async function importQuietly(): Promise<SqliteModule> {
  const warn = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (String(warning).includes("SQLite is an experimental feature")) return;
    Reflect.apply(warn, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    return await import("node:sqlite");
  } finally {
    process.emitWarning = warn;
  }
}

async function loadBetterSqlite3(): Promise<OpenDatabase> {
  try {
    const [{ default: Driver }, { betterSqlite3 }] = await Promise.all([
      import("better-sqlite3"),
      import("./better-sqlite3.ts"),
    ]);
    return betterSqlite3(Driver);
  } catch (cause) {
    throw new AthanorError("DATABASE.DRIVER_MISSING", { driver: "better-sqlite3" }, { cause });
  }
}
