import type { z } from "zod";
import type { TableRef } from "../schema/index.ts";
import type { StandardSchema } from "./field.ts";
import type { Columns, Input, InsertShape, Row, Shape, UpdateShape } from "./types.ts";

/** What every object of a model has. */
export interface ModelObject {
  /**
   * The columns, in forms that JSON has: big integers become text, bytes base64. Relations are left out, since they
   * may lead back: add those that are wanted, `{ ...hero, team: hero.team }`. A class may have its own.
   */
  toJSON(): Readonly<Record<string, unknown>>;
}

/** A class made by `Model(…)`: its instances are rows, itself the table, the validator and the columns. */
export interface ModelClass<N extends string, F> {
  new (input: Input<F>): Row<F> & ModelObject;
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

/** Where a table of that name is. */
export function refOf(name: TableName<string>): TableRef {
  return typeof name === "string" ? { schema: null, name } : { schema: name.schema, name: name.name };
}
