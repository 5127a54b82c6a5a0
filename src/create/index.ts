import type { Database } from "./create.ts";

/**
 * Creates the tables of `models` (default: every model of the default registry) that the database has not. Tables
 * that are there are never altered: that is what migrations are for.
 */
export async function createAll(database: Database, models?: readonly unknown[]): Promise<void> {
  // Loaded on first use: an application that only queries never loads the design plane.
  const { createTables } = await import("./create.ts");
  await createTables(database, models);
}

/** Drops the tables of `models` (default: every model of the default registry) that the database has. */
export async function dropAll(database: Database, models?: readonly unknown[]): Promise<void> {
  const { dropTables } = await import("./create.ts");
  await dropTables(database, models);
}

export type { Database } from "./create.ts";
