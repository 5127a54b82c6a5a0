import { z } from "zod";
import { type Definition, definition } from "./zod-definition.ts";

/**
 * How a field's values become what is stored and come back: a Zod codec stores its encoded side; a transform that
 * goes one way cannot be stored, since what is read back could not be written again.
 */
export interface StoredForm {
  readonly toStored: (value: unknown) => unknown;
  readonly fromStored: (value: unknown) => unknown;
  /** The form in which a value is compared with those that are stored, where it is another. */
  readonly toCompared?: (value: unknown) => unknown;
}

/** The form of values that are stored as they are. */
export const asIs: StoredForm = { toStored: (value) => value, fromStored: (value) => value };

/** Whether a field's values are stored as they are. */
export function isStoredAsIs({ toStored }: Pick<StoredForm, "toStored">): boolean {
  return toStored === asIs.toStored;
}

/** Whether what is stored is what a field holds. */
export function isReadAsIs({ fromStored }: Pick<StoredForm, "fromStored">): boolean {
  return fromStored === asIs.fromStored;
}

/** What a schema does to values between input and output. */
type Direction = "none" | "codec" | "one way";

function inner(def: Definition): readonly z.core.$ZodType[] {
  const single = [def.in, def.out, def.innerType, def.element, def.valueType];
  const lists = [...(def.options ?? []), ...(def.items ?? []), ...Object.values(def.shape ?? {})];
  return [...single, ...lists].filter((schema) => schema !== undefined);
}

/** Whether the schema, or one inside it, transforms values, and whether that can be undone. */
export function directionOf(schema: z.core.$ZodType): Direction {
  const def = definition(schema);
  if (def.type === "transform") return "one way";
  const codec = def.type === "pipe" && def.reverseTransform !== undefined;
  const parts = inner(def).map(directionOf);
  if (parts.includes("one way")) return "one way";
  return codec || parts.includes("codec") ? "codec" : "none";
}

/** The stored form of a Zod schema's values. */
export function storedForm(schema: z.core.$ZodType): StoredForm {
  if (directionOf(schema) !== "codec") return asIs;
  return {
    toStored: (value) => z.encode(schema, value as never),
    fromStored: (value) => z.decode(schema, value as never),
  };
}

/** `outer` around `inner`, which is nearer to the database; null passes through both. */
export function composed(outer: StoredForm, inner: StoredForm): StoredForm {
  if (inner === asIs) return outer;
  if (outer === asIs) return inner;
  const through = (convert: (value: unknown) => unknown, value: unknown): unknown =>
    value === null || value === undefined ? value : convert(value);
  const { toCompared } = inner;
  return {
    toStored: (value) => through(inner.toStored, outer.toStored(value)),
    fromStored: (stored) => outer.fromStored(through(inner.fromStored, stored)),
    ...(toCompared === undefined
      ? {}
      : { toCompared: (value: unknown) => through(toCompared, outer.toStored(value)) }),
  };
}
