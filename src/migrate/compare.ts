import type { Connection } from "../dialect/index.ts";
import { diff } from "../diff/index.ts";
import { AthanorError } from "../errors/index.ts";
import { type Folded, fold } from "../fold/index.ts";
import { describe, type Operation } from "../operation/index.ts";
import { emptySchema, type Schema, tableLabel } from "../schema/index.ts";
import type { Context } from "./context.ts";
import type { DifferenceDocument } from "./documents.ts";
import type { History } from "./history.ts";
import { includeOnly, ownedOnly } from "./include.ts";
import { inLogicalWords, overlay } from "./logical.ts";
import type { MakeMigrationsOptions, ModelSource } from "./options.ts";
import { settleRenames } from "./renames.ts";

/** The models set against a database or a history. */
export interface Comparison {
  /** What closes the difference, in logical words. */
  readonly operations: readonly Operation[];
  /** What they start from, in logical words where the history knows them. */
  readonly from: Schema;
  /** Both sides as the database has them. */
  readonly physical: { readonly from: Schema; readonly to: Schema };
}

/** What the models are compared with: a database at these heads, or the whole history. */
export type ComparisonBase =
  | { readonly connection: Connection; readonly heads: readonly string[] }
  | { readonly connection: null };

/** Compares the models with what stands. Throws `MIGRATE.RENAMES` where a rename is possible and nobody said so. */
export async function compare(
  context: Context,
  history: History,
  base: ComparisonBase,
  options: Pick<MakeMigrationsOptions, "renames" | "drops" | "answer">,
): Promise<Comparison> {
  const design = await context.design();
  const { schema: models, renames: said = [] } = await readModels(context);
  const revisions =
    base.connection === null ? history.files.map((file) => file.revision) : history.applied(base.heads);
  const folded = fold(await history.loadAll(revisions), context.dialectIds);
  if (base.connection === null) refuseUnknownSteps(folded);
  const folding = await design.canonical(folded.schema, base.connection);
  const standing =
    base.connection === null
      ? folding
      : await design.inspector.inspect(base.connection, scope(models, folded));
  const wanted = await design.canonical(models, base.connection);
  const versionTables = [context.store.version, context.store.log];
  const sides = includeOnly(
    { database: ownedOnly(standing, models, folded.schema, versionTables), models: wanted },
    context.options.hooks ?? {},
  );
  const from = comparable(sides.database);
  const to = comparable(sides.models);
  const renames = await settleRenames({ from, to, rules: design.rules, said, options });
  const operations = diff(from, to, design.rules, renames);
  const logical = overlay(from, folded.schema, folding, design.rules);
  return { operations: inLogicalWords(operations, logical, models), from: logical, physical: { from, to } };
}

/** Named schemas that models or history speak of are read as well. */
function scope(models: Schema, folded: Folded): { readonly namespaces: readonly string[] } {
  const named = [...models.tables, ...folded.schema.tables].flatMap((table) => table.schema ?? []);
  return { namespaces: [...new Set([...named, ...models.namespaces, ...folded.schema.namespaces])] };
}

/** What the differ looks at: views, triggers and unmanaged objects are nobody's difference. */
function comparable(schema: Schema): Schema {
  return { ...emptySchema, namespaces: schema.namespaces, tables: schema.tables, enums: schema.enums };
}

async function readModels(context: Context): Promise<ModelSource> {
  const models = await context.options.models?.();
  if (models === undefined)
    throw new AthanorError("MIGRATE.NO_MODELS", { command: "athanor makemigrations" });
  const reasons = (await context.design()).unsupported(models.schema);
  if (reasons.length > 0) throw new AthanorError("MIGRATE.UNSUPPORTED", { reasons });
  return models;
}

/** Throws `MIGRATE.HISTORY_UNKNOWN` where the history alone does not tell the schema. */
export function refuseUnknownSteps(folded: Folded): void {
  if (folded.unknown.length === 0) return;
  const steps = folded.unknown.map((step) => `${step.step} (${step.file})`);
  throw new AthanorError("MIGRATE.HISTORY_UNKNOWN", { steps });
}

/** Operations as differences, for people. */
export function describeDifferences(operations: readonly Operation[]): readonly DifferenceDocument[] {
  return operations.map((operation) => ({
    kind: operation.kind,
    table: tableOf(operation),
    description: describe(operation),
  }));
}

function tableOf(operation: Operation): string | null {
  switch (operation.kind) {
    case "createTable":
      return tableLabel(operation.table);
    case "dropTable":
      return tableLabel(operation.name);
    case "renameTable":
      return tableLabel(operation.from);
    default:
      return "table" in operation ? tableLabel(operation.table) : null;
  }
}
