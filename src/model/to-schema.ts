import { AthanorError } from "../errors/index.ts";
import { allColumns } from "../schema/family.ts";
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
import { prefixed } from "../schema/place.ts";
import { deepFreeze } from "../util/deep-freeze.ts";
import { definitionOf } from "./definition.ts";
import type { ResolvedField } from "./field-metadata.ts";
import { moduleOf } from "./module-owner.ts";
import { snakeCase } from "./names.ts";
import { isDatabaseObject, knownObjects, type SchemaParts, withParts } from "./objects/database-object.ts";
import { defaultRegistry, Registry } from "./registry.ts";
import { metadataOf } from "./resolve.ts";
import type { ResolvedMetadata } from "./resolved.ts";

/** A rename that a model declares. */
export type DeclaredRename =
  | { readonly kind: "table"; readonly from: TableRef; readonly to: TableRef }
  | { readonly kind: "column"; readonly table: TableRef; readonly from: string; readonly to: string };

/** The models of a project as data: JSON, so that another process can send it. */
export interface ModelSchema {
  readonly schema: Schema;
  /** What each object beside tables added to it, in the order in which they were given. */
  readonly parts: readonly SchemaParts[];
  readonly renames: readonly DeclaredRename[];
  readonly models: readonly { readonly name: string; readonly table: TableRef }[];
}

/** How models become a schema. */
export interface ToSchemaOptions {
  readonly naming?: NamingConvention;
  /** Tables that are known from elsewhere: foreign keys may lead to them, and they are not in what is answered. */
  readonly others?: readonly Table[];
}

/**
 * The schema of models and of what stands beside their tables, or of a registry's: every constraint named, every
 * foreign key's target there. Throws
 * `MODEL.…` for what cannot be: two models of one table, a target that no model defines, and so on.
 */
export function toSchema(
  models: readonly unknown[] | Registry = defaultRegistry,
  { naming = defaultNaming, others = [] }: ToSchemaOptions = {},
): ModelSchema {
  const list = models instanceof Registry ? everythingOf(models) : models;
  const named = list.filter((each) => !isDatabaseObject(each)).map(metadataOf);
  const resolved = [...new Set([...named, ...named.flatMap((model) => model.implicitLinks)])];
  const parts = list.filter(isDatabaseObject).map((each) => each.parts({ naming }));
  // Models that share a table are one: what the table holds.
  const stored = [...new Set(resolved.map((model) => model.stored as ResolvedMetadata))];
  refuseDuplicates(stored);
  refuseCollisions(stored);
  const tables = stored.map((model) => model.toTable(naming));
  const namespaces = new Set(tables.flatMap((table) => (table.schema === null ? [] : [table.schema])));
  const plain = { ...emptySchema, tables, namespaces: [...namespaces] };
  const schema = deepFreeze(canonicalOrder(withParts(plain, parts)));
  const known = { ...schema, tables: [...schema.tables, ...others] };
  for (const model of stored) checkTargets(model, known);
  return {
    schema,
    parts,
    renames: stored.flatMap((model) => [...tableRenames(model), ...renamesOf(model)]),
    models: resolved.map(({ name, table }) => ({ name, table })),
  };
}

/** A registry's models; objects are of the default one. */
function everythingOf(registry: Registry): readonly unknown[] {
  const models = registry.definitions.map((definition) => definition.model);
  return registry === defaultRegistry ? [...models, ...knownObjects()] : models;
}

function refuseDuplicates(models: readonly ResolvedMetadata[]): void {
  for (const same of Map.groupBy(models, (model) => tableKey(model.table)).values()) {
    if (same.length < 2) continue;
    const table = tableLabel(same[0]!.table);
    throw new AthanorError("MODEL.DUPLICATE_TABLE", { table, models: same.map((model) => model.name) });
  }
}

/** A table of a module may have no other's name where a database has no schemas either. */
function refuseCollisions(models: readonly ResolvedMetadata[]): void {
  for (const [name, same] of Map.groupBy(models, (model) => prefixed(model.table).name)) {
    if (same.length < 2 || same.every((model) => moduleOf(model.table) === undefined)) continue;
    throw new AthanorError("MODULE.COLLISION", {
      name,
      tables: same.map((model) => tableLabel(model.table)),
    });
  }
}

/** A constraint ties a module to another, and is to be said: whether that one can go depends on it. */
function checkModules(model: ResolvedMetadata): void {
  const owner = definitionOf(model.model)?.registry.module ?? null;
  if (owner === null || owner.dependsOn === null) return;
  for (const { target, properties, constraint } of model.foreignKeys) {
    const other = moduleOf(target)?.name ?? target.schema;
    if (!constraint || other === null || other === owner.name || owner.dependsOn.includes(other)) continue;
    const fields = { module: owner.name, other, model: model.name, property: properties.join("+") };
    throw new AthanorError("MODULE.UNDECLARED", fields);
  }
}

function checkTargets(model: ResolvedMetadata, schema: Schema): void {
  checkModules(model);
  for (const key of model.foreignKeys) {
    if (key.foreign) continue;
    const table: Table | undefined = findTable(schema, key.target);
    const columns = table === undefined ? [] : allColumns(table, schema);
    const missing = key.targetColumns.find((name) => !columns.some((column) => column.name === name));
    if (table !== undefined && missing === undefined) continue;
    throw new AthanorError("MODEL.FOREIGN_KEY_TARGET", {
      model: model.name,
      property: key.properties.join("+"),
      target: `${tableLabel(key.target)}.${missing ?? key.targetColumns.join("+")}`,
    });
  }
}

/** A module that was renamed takes its tables with it. */
function tableRenames({ model, table }: ResolvedMetadata): DeclaredRename[] {
  const owner = definitionOf(model)?.registry.module;
  if (owner?.renamedFrom == null) return [];
  const name = table.schema === null ? table.name.slice(owner.name.length + 1) : table.name;
  const before = { schema: owner.renamedFrom, name };
  return [{ kind: "table", from: table.schema === null ? prefixed(before) : before, to: table }];
}

function renamesOf(model: ResolvedMetadata): DeclaredRename[] {
  const before = ({ options }: ResolvedField): string | undefined => options.renamedFrom;
  return model.fields.flatMap((field) => {
    const from = before(field);
    if (from === undefined) return [];
    return [{ kind: "column", table: model.table, from: snakeCase(from), to: field.column } as const];
  });
}
