import type { z } from "zod";
import { AthanorError } from "../errors/index.ts";
import type { ColumnType, ColumnTypeKind } from "../schema/index.ts";
import { plainDecimal } from "../util/plain-decimal.ts";
import { type Held, heldBy, itemsOf } from "./held.ts";
import { asIs, type StoredForm } from "./stored.ts";

/**
 * Between what a schema holds and the form of its column type (`dialect/value.ts`), where these are two and nothing is
 * lost on the way: a number in a column of decimals, digits in one of integers, a time in one without a zone, which is
 * UTC then. Null where there is no way, so that nobody reads something else than what the schema says.
 */
export function bridge(schema: z.core.$ZodType, type: ColumnType): StoredForm | null {
  const held = heldBy(schema);
  if (held === "anything" || type.kind === "user") return asIs;
  if (type.kind === "array") return listBridge(schema, held, type.of);
  if (type.kind === "native") return held === "bigint" ? bigints : asIs;
  if (type.kind === "timestamp") return type.timezone ? (instants[held] ?? null) : (wallTimes[held] ?? null);
  if (type.kind === "numeric") return held === "number" ? numbersAs(type.scale) : (decimals[held] ?? null);
  return bridges[type.kind][held] ?? null;
}

function listBridge(schema: z.core.$ZodType, held: Held, of: ColumnType): StoredForm | null {
  const items = itemsOf(schema);
  if (held !== "json") return null;
  const item = items === null ? asIs : bridge(items, of);
  if (item === null || item === asIs) return item;
  const each = (convert: (value: unknown) => unknown) => (list: unknown) =>
    (list as unknown[]).map((value) => (value === null || value === undefined ? value : convert(value)));
  return { toStored: each(item.toStored), fromStored: each(item.fromStored) };
}

type Bridges = Readonly<Partial<Record<Held, StoredForm>>>;

function bad(type: string, value: unknown, what: string): AthanorError<"DATABASE.BAD_VALUE"> {
  return new AthanorError("DATABASE.BAD_VALUE", { type, reason: `${JSON.stringify(value)} ${what}` });
}

/** Databases give whole numbers that fit into one as numbers. */
const bigints: StoredForm = {
  toStored: asIs.toStored,
  fromStored: (stored) => (typeof stored === "number" ? BigInt(stored) : stored),
};

const digits: StoredForm = {
  toStored: (value) => {
    if (!/^[+-]?\d+$/.test(String(value))) throw bad("integer", value, "is no whole number");
    return BigInt(String(value));
  },
  fromStored: String,
};

const bits: StoredForm = { toStored: Number, fromStored: (stored) => Number(stored) !== 0 };

const integers: Bridges = {
  number: asIs,
  bigint: bigints,
  string: digits,
  boolean: bits,
  mixture: asIs,
};

const floats: Bridges = { number: asIs };

const decimals: Bridges = {
  string: asIs,
  bigint: {
    toStored: String,
    fromStored: (stored) => {
      const whole = /^([+-]?\d+)(?:\.0*)?$/.exec(String(stored))?.[1];
      if (whole === undefined) throw bad("numeric", stored, "is no whole number");
      return BigInt(whole);
    },
  },
};

/** Written with as many digits as the column has, as databases round; compared with all that the number has. */
function numbersAs(scale: number | null): StoredForm {
  const compared = (value: unknown): string => plainDecimal(value);
  const rounded = (value: unknown): string => {
    const number = Number(value);
    const isLarge = !Number.isFinite(number) || Math.abs(number) >= 1e21; // what `toFixed` gives an exponent
    return scale === null || isLarge ? compared(value) : number.toFixed(scale);
  };
  return { toStored: rounded, fromStored: Number, toCompared: compared };
}

const strings: Bridges = { string: asIs };

const days: Bridges = {
  string: asIs,
  date: {
    toStored: (value) => iso(value).slice(0, -"T00:00:00.000Z".length),
    fromStored: (stored) => instantOf("date", `${String(stored)}T00:00:00Z`, stored),
  },
};

const wallTimes: Bridges = {
  string: asIs,
  date: {
    toStored: (value) => iso(value).slice(0, -"Z".length),
    fromStored: (stored) => instantOf("timestamp", `${String(stored)}Z`, stored),
  },
};

const instants: Bridges = {
  date: asIs,
  string: {
    toStored: (value) => {
      if (/\.\d{3}\d*[1-9]/.test(String(value)))
        throw bad("timestamp", value, "has more digits than milliseconds");
      return instantOf("timestamp", String(value), value);
    },
    fromStored: (stored) => iso(stored),
  },
};

function iso(date: unknown): string {
  return (date as Date).toISOString();
}

function instantOf(type: string, text: string, value: unknown): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw bad(type, value, "is no time that a Date can be");
  return date;
}

const json: Bridges = { string: asIs, number: asIs, boolean: asIs, json: asIs, mixture: asIs };

const bridges: Readonly<
  Record<Exclude<ColumnTypeKind, "user" | "array" | "native" | "timestamp" | "numeric">, Bridges>
> = {
  smallint: integers,
  integer: integers,
  bigint: integers,
  boolean: { boolean: asIs },
  real: floats,
  double: floats,
  char: strings,
  varchar: strings,
  text: strings,
  enum: strings,
  uuid: strings,
  interval: strings,
  time: strings,
  date: days,
  bytes: { bytes: asIs },
  json,
  jsonb: json,
};
