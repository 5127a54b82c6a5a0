import { AthanorError } from "../errors/index.ts";
import type { NumericType } from "../schema/index.ts";

/**
 * A decimal with all the digits its column has after the point, so that equal numbers are equal texts; without a
 * scale, those that were given. Throws `DATABASE.BAD_VALUE` for what the column could not hold whole.
 */
export function exactDecimal(value: unknown, { precision, scale }: Omit<NumericType, "kind">): string {
  const match = /^([+-]?)0*(\d*)(?:\.(\d*))?$/.exec(String(value));
  if (match === null || !/\d/.test(String(value))) throw badDecimal(value, "is no decimal");
  const whole = match[2] === "" ? "0" : (match[2] as string);
  const given = match[3] ?? "";
  const fraction = scale === null ? given : given.replace(/0+$/, "").padEnd(scale, "0");
  if (scale !== null && fraction.length > scale) {
    throw badDecimal(value, `has more than ${scale} digits after the point`);
  }
  if (precision !== null && whole !== "0" && whole.length > precision - (scale ?? 0)) {
    throw badDecimal(value, `has more than ${precision} digits`);
  }
  const digits = fraction === "" ? whole : `${whole}.${fraction}`;
  return match[1] === "-" && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

function badDecimal(value: unknown, what: string): AthanorError<"DATABASE.BAD_VALUE"> {
  return new AthanorError("DATABASE.BAD_VALUE", { type: "numeric", reason: `"${String(value)}" ${what}` });
}
