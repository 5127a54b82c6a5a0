import type { z } from "zod";
import type { ModelColumn } from "./column.ts";
import type { Field, FieldOptions, StandardSchema } from "./field.ts";
import type { Relation } from "./relation.ts";

/**
 * The types that carry a model's fields to its rows, its constructor, its columns and its relations. Two rules
 * keep models inferable that name each other: mapped types over the row never filter its keys, and nothing here
 * resolves a relation's target before somebody uses it.
 */

/** A field or relation, or an arrow that gives it. */
type Unarrow<X> = X extends () => infer R ? R : X;

// biome-ignore lint/suspicious/noExplicitAny: `any` is what lets a class with any constructor match
type Constructor = abstract new (...args: any) => unknown;

/** The instances of a model class. */
export type InstanceOf<C> = C extends Constructor ? InstanceType<C> : never;

/** The value a schema gives. */
export type OutputOf<S> = S extends z.core.$ZodType
  ? z.output<S>
  : S extends StandardSchema<unknown, infer O>
    ? O
    : never;

/** The value a schema takes. */
export type InputOf<S> = S extends z.core.$ZodType
  ? z.input<S>
  : S extends StandardSchema<infer I, unknown>
    ? I
    : never;

declare const target: unique symbol;

/** A relation, or a deferred column, that has not been loaded: `await` loads it. */
export interface Lazy<T> extends PromiseLike<T> {
  readonly [target]: T;
}

/** The value of a property of an instance. */
type Value<X> = X extends () => Relation<infer C, infer K>
  ? K extends "one"
    ? InstanceOf<C> | null | Lazy<InstanceOf<C> | null>
    : InstanceOf<C>[] | Lazy<InstanceOf<C>[]>
  : X extends Field<infer S, infer O>
    ? ColumnValue<S, O>
    : X extends () => Field<infer S, FieldOptions>
      ? OutputOf<S>
      : never;

/** A deferred column is awaitable until it was loaded. */
type ColumnValue<S, O> = O extends { readonly deferred: true }
  ? OutputOf<S> | Lazy<OutputOf<S>>
  : OutputOf<S>;

/** The properties of an instance. */
export type Row<F> = { -readonly [K in keyof F]: Value<F[K]> };

type FieldKeys<F> = {
  [K in keyof F]: Unarrow<F[K]> extends { readonly kind: "relation" } ? never : K;
}[keyof F];

type RelationKeys<F> = {
  [K in keyof F]: Unarrow<F[K]> extends { readonly kind: "relation" } ? K : never;
}[keyof F];

type Defaults =
  | { readonly default: unknown }
  | { readonly defaultFactory: unknown }
  | { readonly serverDefault: unknown }
  | { readonly generated: unknown }
  | { readonly identity: unknown }
  | { readonly autoIncrement: true }
  | { readonly versionId: true }
  | { readonly discriminator: unknown };

/** An integer key that the database numbers: it may be left out. */
type Numbered<S, O> = O extends { readonly primaryKey: true }
  ? O extends { readonly foreignKey: unknown } | { readonly autoIncrement: false }
    ? false
    : InputOf<S> extends number | bigint
      ? true
      : false
  : false;

type IsOptional<X> =
  Unarrow<X> extends Field<infer S, infer O>
    ? O extends Defaults
      ? true
      : undefined extends InputOf<S>
        ? true
        : null extends InputOf<S>
          ? true
          : Numbered<S, O>
    : false;

type In<X> = Unarrow<X> extends Field<infer S, FieldOptions> ? InputOf<S> : never;

type Given<R> = R extends () => Relation<infer C, infer K>
  ? K extends "one"
    ? InstanceOf<C> | null
    : InstanceOf<C>[]
  : never;

/** A foreign key may come from a relation instead, at construction or later. */
type MayComeLater<X> =
  Unarrow<X> extends Field<infer _, infer O>
    ? O extends { readonly foreignKey: unknown }
      ? true
      : IsOptional<X>
    : false;

/**
 * What a constructor takes: columns, those with a default, nullable ones and foreign keys optional; relations, all
 * optional.
 */
export type Input<F> = {
  [K in FieldKeys<F> as MayComeLater<F[K]> extends true ? K : never]?: In<F[K]> | undefined;
} & {
  [K in FieldKeys<F> as MayComeLater<F[K]> extends true ? never : K]: In<F[K]>;
} & { [K in RelationKeys<F>]?: Given<F[K]> | undefined };

/** The columns of a model: a relation has none. */
export type Columns<F, M = unknown> = {
  readonly [K in keyof F]: Unarrow<F[K]> extends Field<infer S, FieldOptions>
    ? ModelColumn<OutputOf<S>, M>
    : never;
};

/** The Zod shape of a model's columns. */
export type Shape<F> = {
  [K in FieldKeys<F>]: Unarrow<F[K]> extends Field<infer S, FieldOptions>
    ? S extends z.core.$ZodType
      ? S
      : z.ZodType<OutputOf<S>, InputOf<S>>
    : never;
};

/** The Zod shape of an input: what may be left out is optional. */
export type InsertShape<F> = {
  [K in FieldKeys<F>]: IsOptional<F[K]> extends true
    ? z.ZodOptional<z.ZodType<OutputOf<SchemaOf<F[K]>>, In<F[K]>>>
    : z.ZodType<OutputOf<SchemaOf<F[K]>>, In<F[K]>>;
};

/** The Zod shape of a change: everything is optional. */
export type UpdateShape<F> = {
  [K in FieldKeys<F>]: z.ZodOptional<z.ZodType<OutputOf<SchemaOf<F[K]>>, In<F[K]>>>;
};

type SchemaOf<X> = Unarrow<X> extends Field<infer S, FieldOptions> ? S : never;
