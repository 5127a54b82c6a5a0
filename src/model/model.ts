import type { TableRef } from "../schema/index.ts";
import { type AbstractModelFactory, abstractModelFactory } from "./abstract-model.ts";
import type { ColumnsByProperty } from "./definition.ts";
import { makeBase } from "./model-base.ts";
import { type ModelClass, refOf, type TableName } from "./model-class.ts";
import { defaultRegistry, Registry } from "./registry.ts";
import type { Columns } from "./types.ts";

/** What makes models: `Model`, or a registry's own. */
export type ModelFactory = <const N extends string, F extends Record<string, unknown>>(
  name: TableName<N>,
  fields: F,
  table?: (columns: Columns<F, N>) => void,
) => ModelClass<N, F>;

/** A way to make models that belong to `registry`. */
export function modelFactory(
  registry: Registry,
  place: (name: TableName<string>) => TableRef = refOf,
): ModelFactory {
  return ((
    name: TableName<string>,
    fields: Record<string, unknown>,
    table?: (columns: ColumnsByProperty) => unknown,
  ) => makeBase({ registry, table: place(name), fields, items: table })) as unknown as ModelFactory;
}

/**
 * A table, written once: `class Hero extends Model("hero", { … }) {}`. Fields that name another model are arrows.
 * The third argument gives what belongs to the table: indexes, constraints, comment. Its callback returns void on
 * purpose: a return type that is inferred would pull models that name each other into their own definition.
 */
export const Model: ModelFactory = modelFactory(defaultRegistry);

/** Fields and methods that several models share: `abstract class Timestamped extends AbstractModel({ … }) {}`. */
export const AbstractModel: AbstractModelFactory = abstractModelFactory(defaultRegistry);

/** A registry, and what makes models that belong to it. */
export interface RegistryModels {
  readonly registry: Registry;
  readonly Model: ModelFactory;
  readonly AbstractModel: AbstractModelFactory;
}

/** A registry with its own `Model`, for a second database in one program. */
export function createRegistry(name: string): RegistryModels {
  const registry = new Registry(name);
  return { registry, Model: modelFactory(registry), AbstractModel: abstractModelFactory(registry) };
}
