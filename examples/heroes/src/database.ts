import { join } from "node:path";
import { createEngine, type Engine } from "athanor";

const root = join(import.meta.dirname, "..");

/** The engine for a URL; statements that take longer than a quarter of a second are logged. */
export function connect(url: string): Engine {
  return createEngine(url, {
    echo: process.env["ECHO"] === "1",
    slowQuery: {
      milliseconds: 250,
      log: ({ sql, milliseconds, rows }) =>
        console.warn(JSON.stringify({ level: "warn", message: "slow query", milliseconds, rows, sql })),
    },
  });
}

/**
 * Brings the database up to date, on the connections that the program already has. Several instances may start at
 * once: one applies, the others wait for it.
 */
export async function migrate(engine: Engine): Promise<readonly string[]> {
  const { openEnvironment } = await import("athanor/migrations"); // loaded for this, and never again
  const { dialect, source } = await engine.open();
  await using environment = await openEnvironment({
    root,
    url: null,
    dialect,
    source,
    versionLocations: [join(root, "migrations/versions")],
  });
  const { steps } = await environment.upgrade();
  return steps.map(({ revision, message }) => `${revision} ${message}`);
}
