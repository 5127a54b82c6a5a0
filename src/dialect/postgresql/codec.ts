import { AthanorError } from "../../errors/index.ts";
import type { ColumnType } from "../../schema/index.ts";
import { parseUtcText, utcText } from "../../util/utc-text.ts";
import type { DriverValue } from "../connection.ts";
import type { Codec } from "../dialect.ts";
import { isSameInteger } from "../same-integer.ts";
import { type ArrayText, parseArray, printArray } from "./array-text.ts";

/**
 * Values travel as PostgreSQL's own text, which is exact for every type; the driver turns nothing but booleans,
 * small integers and floats into values of JavaScript.
 */

const text: Codec = { encode: (value) => value as string, decode: (value) => String(value) };

const same: Codec = { encode: (value) => value as DriverValue, decode: (value) => value };

const number: Codec = { encode: (value) => value as number, decode: (value) => Number(value) };

const boolean: Codec = {
  encode: (value) => value as boolean,
  decode: (value) => value === true || value === "t",
};

const bigint: Codec = {
  encode: (value) => String(value),
  decode: (value) => {
    const whole = Number(value);
    return Number.isSafeInteger(whole) ? whole : BigInt(String(value));
  },
  isSeenIn: isSameInteger,
};

const bytes: Codec = {
  encode: (value) => (Buffer.isBuffer(value) ? value : Buffer.from(value as Uint8Array)),
  decode: (value) =>
    value instanceof Uint8Array ? value : new Uint8Array(Buffer.from(String(value).slice(2), "hex")),
};

/** Floats of single precision: the server prints as few digits as tell them apart from each other. */
const real: Codec = { encode: (value) => value as number, decode: (value) => Math.fround(Number(value)) };

/** The year before the first is called `0001 BC`. */
const firstYear = Date.parse("0001-01-01T00:00:00Z");

/**
 * `2026-01-02 03:04:05.678+00`; an offset may have minutes, or none where the session's zone is UTC. Years have as
 * many digits as they need, and those before the first are `BC`; JavaScript writes both with six digits and a sign.
 */
const instant: Codec = {
  encode: (value) => {
    const time = (value as Date).getTime();
    if (Number.isNaN(time))
      throw new AthanorError("DATABASE.BAD_VALUE", { type: "timestamp", reason: "the date is invalid" });
    const usual = time >= firstYear ? utcText(time) : null;
    if (usual !== null) return `${usual}+00`;
    const iso = (value as Date).toISOString();
    const [, sign, year = "", rest] = /^([+-])(\d{6})(.*)$/.exec(iso) ?? [];
    if (sign === "+") return Number(year) + String(rest);
    if (sign === "-") return `${String(Number(year) + 1).padStart(4, "0")}${rest} BC`;
    return iso.startsWith("0000") ? `0001${iso.slice(4)} BC` : iso;
  },
  decode: (value) => {
    if (value instanceof Date) return value;
    const given = String(value);
    const time = utcTime(given);
    if (!Number.isNaN(time)) return new Date(time);
    const text = given.replace(" ", "T");
    const [, year = "", rest = "", before] = /^(\d+)(-.*?)( BC)?$/.exec(text) ?? [];
    const zoned = /[+-]\d\d$/.test(rest) ? `${rest}:00` : rest;
    if (before !== undefined) return new Date(isoYear(1 - Number(year)) + zoned);
    return new Date((year.length === 4 ? year : isoYear(Number(year))) + zoned);
  },
  isSeenIn: (value, given) =>
    value instanceof Date && typeof given === "string" && value.getTime() === utcTime(given),
};

/** The milliseconds of a text as the server writes most of them in UTC; NaN of any other. */
function utcTime(text: string): number {
  return text.endsWith("+00") ? parseUtcText(text, text.length - 3) : Number.NaN;
}

function isoYear(year: number): string {
  if (year === 0) return "0000";
  return `${year < 0 ? "-" : "+"}${String(Math.abs(year)).padStart(6, "0")}`;
}

const wallClock: Codec = {
  encode: (value) => value as string,
  decode: (value) => String(value).replace(" ", "T"),
};

const json: Codec = {
  encode: (value) => JSON.stringify(value),
  decode: (value) => (typeof value === "string" ? (JSON.parse(value) as unknown) : value),
};

/** Arrays of any depth; what stands in the innermost ones is the element's own affair, be it a list as well. */
function array(type: ColumnType): Codec {
  const depth = depthOf(type);
  const of = postgresqlCodec(elementOf(type));
  const encode = (items: readonly unknown[], left: number): ArrayText =>
    items.map((item) => {
      if (item === null || item === undefined) return null;
      if (left > 1) return encode(item as readonly unknown[], left - 1);
      const encoded = of.encode(item);
      return encoded instanceof Uint8Array ? `\\x${Buffer.from(encoded).toString("hex")}` : String(encoded);
    });
  const decode = (items: ArrayText): unknown[] =>
    items.map((item) => {
      if (item === null) return null;
      return typeof item === "string" ? of.decode(item) : decode(item);
    });
  return {
    encode: (value) => printArray(encode(value as readonly unknown[], depth)),
    decode: (value) => decode(parseArray(String(value))),
  };
}

function depthOf(type: ColumnType): number {
  if (type.kind === "user") return depthOf(type.base);
  return type.kind === "array" ? 1 + depthOf(type.of) : 0;
}

function elementOf(type: ColumnType): ColumnType {
  if (type.kind === "user") return elementOf(type.base);
  return type.kind === "array" ? elementOf(type.of) : type;
}

/** How values of a type travel to and from PostgreSQL. */
export function postgresqlCodec(type: ColumnType): Codec {
  switch (type.kind) {
    case "smallint":
    case "integer":
    case "double":
      return number;
    case "real":
      return real;
    case "bigint":
      return bigint;
    case "boolean":
      return boolean;
    case "bytes":
      return bytes;
    case "timestamp":
      return type.timezone ? instant : wallClock;
    case "json":
    case "jsonb":
      return json;
    case "array":
      return array(type);
    case "user":
      return postgresqlCodec(type.base);
    case "native":
      return same;
    default:
      return text;
  }
}
