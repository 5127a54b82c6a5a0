import type { Connection } from "../dialect/index.ts";
import { diff } from "../diff/index.ts";
import { fold } from "../fold/index.ts";
import { plan } from "../plan/index.ts";
import { emptySchema, type Schema, tableLabel } from "../schema/index.ts";
import type { Context } from "./context.ts";
import type { FreshDocument } from "./documents.ts";
import { includeOnly } from "./include.ts";
import { withoutGrants } from "./inspect.ts";
import { withLock } from "./lock.ts";
import type { FreshOptions } from "./options.ts";
import { runMigrations } from "./run.ts";
import { runPlan } from "./run-plan.ts";
import { runSettings } from "./run-settings.ts";

/**
 * `fresh`: drops what the database has and applies the history from its beginning. Whatever is in the default schema and
 * in those that the history names goes, whoever made it, but for what the project's hooks leave out.
 */
export async function fresh(context: Context, options: FreshOptions): Promise<FreshDocument> {
  const { dryRun = false, ...run } = options;
  const { dropped, kept } = await context.withConnection("fresh", async (connection) => {
    if (dryRun) return describeDrop(await everything(context, connection));
    const { waitTimeout } = runSettings(context, run);
    return withLock(context, connection, { limit: waitTimeout, across: true }, async () => {
      const found = await everything(context, connection);
      if (connection.inTransaction) await connection.commit();
      await drop(context, connection, found);
      return describeDrop(found);
    });
  });
  if (dryRun) return { outcome: "dry run", dropped, kept, applied: null };
  return { outcome: "done", dropped, kept, applied: await runMigrations(context, "upgrade", "heads", run) };
}

/** What there is to be dropped. */
async function everything(context: Context, connection: Connection): Promise<Schema> {
  const history = await context.history();
  const scripts = await history.loadAll(history.files.map((file) => file.revision));
  const { namespaces } = fold(scripts, context.dialectIds).schema;
  const { inspector } = await context.design();
  const found = withoutGrants(await inspector.inspect(connection, { namespaces }));
  return includeOnly({ database: found, models: emptySchema }, context.options.hooks ?? {}).database;
}

async function drop(context: Context, connection: Connection, found: Schema): Promise<void> {
  const design = await context.design();
  const operations = diff({ ...found, unmanaged: [] }, emptySchema, design.rules);
  await runPlan(plan(operations, found, design), connection);
}

function describeDrop({
  namespaces,
  tables,
  objects,
  unmanaged,
}: Schema): Pick<FreshDocument, "dropped" | "kept"> {
  return {
    dropped: [
      ...tables.map((table) => `table ${tableLabel(table)}`),
      ...objects.map((object) => `${object.kind} ${tableLabel(object)}`),
      ...namespaces.map((name) => `schema ${name}`),
    ],
    kept: unmanaged.map((object) => `${object.kind} ${tableLabel(object)}`),
  };
}
