import { z } from "zod";

/**
 * How a field's values become what is stored and come back: a Zod codec stores its encoded side; a transform that
 * goes one way cannot be stored, since what is read back could not be written again.
 */
export interface StoredForm {
  readonly toStored: (value: unknown) => unknown;
  readonly fromStored: (value: unknown) => unknown;
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

interface Definition {
  readonly type: string;
  readonly in?: z.core.$ZodType;
  readonly out?: z.core.$ZodType;
  readonly reverseTransform?: unknown;
  readonly innerType?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly options?: readonly z.core.$ZodType[];
  readonly values?: readonly unknown[];
  readonly items?: readonly z.core.$ZodType[];
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
  const def = schema._zod.def as unknown as Definition;
  if (def.type === "transform") return "one way";
  const codec = def.type === "pipe" && def.reverseTransform !== undefined;
  const parts = inner(def).map(directionOf);
  if (parts.includes("one way")) return "one way";
  return codec || parts.includes("codec") ? "codec" : "none";
}

/** The stored form of a Zod schema's values. */
export function storedForm(schema: z.core.$ZodType): StoredForm {
  const read = isOfBigints(schema) ? toBigints : asIs.fromStored;
  if (directionOf(schema) !== "codec") return read === asIs.fromStored ? asIs : { ...asIs, fromStored: read };
  return {
    toStored: (value) => z.encode(schema, value as never),
    fromStored: (value) => z.decode(schema, read(value) as never),
  };
}

/** Whether all that is stored of a schema's values are bigints, or lists of them, where it is not nothing. */
function isOfBigints(schema: z.core.$ZodType): boolean {
  const def = schema._zod.def as unknown as Definition;
  if (def.type === "bigint") return true;
  if (def.type === "literal") return def.values?.every((value) => typeof value === "bigint") === true;
  if (def.type === "union") return (def.options ?? []).every((each) => isNothing(each) || isOfBigints(each));
  const within =
    def.type === "pipe" ? def.in : (def.innerType ?? (def.type === "array" ? def.element : undefined));
  return within !== undefined && isOfBigints(within);
}

function isNothing(schema: z.core.$ZodType): boolean {
  return ["null", "undefined"].includes(schema._zod.def.type);
}

/** Databases give whole numbers that fit into one as numbers. */
function toBigints(stored: unknown): unknown {
  if (typeof stored === "number") return BigInt(stored);
  return Array.isArray(stored) ? stored.map(toBigints) : stored;
}
