import { AthanorError } from "../errors/index.ts";
import type { TableRef } from "../schema/index.ts";
import { definitionOf } from "./definition.ts";
import { ModelInstance } from "./instance-base.ts";
import { makeBase } from "./model-base.ts";
import { type ModelClass, type ModelObject, refOf, type TableName } from "./model-class.ts";
import type { Registry } from "./registry.ts";
import type { Columns, Input, Row } from "./types.ts";

// biome-ignore lint/suspicious/noExplicitAny: only `any` takes a class with any constructor
type AnyClass = abstract new (...args: any) => object;

/** A model of an abstract one: its instances have what the abstract class has. */
export type ConcreteModelClass<N extends string, F, I> = Omit<ModelClass<N, F>, never> & {
  new (input: Input<F>): Row<F> & ModelObject & I;
};

/** A class that has fields and no table; `Model` makes models of it. */
export type AbstractModelClass<F> = (abstract new () => Row<F>) & {
  /** A model with the fields and methods of this class and some of its own: what `Model(…)` gives, and more. */
  Model<This extends AnyClass, const N extends string, G extends Record<string, unknown>>(
    this: This,
    name: TableName<N>,
    fields: G,
    table?: (columns: Columns<F & G, N>) => void,
  ): ConcreteModelClass<N, F & G, InstanceType<This>>;
};

/** What makes abstract models: `AbstractModel`, or a registry's own. */
export type AbstractModelFactory = <F extends Record<string, unknown>>(fields: F) => AbstractModelClass<F>;

/** A way to make abstract models whose models belong to `registry`. */
export function abstractModelFactory(
  registry: Registry,
  place: (name: TableName<string>) => TableRef = refOf,
): AbstractModelFactory {
  return ((shared: Record<string, unknown>) => {
    class AbstractBase extends ModelInstance {
      constructor() {
        super();
        if (definitionOf(new.target) === undefined) {
          throw new AthanorError("MODEL.ABSTRACT", { model: new.target.name });
        }
      }

      static Model(
        this: AnyClass,
        name: TableName<string>,
        fields: Record<string, unknown>,
        items?: (columns: unknown) => unknown,
      ): unknown {
        const definition = {
          registry,
          table: place(name),
          fields: { ...shared, ...fields },
          items: items as never,
        };
        // biome-ignore lint/complexity/noThisInStatic: the class that is asked is the user's, which extends this one
        return makeBase(definition, this as never);
      }
    }
    return AbstractBase;
  }) as unknown as AbstractModelFactory;
}
