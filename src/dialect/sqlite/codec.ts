import { InternalError } from "../../errors/index.ts";
import type { ColumnType, ColumnTypeKind } from "../../schema/index.ts";
import type { DriverValue } from "../connection.ts";
import type { Codec } from "../dialect.ts";

/** SQLite stores integers, reals, text and blobs; each kind of value becomes one of them without loss. */

const same: Codec = { encode: (value) => value as DriverValue, decode: (value) => value };

const integer: Codec = {
  encode: (value) => value as number | bigint,
  decode: (value) => (typeof value === "bigint" ? Number(value) : value),
};

const bigint: Codec = {
  encode: (value) => value as number | bigint,
  decode: (value) =>
    typeof value === "bigint" && BigInt(Number(value)) === value && isSafe(value) ? Number(value) : value,
};

function isSafe(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}

const boolean: Codec = {
  encode: (value) => (value === true ? 1 : 0),
  decode: (value) => value === 1 || value === 1n,
};

const real: Codec = {
  encode: (value) => value as number,
  decode: (value) => (typeof value === "bigint" ? Number(value) : value),
};

const text: Codec = {
  encode: (value) => value as string,
  decode: (value) => (typeof value === "string" ? value : String(value)),
};

const uuid: Codec = {
  encode: (value) => (value as string).toLowerCase(),
  decode: (value) => String(value).toLowerCase(),
};

const bytes: Codec = {
  encode: (value) => value as Uint8Array,
  decode: (value) => (value instanceof Uint8Array ? value : Buffer.from(String(value))),
};

/** `YYYY-MM-DD HH:MM:SS.sss` in UTC sorts together with what CURRENT_TIMESTAMP writes. */
const instant: Codec = {
  encode: (value) => (value as Date).toISOString().replace("T", " ").replace("Z", ""),
  decode: (value) => parseInstant(value),
};

/** A text without a zone is UTC, as CURRENT_TIMESTAMP is; a number counts seconds, as unixepoch() does. */
function parseInstant(value: DriverValue): Date {
  if (typeof value === "number" || typeof value === "bigint") return new Date(Number(value) * 1000);
  const iso = String(value).trim().replace(" ", "T");
  return new Date(
    /(?:Z|[+-]\d\d:?\d\d)$/i.test(iso) ? iso : `${iso.length === 10 ? `${iso}T00:00:00` : iso}Z`,
  );
}

const wallClock: Codec = {
  encode: (value) => (value as string).replace("T", " "),
  decode: (value) => String(value).replace(" ", "T"),
};

/** NUMERIC affinity turns the text of a bare number into a number; it is the same JSON value. */
const json: Codec = {
  encode: (value) => JSON.stringify(value),
  decode: (value) => {
    if (typeof value === "string") return JSON.parse(value) as unknown;
    return typeof value === "bigint" ? Number(value) : value;
  },
};

const codecs: Readonly<Record<Exclude<ColumnTypeKind, "user" | "timestamp">, Codec>> = {
  smallint: integer,
  integer,
  bigint,
  boolean,
  real,
  double: real,
  numeric: text,
  char: text,
  varchar: text,
  text,
  bytes,
  uuid,
  date: text,
  time: text,
  interval: text,
  json,
  jsonb: json,
  enum: text,
  array: json,
  native: same,
};

/** How values of a type are kept in SQLite. */
export function sqliteCodec(type: ColumnType): Codec {
  if (type.kind === "user") return sqliteCodec(type.base);
  if (type.kind === "timestamp") return type.timezone ? instant : wallClock;
  const codec = codecs[type.kind];
  if (codec === undefined) throw new InternalError(`no codec for ${type.kind}`);
  return codec;
}
