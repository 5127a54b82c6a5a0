import { plainDecimal } from "../../util/plain-decimal.ts";

/** The name under which `decimalKey` is known to SQL. */
export const decimalFunction: string = "athanor_decimal";

/**
 * A text that sorts as the exact decimal it stands for, whatever the number of digits: sign, the count of whole
 * digits (itself prefixed by how long it is), then the digits; negative numbers have every digit complemented.
 * Null stays null; what is no decimal sorts as it is.
 */
export function decimalKey(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?\s*$/.exec(plainDecimal(value));
  if (match === null) return String(value);
  const whole = (match[2] ?? "").replace(/^0+/, "");
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  if (whole === "" && fraction === "") return "1";
  const length = String(whole.length);
  const magnitude = `${length.length}${length}${whole}${fraction}`;
  return match[1] === "-" ? `0${complement(magnitude)}~` : `2${magnitude}`;
}

function complement(digits: string): string {
  return digits.replaceAll(/\d/g, (digit) => String(9 - Number(digit)));
}
