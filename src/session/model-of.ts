import type { AnyModel } from "../model/index.ts";

/** A model class whose objects a Session can make. */
// biome-ignore lint/suspicious/noExplicitAny: a class with any constructor is taken
export type ModelOf<T> = (abstract new (...args: any[]) => T) & AnyModel;
