import type { ClassOf } from "./aliased.ts";
import type { CommonTable } from "./cte.ts";

/** The types of what a left join brings: objects and columns of the model that it joins may be null. */

/** By what columns say which model they are of: the table's name, with the alias where the model goes by one. */
type BrandOf<M> = M extends { readonly tableName: infer N }
  ? M extends { readonly "~alias"?: infer A extends string }
    ? string extends A
      ? N
      : readonly [N, A]
    : N
  : M extends CommonTable<infer _, infer N>
    ? readonly ["with", N]
    : never;

type SameBrand<A, B> = [B] extends [never]
  ? false
  : [A] extends [B]
    ? [B] extends [A]
      ? true
      : false
    : false;

type IsOf<X, M> =
  X extends ClassOf<unknown>
    ? SameBrand<BrandOf<X>, BrandOf<M>>
    : X extends { readonly "~model"?: infer B }
      ? SameBrand<B, BrandOf<M>>
      : false;

/** A row of a query of `S` once `M` is joined to it, with or without a match. */
export type LeftJoined<T, S, M> = 0 extends 1 & S
  ? T
  : S extends readonly [infer Only]
    ? IsOf<Only, M> extends true
      ? T | null
      : T
    : S extends readonly unknown[]
      ? {
          -readonly [I in keyof T]: I extends keyof S
            ? IsOf<S[I], M> extends true
              ? T[I] | null
              : T[I]
            : T[I];
        }
      : T;
