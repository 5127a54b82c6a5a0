// biome-ignore-all lint/complexity/noThisInStatic: the class that is asked is the user's, which extends this one
import type { z } from "zod";
import type { TableRef } from "../schema/index.ts";
import { construct, fill } from "./construct.ts";
import { type ColumnsByProperty, define, definitionOf, type ModelDefinition } from "./definition.ts";
import type { StandardSchema } from "./field.ts";
import { fromRow, ModelInstance } from "./instance-base.ts";
import type { AnyModel } from "./metadata.ts";
import { defaultRegistry, Registry } from "./registry.ts";
import { defineRelations } from "./relation-property.ts";
import { columnsOf, metadataOf, type ResolvedModel } from "./resolve.ts";
import { schemasOf } from "./schemas.ts";
import type { Columns, Input, InsertShape, Row, Shape, UpdateShape } from "./types.ts";
import { ValidationError } from "./validation.ts";

/** A class made by `Model(…)`: its instances are rows, itself the table, the validator and the columns. */
export interface ModelClass<N extends string, F> {
  new (input: Input<F>): Row<F>;
  /** Every model is a Standard Schema (https://standardschema.dev): validating gives an object of it. */
  readonly "~standard": StandardSchema<Input<F>, Row<F>>["~standard"];
  /** The columns, for queries, indexes and foreign keys. */
  readonly c: Columns<F, N>;
  /** The table's name in the database. */
  readonly tableName: N;
  /** Rows as a plain Zod object. */
  readonly schema: z.ZodObject<Shape<F>, z.core.$strict>;
  /** What a constructor takes, relations aside, as a plain Zod object. */
  readonly insertSchema: z.ZodObject<InsertShape<F>, z.core.$strict>;
  /** A change, everything optional, as a plain Zod object. */
  readonly updateSchema: z.ZodObject<UpdateShape<F>, z.core.$strict>;
}

/** A table's name, alone or in a schema. It is never split at a dot. */
export type TableName<N extends string> = N | { readonly schema: string; readonly name: N };

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
  ) => makeBase(registry, place(name), fields, table)) as unknown as ModelFactory;
}

function refOf(name: TableName<string>): TableRef {
  return typeof name === "string" ? { schema: null, name } : { schema: name.schema, name: name.name };
}

/**
 * A table, written once: `class Hero extends Model("hero", { … }) {}`. Fields that name another model are arrows.
 * The third argument gives what belongs to the table: indexes, constraints, comment. Its callback returns void on
 * purpose: a return type that is inferred would pull models that name each other into their own definition.
 */
export const Model: ModelFactory = modelFactory(defaultRegistry);

/** A registry with its own `Model`, for a second database in one program. */
export function createRegistry(name: string): { readonly registry: Registry; readonly Model: ModelFactory } {
  const registry = new Registry(name);
  return { registry, Model: modelFactory(registry) };
}

function makeBase(
  registry: Registry,
  table: TableRef,
  fields: Record<string, unknown>,
  items: ((columns: ColumnsByProperty) => unknown) | undefined,
): AnyModel {
  let resolved: ResolvedModel | undefined;
  class Base extends ModelInstance {
    constructor(input: unknown, token?: symbol) {
      super();
      if (resolved === undefined) {
        resolved = metadataOf(new.target);
        defineRelations(resolved, Base.prototype);
      }
      if (token === fromRow) fill(resolved, this, input as readonly unknown[]);
      else construct(resolved, this, input);
    }

    static get c(): ColumnsByProperty {
      return columnsOf(bound(Base));
    }

    static get tableName(): string {
      return table.name;
    }

    static get schema(): z.ZodObject {
      return schemasOf(metadataOf(this)).row;
    }

    static get insertSchema(): z.ZodObject {
      return schemasOf(metadataOf(this)).insert;
    }

    static get updateSchema(): z.ZodObject {
      return schemasOf(metadataOf(this)).update;
    }

    static get "~standard"(): StandardSchema["~standard"] {
      return { version: 1, vendor: "athanor", validate: (value) => validate(this, value) };
    }

    toJSON(): Record<string, unknown> {
      return { ...(this as object) };
    }
  }
  Object.defineProperty(Base, "name", { value: "" });
  const definition: ModelDefinition = {
    table,
    fields,
    items,
    registry: registry.name,
    base: Base,
    model: Base,
    columns: undefined,
    metadata: undefined,
  };
  define(Base, definition);
  registry.add(definition);
  return Base;
}

function bound(base: AnyModel): ModelDefinition {
  return definitionOf(base) as ModelDefinition;
}

function validate(model: new (input: unknown) => object, value: unknown): unknown {
  try {
    return { value: value instanceof model ? value : new model(value) };
  } catch (error) {
    if (error instanceof ValidationError) return { issues: error.issues };
    throw error;
  }
}

/** An object of a model made of a row: `values` in the order of `metadata.fields`, in the model's own form. */
export function instantiate(model: AnyModel, values: readonly unknown[]): object {
  return Reflect.construct(model, [values, fromRow]) as object;
}
