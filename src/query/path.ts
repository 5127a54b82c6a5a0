import type { Lazy } from "../model/index.ts";

/** The types of `with("team", "powers.heroes")`: which paths there are, and what is loaded by them. */

type Unlazy<V> = Exclude<V, PromiseLike<unknown>>;

type IsRelation<V> =
  Extract<V, Lazy<never> | Lazy<unknown> | PromiseLike<unknown>> extends never ? false : true;

/** The relations of an instance. */
export type RelationNames<T> = { [K in keyof T]-?: IsRelation<T[K]> extends true ? K : never }[keyof T] &
  string;

type Element<V> = NonNullable<Unlazy<V>> extends (infer E)[] ? E : NonNullable<Unlazy<V>>;

/** Paths of relations, four steps deep. */
export type RelationPath<T, Depth extends 0[] = []> = Depth["length"] extends 4
  ? never
  : {
      [K in RelationNames<T>]: K | `${K}.${RelationPath<Element<T[K]>, [...Depth, 0]>}`;
    }[RelationNames<T>];

type Head<P> = P extends `${infer H}.${string}` ? H : P;
type Tail<P, K extends string> = P extends `${K}.${infer R}` ? R : never;

type With<V, P> =
  V extends PromiseLike<unknown>
    ? never
    : V extends (infer E)[]
      ? Loaded<E, P>[]
      : V extends null
        ? null
        : Loaded<V, P>;

/** An instance whose relations along the paths are loaded: plain values instead of awaitables. */
export type Loaded<M, P> = [P] extends [never]
  ? M
  : M & { [K in Head<P> & keyof M]: With<M[K], Tail<P, K & string>> };

/** An instance of which only some columns were loaded: the others have to be awaited. */
export type LoadedOnly<M, K> = {
  [P in keyof M]: P extends K
    ? M[P]
    : M[P] extends (...args: never) => unknown
      ? M[P]
      : M[P] | Lazy<Exclude<M[P], PromiseLike<unknown>>>;
};
