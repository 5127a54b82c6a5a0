import type { ColumnType } from "kysely";
import type { z } from "zod";
import type { ModelColumn } from "../model/index.ts";

/** What of a model class says its columns' types. */
export interface TypedModel {
  // biome-ignore lint/suspicious/noExplicitAny: a constructor's input is contravariant; only `any` takes every model
  new (input: any): object;
  readonly c: object;
  readonly insertSchema: z.ZodType;
}

type IsColumn<C> = C extends ModelColumn<infer _, infer _> ? true : false;
type ColumnKeys<C> = { [K in keyof C]: IsColumn<C[K]> extends true ? K : never }[keyof C];
type ValueOf<C> = C extends ModelColumn<infer T, infer _> ? T : never;
type OptionalKeys<I> = { [K in keyof I]-?: undefined extends I[K] ? K : never }[keyof I];

/**
 * The columns of a model as Kysely types them: what is read is the property's type, what is inserted may leave out
 * what a constructor may leave out, and a change may name any of them.
 */
export type TableOf<M extends TypedModel> = {
  [K in ColumnKeys<M["c"]>]: ColumnType<
    ValueOf<M["c"][K]>,
    ValueOf<M["c"][K]> | (K extends OptionalKeys<z.input<M["insertSchema"]>> ? undefined : never),
    ValueOf<M["c"][K]>
  >;
};

/** The `DB` of a `Kysely<DB>`: its tables are the keys the models were given under, its columns their properties. */
export type DatabaseOf<M extends Readonly<Record<string, TypedModel>>> = {
  [K in keyof M]: TableOf<M[K]>;
};
