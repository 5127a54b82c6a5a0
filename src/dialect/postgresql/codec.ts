import type { ColumnType } from "../../schema/index.ts";
import type { DriverValue } from "../connection.ts";
import type { Codec } from "../dialect.ts";
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
};

const bytes: Codec = {
  encode: (value) => (Buffer.isBuffer(value) ? value : Buffer.from(value as Uint8Array)),
  decode: (value) =>
    value instanceof Uint8Array ? value : new Uint8Array(Buffer.from(String(value).slice(2), "hex")),
};

/** `2026-01-02 03:04:05.678+00`; an offset may have minutes, or none where the session's zone is UTC. */
const instant: Codec = {
  encode: (value) => (value as Date).toISOString(),
  decode: (value) => {
    if (value instanceof Date) return value;
    const iso = String(value).replace(" ", "T");
    return new Date(/[+-]\d\d$/.test(iso) ? `${iso}:00` : iso);
  },
};

const wallClock: Codec = {
  encode: (value) => value as string,
  decode: (value) => String(value).replace(" ", "T"),
};

const json: Codec = {
  encode: (value) => JSON.stringify(value),
  decode: (value) => (typeof value === "string" ? (JSON.parse(value) as unknown) : value),
};

function array(of: Codec): Codec {
  const encode = (items: readonly unknown[]): ArrayText =>
    items.map((item) => {
      if (item === null || item === undefined) return null;
      if (Array.isArray(item)) return encode(item);
      const encoded = of.encode(item);
      return encoded instanceof Uint8Array ? `\\x${Buffer.from(encoded).toString("hex")}` : String(encoded);
    });
  const decode = (items: ArrayText): unknown[] =>
    items.map((item) => {
      if (item === null) return null;
      return typeof item === "string" ? of.decode(item) : decode(item);
    });
  return {
    encode: (value) => printArray(encode(value as readonly unknown[])),
    decode: (value) => decode(parseArray(String(value))),
  };
}

/** How values of a type travel to and from PostgreSQL. */
export function postgresqlCodec(type: ColumnType): Codec {
  switch (type.kind) {
    case "smallint":
    case "integer":
    case "real":
    case "double":
      return number;
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
      return array(postgresqlCodec(type.of));
    case "user":
      return postgresqlCodec(type.base);
    case "native":
      return same;
    default:
      return text;
  }
}
