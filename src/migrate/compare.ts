import type { Connection } from "../dialect/index.ts";
import { shortenedSchema } from "../dialect/short-name.ts";
import { diff } from "../diff/index.ts";
import { AthanorError } from "../errors/index.ts";
import { type Folded, fold } from "../fold/index.ts";
import { describe, type Operation } from "../operation/index.ts";
import { emptySchema, type Schema, type TableRef, tableLabel } from "../schema/index.ts";
import type { Context } from "./context.ts";
import type { DifferenceDocument } from "./documents.ts";
import type { History } from "./history.ts";
import { includeOnly, ownedOnly } from "./include.ts";
import { judgeColumns, withForced } from "./judge-columns.ts";
import { inLogicalWords, overlay } from "./logical.ts";
import { Owners } from "./module-branch.ts";
import { scopeOf } from "./module-scope.ts";
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
  /** What a database with schemas has to do to them beside `operations`, where this one has none. */
  readonly namespaces: readonly Operation[];
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
  const source = await readModels(context, "athanor makemigrations");
  const { renames: said = [] } = source;
  const scope = scopeOf(context);
  const models = shortenedSchema(scope.within(source.schema), design.nameLimit);
  await refuseUnsupported(context, models);
  const revisions =
    base.connection === null ? history.files.map((file) => file.revision) : history.applied(base.heads);
  const folded = fold(await history.loadAll(revisions), context.dialectIds);
  if (base.connection === null) refuseUnknownSteps(folded);
  const read =
    base.connection === null
      ? undefined
      : await design.inspector.inspect(base.connection, namesOf(models, folded));
  const folding = await design.canonical(folded.schema, base.connection, read);
  const standing = read ?? folding;
  const wanted = await design.canonical(models, base.connection, read);
  const versionTables = [context.store.version, context.store.log];
  const sides = includeOnly(
    {
      database: scope.within(ownedOnly(standing, models, folded.schema, versionTables, [wanted, folding])),
      models: wanted,
    },
    context.options.hooks ?? {},
    {
      logical: (ref) => context.placement.logical(ref),
      ownerOf: (ref) => new Owners(context.options.modules ?? []).ofTable(ref),
    },
  );
  const from = comparable(sides.database);
  const wished = comparable(sides.models);
  const label = (ref: TableRef): string => tableLabel(context.placement.logical(ref));
  const renames = await settleRenames({ from, to: wished, rules: design.rules, said, options, label });
  const { to, forced } = judgeColumns({ from, to: wished }, renames, design.rules, context.options);
  const operations = withForced(diff(from, to, design.rules, renames), forced);
  const logical = overlay(from, shortenedSchema(folded.schema, design.nameLimit), folding, design.rules);
  return {
    operations: inLogicalWords(operations, logical, models),
    from: logical,
    physical: { from, to },
    namespaces: context.placement.namespaceChanges(
      new Set(scope.namespaces([...(await history.namespaces(revisions))])),
      scope.namespaces(source.namespaces),
    ),
  };
}

/** Named schemas that models or history speak of are read as well. */
function namesOf(models: Schema, folded: Folded): { readonly namespaces: readonly string[] } {
  const named = [...models.tables, ...folded.schema.tables].flatMap((table) => table.schema ?? []);
  return { namespaces: [...new Set([...named, ...models.namespaces, ...folded.schema.namespaces])] };
}

/** What the differ looks at: views, triggers and unmanaged objects are nobody's difference. */
export function comparable(schema: Schema): Schema {
  return {
    ...emptySchema,
    namespaces: schema.namespaces,
    tables: schema.tables,
    enums: schema.enums,
    objects: schema.objects,
  };
}

/**
 * The models, as the database is to have them, and the schemas they name themselves; `command` is for the error where
 * there are none. Throws `MIGRATE.NO_MODELS`.
 */
export async function readModels(
  context: Context,
  command: string,
): Promise<ModelSource & { readonly namespaces: readonly string[] }> {
  const models = await context.options.models?.();
  if (models === undefined) throw new AthanorError("MIGRATE.NO_MODELS", { command });
  const { placement } = context;
  return {
    ...models,
    schema: placement.schema(models.schema),
    ...(models.renames === undefined ? {} : { renames: placement.refs(models.renames) }),
    namespaces: models.schema.namespaces,
  };
}

/** Throws `MIGRATE.UNSUPPORTED` where the context's database cannot hold the models. */
export async function refuseUnsupported(context: Context, models: Schema): Promise<void> {
  const reasons = (await context.design()).unsupported(models);
  if (reasons.length > 0) throw new AthanorError("MIGRATE.UNSUPPORTED", { reasons });
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
