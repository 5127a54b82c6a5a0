import type { TableRef } from "../schema/index.ts";
import type { ModelColumn } from "./column.ts";
import type { AnyModel, ModelMetadata } from "./metadata.ts";
import type { ModuleOwner } from "./module-owner.ts";

/** Columns by property, resolved as they are asked for. */
export type ColumnsByProperty = Readonly<Record<string, ModelColumn<unknown>>>;

/** What was written down of a model, before anything is resolved. */
export interface ModelDefinition {
  readonly table: TableRef;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly items: ((columns: ColumnsByProperty) => unknown) | undefined;
  /** The registry the model belongs to. */
  readonly registry: {
    readonly name: string;
    readonly module: ModuleOwner | null;
    add(definition: ModelDefinition): void;
  };
  /** The model whose table this one shares, with the value by which their rows are told apart. */
  readonly inherits: { readonly parent: ModelDefinition; readonly value: string } | null;
  /** Models that share this one's table. */
  readonly heirs: ModelDefinition[];
  /** The base class that `Model(…)` gave. */
  readonly base: AnyModel;
  /** The user's class; the base until that class is first seen. */
  model: AnyModel;
  /** Columns, made once. */
  columns: ColumnsByProperty | undefined;
  metadata: ModelMetadata | undefined;
  /** The table's whole content, once somebody has asked for it: no heir may come afterwards. */
  stored: ModelMetadata | undefined;
}

const definitions = new WeakMap<object, ModelDefinition>();

/** Remembers what a base class was made from. */
export function define(base: AnyModel, definition: ModelDefinition): void {
  definitions.set(base, definition);
}

/** The definition of a model class, or of a class that extends it; undefined for anything else. */
export function definitionOf(model: unknown): ModelDefinition | undefined {
  for (let each = model; typeof each === "function"; each = Object.getPrototypeOf(each)) {
    const definition = definitions.get(each);
    if (definition === undefined) continue;
    if (definition.model === definition.base && model !== definition.base)
      definition.model = model as AnyModel;
    return definition;
  }
  return undefined;
}
