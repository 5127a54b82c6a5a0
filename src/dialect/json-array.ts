import type { ColumnType } from "../schema/index.ts";
import type { DriverValue } from "./connection.ts";
import type { Codec } from "./dialect.ts";

/**
 * Lists as JSON, for databases without arrays. `codecOf` is the dialect's own codec of the elements; what JSON has no
 * word for goes in as text: integers beyond 2^53 as digits, bytes as base64.
 */
export function jsonArray(of: ColumnType, codecOf: (type: ColumnType) => Codec): Codec {
  const element = codecOf(of);
  const { kind } = baseOf(of);
  const isNested = kind === "array" || kind === "json" || kind === "jsonb";
  const write = (value: unknown): unknown => {
    if (value === null || value === undefined) return null;
    const encoded = element.encode(value);
    if (isNested) return JSON.parse(encoded as string);
    if (typeof encoded === "bigint") return String(encoded);
    return encoded instanceof Uint8Array ? Buffer.from(encoded).toString("base64") : encoded;
  };
  const read = (value: unknown): unknown => {
    if (value === null) return null;
    if (isNested) return element.decode(JSON.stringify(value));
    if (kind === "bytes") return new Uint8Array(Buffer.from(value as string, "base64"));
    if (kind === "bigint" && typeof value === "string") return BigInt(value);
    return element.decode(value as DriverValue);
  };
  return {
    encode: (value) => JSON.stringify((value as unknown[]).map(write)),
    decode: (value) => (JSON.parse(String(value)) as unknown[]).map(read),
  };
}

function baseOf(type: ColumnType): ColumnType {
  return type.kind === "user" ? baseOf(type.base) : type;
}
