import type { z } from "zod";
import type { StandardSchema } from "./field.ts";
import { makeHeir } from "./model-base.ts";
import type { Columns, Input, InsertShape, Row, Shape, UpdateShape } from "./types.ts";

/** What `SubModel` needs of the model whose table is shared. */
interface ParentModel {
  // biome-ignore lint/suspicious/noExplicitAny: only `any` takes a class with any constructor
  new (input: any): object;
  readonly c: object;
  readonly tableName: string;
  readonly schema: z.ZodObject;
  readonly insertSchema: z.ZodObject;
  readonly updateSchema: z.ZodObject;
}

type ShapeOf<S> = S extends z.ZodObject<infer Fields> ? Fields : never;

/** A model that shares the table of another, and has its fields, methods and relations. */
export interface SubModelClass<P extends ParentModel, F> {
  new (input: ConstructorParameters<P>[0] & Input<F>): InstanceType<P> & Row<F>;
  readonly "~standard": StandardSchema<
    ConstructorParameters<P>[0] & Input<F>,
    InstanceType<P> & Row<F>
  >["~standard"];
  readonly c: P["c"] & Columns<F, P["tableName"]>;
  readonly tableName: P["tableName"];
  readonly schema: z.ZodObject<ShapeOf<P["schema"]> & Shape<F>, z.core.$strict>;
  readonly insertSchema: z.ZodObject<ShapeOf<P["insertSchema"]> & InsertShape<F>, z.core.$strict>;
  readonly updateSchema: z.ZodObject<ShapeOf<P["updateSchema"]> & UpdateShape<F>, z.core.$strict>;
}

/**
 * A model whose rows stand in the table of another (single-table inheritance):
 * `class Manager extends SubModel(Employee, "manager", { budget: field(z.int()) }) {}`. `Employee` has a field with
 * `discriminator`, which holds `"manager"` in rows of managers. Queries for `Employee` give each row as what it is,
 * queries for `Manager` managers and their heirs alone. Columns that only heirs have take NULL in the table, and
 * are checked by the model all the same.
 */
export function SubModel<P extends ParentModel, F extends Record<string, unknown>>(
  parent: P,
  value: string,
  fields: F,
  table?: (columns: P["c"] & Columns<F, P["tableName"]>) => void,
): SubModelClass<P, F> {
  return makeHeir(parent, value, fields, table as never) as unknown as SubModelClass<P, F>;
}
