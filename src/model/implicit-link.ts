import { AthanorError } from "../errors/index.ts";
import { tableKey } from "../schema/index.ts";
import { type ColumnsByProperty, define, definitionOf, type ModelDefinition } from "./definition.ts";
import { field } from "./field.ts";
import type { AnyModel } from "./metadata.ts";
import type { ResolvedMetadata } from "./resolved.ts";

/** The tables between models that have no model of their own, by the registry they belong to and their name. */
const links = new WeakMap<object, Map<string, AnyModel>>();

/** How the columns of a definition are had. */
export type ColumnsOf = (definition: ModelDefinition) => ColumnsByProperty;

/**
 * The model that stands for the table `name` between two others: their keys, which together are its own, and nothing
 * else; rows go with either side's. Whichever side asks first, both get the same. Throws `MODEL.RELATION_KEY` for
 * models that are one, since their keys could not be told apart.
 */
export function linkNamed(
  name: string,
  owner: ResolvedMetadata,
  property: string,
  target: ResolvedMetadata,
  columnsOf: ColumnsOf,
): AnyModel {
  const sides = [owner, target].toSorted((a, b) => (tableKey(a.table) < tableKey(b.table) ? -1 : 1));
  if (tableKey(owner.table) === tableKey(target.table)) {
    const reason = `"${name}" would have the key of ${owner.name} twice; give it a model of its own`;
    throw new AthanorError("MODEL.RELATION_KEY", { model: owner.name, property, reason });
  }
  const { registry } = definitionOf(owner.model) as ModelDefinition;
  const table = { schema: owner.table.schema, name };
  const known = links.get(registry) ?? new Map<string, AnyModel>();
  links.set(registry, known);
  const id = `${tableKey(table)} ${sides.map((side) => tableKey(side.table)).join(" ")}`;
  let model = known.get(id);
  if (model === undefined) {
    const fields = Object.fromEntries(sides.flatMap((side) => keyFields(side, columnsOf)));
    model = modelOf(table, fields, registry);
    known.set(id, model);
  }
  return model;
}

/** `heroId` for the key `id` of the table `hero`. */
function keyFields(side: ResolvedMetadata, columnsOf: ColumnsOf): readonly (readonly [string, unknown])[] {
  const columns = columnsOf(definitionOf(side.model) as ModelDefinition);
  const prefix = side.table.name.replaceAll(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
  return side.primaryKey.map(({ property, schema, type }) => {
    const name = `${prefix}${property.slice(0, 1).toUpperCase()}${property.slice(1)}`;
    const foreignKey = columns[property] as never;
    return [name, field(schema as never, { type, primaryKey: true, foreignKey, onDelete: "cascade" })];
  });
}

/** A definition of its own class, which nobody makes objects of. */
function modelOf(
  table: ModelDefinition["table"],
  fields: ModelDefinition["fields"],
  registry: ModelDefinition["registry"],
): AnyModel {
  const model = class {};
  Object.defineProperty(model, "name", { value: "" });
  define(model, {
    table,
    fields,
    registry,
    items: undefined,
    inherits: null,
    heirs: [],
    base: model,
    model,
    columns: undefined,
    metadata: undefined,
    stored: undefined,
  });
  return model;
}
