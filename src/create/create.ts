import type { Connection, ConnectionSource, DesignDialect, Dialect } from "../dialect/index.ts";
import { diff } from "../diff/index.ts";
import { runPlan } from "../migrate/run-plan.ts";
import { defaultRegistry, toSchema } from "../model/index.ts";
import { plan } from "../plan/index.ts";
import { emptySchema, findTable, type Schema } from "../schema/index.ts";

/** A database that can be connected to; an engine is one. */
export interface Database {
  open(): Promise<{ readonly dialect: Dialect; readonly source: ConnectionSource }>;
}

/** Works with a connection, the design-time half of its dialect, and what the database holds. */
async function withDatabase(
  database: Database,
  work: (connection: Connection, design: DesignDialect, state: Schema) => Promise<void>,
): Promise<void> {
  const { dialect, source } = await database.open();
  const design = await dialect.design();
  const connection = await source.acquire();
  try {
    await work(connection, design, await design.inspector.inspect(connection));
  } finally {
    await connection.release();
  }
}

function schemaOf(models: readonly unknown[] | undefined): Schema {
  return toSchema(models ?? defaultRegistry).schema;
}

/**
 * Creates the tables of `models` (default: every model of the default registry) that the database has not; those it
 * has are left as they are: altering them is what migrations are for.
 */
export function createAll(database: Database, models?: readonly unknown[]): Promise<void> {
  return withDatabase(database, async (connection, design, state) => {
    const wanted = schemaOf(models);
    const missing = wanted.tables.filter((table) => findTable(state, table) === undefined);
    const namespaces = wanted.namespaces.filter((name) => !state.namespaces.includes(name));
    const operations = diff(emptySchema, { ...emptySchema, namespaces, tables: missing }, design.rules);
    await runPlan(plan(operations, state, design), connection);
  });
}

/** Drops the tables of `models` (default: every model of the default registry) that the database has. */
export function dropAll(database: Database, models?: readonly unknown[]): Promise<void> {
  return withDatabase(database, async (connection, design, state) => {
    const wanted = schemaOf(models);
    const doomed = state.tables.filter((table) => findTable(wanted, table) !== undefined);
    const operations = diff({ ...emptySchema, tables: doomed }, emptySchema, design.rules);
    await runPlan(plan(operations, state, design), connection);
  });
}
