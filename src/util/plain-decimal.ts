/** A number's text without an exponent; what has none stays as it is. */
export function plainDecimal(value: unknown): string {
  const text = String(value);
  const match = /^([+-]?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = "", whole = "", fraction = "", power = "0"] = match;
  const point = whole.length + Number(power);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  const rest = digits.slice(point);
  return `${sign}${digits.padEnd(point, "0").slice(0, point)}${rest === "" ? "" : `.${rest}`}`;
}
