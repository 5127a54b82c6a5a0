type SqliteModule = typeof import("node:sqlite");

let loaded: Promise<SqliteModule> | undefined;

/**
 * Node's built-in SQLite. Its one warning, that the module is experimental, is held back: people who use Athanor
 * chose Athanor, and the driver's interface used here is covered by tests on every supported Node.
 */
export function loadDriver(): Promise<SqliteModule> {
  loaded ??= importQuietly();
  return loaded;
}

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
