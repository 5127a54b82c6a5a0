import type { Dialect, DriverValue } from "../dialect/index.ts";
import { t } from "../schema/index.ts";
import type { ParameterExpression } from "../sql/index.ts";

/** Parameters as the driver takes them. */
export function encodeParameters(
  parameters: readonly ParameterExpression[],
  dialect: Dialect,
): DriverValue[] {
  return parameters.map(({ value, type }) => {
    if (value === null || value === undefined) return null;
    return type === null ? encodeBare(value, dialect) : dialect.codec(type).encode(value);
  });
}

/** A value in SQL written by hand, of which nothing says what column it is for. */
function encodeBare(value: unknown, dialect: Dialect): DriverValue {
  if (value instanceof Date) return dialect.codec(t.timestamptz(3)).encode(value);
  if (typeof value === "boolean") return dialect.codec(t.boolean()).encode(value);
  const isObject = typeof value === "object" && !(value instanceof Uint8Array);
  if (isObject && dialect.capabilities.listParameters !== true) return dialect.codec(t.json()).encode(value);
  return value as DriverValue;
}
