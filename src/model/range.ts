import { z } from "zod";
import { t } from "../schema/index.ts";
import { declareConversion } from "./user-type.ts";
import { declareType } from "./zod-type.ts";

/** The range types that have values of their own here; another one is a type of the user's (`defineType`). */
export interface RangeValues {
  int4range: number;
  int8range: bigint;
  numrange: string;
  daterange: string;
  tsrange: string;
  tstzrange: Date;
}

/** Everything from `lower` to `upper`; null is without end. An empty range has neither, and excludes both. */
export interface Range<T> {
  readonly lower: T | null;
  readonly upper: T | null;
  /** Whether `lower` itself is in it. Default true. */
  readonly lowerInclusive?: boolean;
  /** Whether `upper` itself is in it. Default false. */
  readonly upperInclusive?: boolean;
  readonly empty?: boolean;
}

interface Bound<T> {
  readonly print: (value: T) => string;
  readonly parse: (text: string) => T;
  readonly is: (value: unknown) => boolean;
}

const isString = (value: unknown): boolean => typeof value === "string";
const text: Bound<string> = { print: String, parse: String, is: isString };

const bounds: { readonly [K in keyof RangeValues]: Bound<RangeValues[K]> } = {
  int4range: { print: String, parse: Number, is: Number.isSafeInteger },
  int8range: { print: String, parse: BigInt, is: (value) => typeof value === "bigint" },
  numrange: text,
  daterange: text,
  tsrange: { ...text, parse: (value) => value.replace(" ", "T") },
  tstzrange: {
    print: (value) => value.toISOString(),
    parse: (value) => new Date(value.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00")),
    is: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
  },
};

/**
 * A range of PostgreSQL's as a Zod schema, for `field(range("int4range"))`: the column is of that type, values are
 * `{ lower: 1, upper: 5 }`. Bounds of `int8range` are bigints, of `numrange` exact decimal strings, of `tstzrange`
 * dates, of `daterange` and `tsrange` strings. The database brings ranges of whole numbers and days into the form `[)`.
 */
export function range<K extends keyof RangeValues>(
  kind: K,
): z.ZodCustom<Range<RangeValues[K]>, Range<RangeValues[K]>> {
  const bound = bounds[kind] as unknown as Bound<RangeValues[K]>;
  const schema = z.custom<Range<RangeValues[K]>>((value) => isRange(value, bound));
  const type = t.native("postgresql", kind);
  declareConversion(type, {
    toStored: (value) => printRange(value as Range<RangeValues[K]>, bound),
    fromStored: (stored) => parseRange(String(stored), bound),
  });
  declareType(schema, type);
  return schema;
}

function isRange<T>(value: unknown, { is }: Bound<T>): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { lower = null, upper = null } = value as Partial<Range<T>>;
  return [lower, upper].every((each) => each === null || is(each));
}

const pattern = /^([[(])(?:"((?:[^"\\]|\\.|"")*)"|([^",]*)),(?:"((?:[^"\\]|\\.|"")*)"|([^",\])]*))([\])])$/s;

function parseRange<T>(stored: string, { parse }: Bound<T>): Range<T> {
  const found = pattern.exec(stored);
  if (found === null)
    return { lower: null, upper: null, lowerInclusive: false, upperInclusive: false, empty: true };
  const [, open, lowerQuoted, lower, upperQuoted, upper, close] = found;
  const value = (quoted: string | undefined, plain: string | undefined): T | null => {
    if (quoted !== undefined) return parse(quoted.replaceAll(/\\(.)|""/gs, (_, escaped) => escaped ?? '"'));
    return plain === undefined || plain === "" ? null : parse(plain);
  };
  return {
    lower: value(lowerQuoted, lower),
    upper: value(upperQuoted, upper),
    lowerInclusive: open === "[",
    upperInclusive: close === "]",
  };
}

/** A bound that is without end is never included, as the database writes it. */
function printRange<T>(value: Range<T>, { print }: Bound<T>): string {
  const { lower, upper, lowerInclusive = true, upperInclusive = false, empty = false } = value;
  if (empty) return "empty";
  const one = (bound: T | null): string =>
    bound === null ? "" : `"${print(bound).replaceAll(/["\\]/g, "\\$&")}"`;
  const open = lower !== null && lowerInclusive ? "[" : "(";
  const close = upper !== null && upperInclusive ? "]" : ")";
  return `${open}${one(lower)},${one(upper)}${close}`;
}
