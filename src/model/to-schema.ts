import { AthanorError } from "../errors/index.ts";
import {
  defaultNaming,
  emptySchema,
  findTable,
  type NamingConvention,
  type Schema,
  type Table,
  type TableRef,
  tableKey,
  tableLabel,
} from "../schema/index.ts";
import { canonicalOrder } from "../schema/order.ts";
import { deepFreeze } from "../util/deep-freeze.ts";
import type { ResolvedField } from "./field-metadata.ts";
import { snakeCase } from "./names.ts";
import { defaultRegistry, Registry } from "./registry.ts";
import { metadataOf, type ResolvedModel } from "./resolve.ts";

/** A rename that a model declares. */
export type DeclaredRename =
  | { readonly kind: "table"; readonly from: TableRef; readonly to: TableRef }
  | { readonly kind: "column"; readonly table: TableRef; readonly from: string; readonly to: string };

/** The models of a project as data: JSON, so that another process can send it. */
export interface ModelSchema {
  readonly schema: Schema;
  readonly renames: readonly DeclaredRename[];
  readonly models: readonly { readonly name: string; readonly table: TableRef }[];
}

/** How models become a schema. */
export interface ToSchemaOptions {
  readonly naming?: NamingConvention;
}

/**
 * The schema of models, or of a registry's: every constraint named, every foreign key's target there. Throws
 * `MODEL.…` for what cannot be: two models of one table, a target that no model defines, and so on.
 */
export function toSchema(
  models: readonly unknown[] | Registry = defaultRegistry,
  { naming = defaultNaming }: ToSchemaOptions = {},
): ModelSchema {
  const list = models instanceof Registry ? models.definitions.map((definition) => definition.model) : models;
  const resolved = list.map(metadataOf);
  refuseDuplicates(resolved);
  const tables = resolved.map((model) => model.toTable(naming));
  const namespaces = new Set(tables.flatMap((table) => (table.schema === null ? [] : [table.schema])));
  const schema = deepFreeze(canonicalOrder({ ...emptySchema, tables, namespaces: [...namespaces] }));
  for (const model of resolved) checkTargets(model, schema);
  return {
    schema,
    renames: resolved.flatMap(renamesOf),
    models: resolved.map(({ name, table }) => ({ name, table })),
  };
}

function refuseDuplicates(models: readonly ResolvedModel[]): void {
  for (const same of Map.groupBy(models, (model) => tableKey(model.table)).values()) {
    if (same.length < 2) continue;
    const table = tableLabel(same[0]!.table);
    throw new AthanorError("MODEL.DUPLICATE_TABLE", { table, models: same.map((model) => model.name) });
  }
}

function checkTargets(model: ResolvedModel, schema: Schema): void {
  for (const key of model.foreignKeys) {
    const table: Table | undefined = findTable(schema, key.target);
    const missing = key.targetColumns.find((name) => !table?.columns.some((column) => column.name === name));
    if (table !== undefined && missing === undefined) continue;
    throw new AthanorError("MODEL.FOREIGN_KEY_TARGET", {
      model: model.name,
      property: key.properties.join("+"),
      target: `${tableLabel(key.target)}.${missing ?? key.targetColumns.join("+")}`,
    });
  }
}

function renamesOf(model: ResolvedModel): DeclaredRename[] {
  const before = ({ options }: ResolvedField): string | undefined => options.renamedFrom;
  return model.fields.flatMap((field) => {
    const from = before(field);
    if (from === undefined) return [];
    return [{ kind: "column", table: model.table, from: snakeCase(from), to: field.column } as const];
  });
}
