import { AthanorError } from "../../errors/index.ts";
import type { ColumnType, NumericType } from "../../schema/index.ts";
import { parseUtcText, utcText } from "../../util/utc-text.ts";
import type { DriverValue } from "../connection.ts";
import type { Codec } from "../dialect.ts";
import { exactDecimal } from "../exact-decimal.ts";
import { jsonArray } from "../json-array.ts";
import { isSameInteger } from "../same-integer.ts";

/**
 * The driver gives integers as numbers or bigints, floats as numbers, binary data as buffers, and all the rest as the
 * server's text, which is exact.
 */

const same: Codec = { encode: (value) => value as DriverValue, decode: (value) => value };

const integer: Codec = { encode: (value) => value as number | bigint, decode: (value) => Number(value) };

const bigint: Codec = {
  encode: (value) => value as number | bigint,
  decode: (value) => {
    const whole = Number(value);
    return Number.isSafeInteger(whole) ? whole : BigInt(value as string | number | bigint);
  },
  isSeenIn: isSameInteger,
};

/** Kept as `tinyint(1)`; tables that others made may have `bit(1)`. */
const boolean: Codec = {
  encode: (value) => (value === true ? 1 : 0),
  decode: (value) => (value instanceof Uint8Array ? value[0] === 1 : Number(value) !== 0),
};

/** There is neither NaN nor infinity. */
const float: Codec = {
  encode: (value) => {
    if (!Number.isFinite(value)) throw badValue("double", `there is no ${String(value)}`);
    return value as number;
  },
  decode: (value) => Number(value),
};

const text: Codec = {
  encode: (value) => value as string,
  decode: (value) => (value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : String(value)),
};

const uuid: Codec = {
  encode: (value) => (value as string).toLowerCase(),
  decode: (value) => String(value).toLowerCase(),
};

const bytes: Codec = {
  encode: (value) => value as Uint8Array,
  // A copy: what the driver gives is a piece of a whole packet.
  decode: (value) => new Uint8Array(value instanceof Uint8Array ? value : Buffer.from(String(value))),
};

const date: Codec = {
  encode: (value) => value as string,
  decode: (value) => String(value).slice(0, 10),
};

/** A column has all its digits of a second; those at the end that are zero say nothing. */
const time: Codec = {
  encode: (value) => value as string,
  decode: (value) => withoutZeros(String(value)),
};

const wallClock: Codec = {
  encode: (value) => (value as string).replace("T", " "),
  decode: (value) => withoutZeros(String(value).replace(" ", "T")),
};

const instant: Codec = {
  encode: (value) => textOfInstant(value as Date),
  decode: (value) => parseInstant(value),
};

function withoutZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** An instant as it is kept: in UTC, without a zone. Throws `DATABASE.BAD_VALUE` outside the years 0 to 9999. */
export function textOfInstant(value: Date): string {
  if (Number.isNaN(value.getTime())) throw badValue("timestamp", "the date is invalid");
  const text = utcText(value.getTime());
  if (text !== null) return text;
  throw badValue("timestamp", `the year of ${value.toISOString()} does not have four digits`);
}

function parseInstant(value: DriverValue): Date {
  if (value instanceof Date) return value;
  const text = String(value);
  const time = parseUtcText(text);
  const parsed = new Date(Number.isNaN(time) ? `${text.replace(" ", "T")}Z` : time);
  if (Number.isNaN(parsed.getTime())) throw badValue("timestamp", `"${String(value)}" is no date and time`);
  return parsed;
}

const json: Codec = {
  encode: (value) => JSON.stringify(value),
  decode: (value) => (typeof value === "string" ? (JSON.parse(value) as unknown) : value),
};

/** Without a precision, as many digits as the server has. */
const widest = { precision: 65, scale: 30 };

/** Exact decimals; what the column could not hold whole is refused rather than rounded. */
function numeric(type: NumericType): Codec {
  if (type.precision !== null) {
    return { encode: (value) => exactDecimal(value, type), decode: text.decode };
  }
  return {
    encode: (value) => withoutZeros(exactDecimal(value, widest)),
    decode: (value) => withoutZeros(String(value)),
  };
}

function badValue(type: string, reason: string): AthanorError<"DATABASE.BAD_VALUE"> {
  return new AthanorError("DATABASE.BAD_VALUE", { type, reason });
}

/** How values of a type travel to and from the server. */
export function mysqlCodec(type: ColumnType): Codec {
  switch (type.kind) {
    case "smallint":
    case "integer":
      return integer;
    case "bigint":
      return bigint;
    case "boolean":
      return boolean;
    case "real":
    case "double":
      return float;
    case "numeric":
      return numeric(type);
    case "bytes":
      return bytes;
    case "uuid":
      return uuid;
    case "date":
      return date;
    case "time":
      return time;
    case "timestamp":
      return type.timezone ? instant : wallClock;
    case "json":
    case "jsonb":
      return json;
    case "array":
      return jsonArray(type.of, mysqlCodec);
    case "native":
      return same;
    case "user":
      return mysqlCodec(type.base);
    default:
      return text;
  }
}
