import { AthanorError, InternalError } from "../../errors/index.ts";
import type { ColumnType, ColumnTypeKind, NumericType } from "../../schema/index.ts";
import { parseUtcText, utcText } from "../../util/utc-text.ts";
import type { DriverValue } from "../connection.ts";
import type { Codec } from "../dialect.ts";
import { exactDecimal } from "../exact-decimal.ts";
import { jsonArray } from "../json-array.ts";
import { isSameInteger } from "../same-integer.ts";

/** SQLite stores integers, reals, text and blobs; each kind of value becomes one of them without loss. */

const same: Codec = { encode: (value) => value as DriverValue, decode: (value) => value };

const least64 = -(2 ** 63);

const integer: Codec = {
  encode: (value) => value as number | bigint,
  decode: (value) => (typeof value === "bigint" ? Number(value) : value),
};

/** Node's own driver gives the least integer as a number, which holds it, where it refuses its neighbours. */
const bigint: Codec = {
  encode: same.encode,
  decode: (value) => (value === least64 ? BigInt(value) : value),
  isSeenIn: isSameInteger,
};

const boolean: Codec = {
  encode: (value) => (value === true ? 1 : 0),
  decode: (value) => value === 1 || value === "true" || value === "TRUE",
};

const real: Codec = {
  encode: (value) => {
    // SQLite writes NaN as NULL, which nobody asked for.
    if (Number.isNaN(value)) throw badValue("double", "there is no NaN");
    return value as number;
  },
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

const date: Codec = {
  encode: (value) => value as string,
  decode: (value) => String(value).slice(0, 10),
};

/** `YYYY-MM-DD HH:MM:SS.sss` in UTC sorts together with what CURRENT_TIMESTAMP writes. */
const instant: Codec = {
  encode: (value) => textOfInstant(value as Date),
  decode: (value) => parseInstant(value),
  isSeenIn: (value, given) =>
    value instanceof Date && typeof given === "string" && value.getTime() === parseUtcText(given),
};

/** An instant as it is kept: UTC with milliseconds, a space in the place of the T, no zone. */
export function textOfInstant(value: Date): string {
  const text = utcText(value.getTime());
  if (text !== null) return text;
  if (Number.isNaN(value.getTime())) throw badValue("timestamp", "the date is invalid");
  const iso = value.toISOString();
  const at = iso.indexOf("T");
  return `${iso.slice(0, at)} ${iso.slice(at + 1, -1)}`;
}

/** A text without a zone is UTC, as CURRENT_TIMESTAMP is; a number counts seconds, as unixepoch() does. */
function parseInstant(value: DriverValue): Date {
  if (typeof value === "string") {
    const time = parseUtcText(value);
    if (!Number.isNaN(time)) return new Date(time);
  }
  if (typeof value === "number" || typeof value === "bigint") return new Date(Number(value) * 1000);
  const iso = String(value).trim().replace(" ", "T");
  const zoned = /(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(iso.slice(11));
  const parsed = new Date(zoned ? iso.replace(/([+-]\d\d)$/, "$1:00") : `${withTime(iso)}Z`);
  if (Number.isNaN(parsed.getTime())) throw badValue("timestamp", `"${String(value)}" is no date and time`);
  return parsed;
}

function withTime(iso: string): string {
  return iso.includes("T") ? iso : `${iso}T00:00:00`;
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

/** Exact decimals, kept as text; what the column could not hold whole is refused rather than rounded. */
function numeric(type: NumericType): Codec {
  return { encode: (value) => exactDecimal(value, type), decode: text.decode };
}

function badValue(type: string, reason: string): AthanorError {
  return new AthanorError("DATABASE.BAD_VALUE", { type, reason });
}

const codecs: Readonly<Record<Exclude<ColumnTypeKind, "user" | "timestamp" | "numeric" | "array">, Codec>> = {
  smallint: integer,
  integer,
  bigint,
  boolean,
  real,
  double: real,
  char: text,
  varchar: text,
  text,
  bytes,
  uuid,
  date,
  time: text,
  interval: text,
  json,
  jsonb: json,
  enum: text,
  native: same,
};

/** How values of a type are kept in SQLite. */
export function sqliteCodec(type: ColumnType): Codec {
  if (type.kind === "user") return sqliteCodec(type.base);
  if (type.kind === "timestamp") return type.timezone ? instant : wallClock;
  if (type.kind === "numeric") return numeric(type);
  if (type.kind === "array") return jsonArray(type.of, sqliteCodec);
  const codec = codecs[type.kind];
  if (codec === undefined) throw new InternalError(`no codec for ${type.kind}`);
  return codec;
}
