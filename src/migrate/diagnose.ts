import type { Ailment } from "../dialect/index.ts";
import { inspectDatabase } from "../inspect/index.ts";
import { findTable, sameTable, tableLabel } from "../schema/index.ts";
import { readModels } from "./compare.ts";
import type { Context } from "./context.ts";
import { foldUpTo } from "./diff-side.ts";

/** What `doctor` asks of a database. */
export interface DiagnosisDocument {
  /** What the database says is wrong with itself. */
  readonly ailments: readonly Ailment[];
  /** The tables that neither models nor migrations know, as the database calls them. */
  readonly strangers: readonly string[];
}

/** Asks the database what is wrong with it, and which of its tables are nobody's. */
export function diagnose(context: Context): Promise<DiagnosisDocument> {
  return context.withReader("doctor", async (connection) => {
    const design = await context.design();
    const database = await inspectDatabase(context.dialect, connection);
    const history = await context.history();
    const folded = await foldUpTo(history.heads, history, context);
    const models = context.options.models === undefined ? null : await readModels(context, "athanor doctor");
    const own = [context.store.version, context.store.log, context.modules.table];
    const strangers = database.tables.filter(
      (table) =>
        !own.some((each) => sameTable(each, table)) &&
        findTable(folded.schema, table) === undefined &&
        (models === null || findTable(models.schema, table) === undefined),
    );
    return {
      ailments: (await design.diagnose?.(connection)) ?? [],
      strangers: strangers.map(tableLabel),
    };
  });
}
