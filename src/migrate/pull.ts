import { inspectDatabase } from "../inspect/index.ts";
import { pullModels } from "../pull/index.ts";
import { defaultNaming, type Schema, sameTable, tableLabel } from "../schema/index.ts";
import type { Context } from "./context.ts";
import type { PullDocument } from "./documents.ts";
import { narrowed, withoutGrants } from "./inspect.ts";
import type { PullDatabaseOptions } from "./options.ts";

/** `pull`: model files for what the database has, Athanor's own tables aside. Nothing is written. */
export function pull(context: Context, options: PullDatabaseOptions): Promise<PullDocument> {
  return context.withReader("pull", async (connection) => {
    const design = await context.design();
    const server = await design.describeServer(connection);
    const whole = narrowed(
      await inspectDatabase(context.dialect, connection, { asMade: true }),
      server,
      options,
    );
    const own = [context.store.version, context.store.log, context.modules.table];
    const found: Schema = {
      ...(options.grants === true ? whole : withoutGrants(whole)),
      tables: whole.tables.filter((table) => !own.some((each) => sameTable(each, table))),
    };
    const files = await pullModels(found, {
      layout: options.layout ?? "model",
      naming: context.options.naming ?? defaultNaming,
      rules: design.rules,
      canonical: (schema) => design.canonical(schema, connection, whole),
    });
    return {
      files,
      tables: found.tables.map(tableLabel),
      left: found.unmanaged
        // What a virtual table makes for itself is nobody's.
        .filter(({ kind }) => kind !== "shadow table")
        .map(({ kind, schema, name }) => `${kind} ${tableLabel({ schema, name })}`),
    };
  });
}
