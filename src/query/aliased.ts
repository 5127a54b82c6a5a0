import type { ModelColumn } from "../model/index.ts";

/** A class with any constructor, of such instances. */
// biome-ignore lint/suspicious/noExplicitAny: a class with any constructor is taken
export type ClassOf<I> = abstract new (...args: any) => I;

/** A model under another name. Its columns say by which. */
export type AliasOf<M, N extends string> = {
  [K in keyof M]: K extends "c" ? AliasColumns<M[K], N> : M[K];
} & { readonly "~alias"?: N } & (M extends ClassOf<infer I> ? ClassOf<I> : unknown);

type AliasColumns<C, N extends string> = {
  readonly [K in keyof C]: C[K] extends ModelColumn<infer V, infer B>
    ? ModelColumn<V, readonly [B, N]>
    : C[K];
};
