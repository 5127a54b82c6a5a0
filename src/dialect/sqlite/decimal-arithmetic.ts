import { plainDecimal } from "../../util/plain-decimal.ts";

/** A decimal as an integer and how many of its digits stand after the point. */
interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Digits after the point of a quotient that does not come out even; PostgreSQL gives sixteen significant ones at least. */
const quotientScale = 20;

/** Calculates with exact decimals, which are texts here; null with null, and of what is divided by nothing. */
export const calculations: Readonly<
  Record<"+" | "-" | "*" | "/", (a: unknown, b: unknown) => string | null>
> = {
  "+": (a, b) => calculate(a, b, add),
  "-": (a, b) => calculate(a, b, (x, y) => add(x, { ...y, units: -y.units })),
  "*": (a, b) => calculate(a, b, (x, y) => ({ units: x.units * y.units, scale: x.scale + y.scale })),
  "/": (a, b) => calculate(a, b, divide),
};

/** A decimal with so many digits after the point, rounded half away from zero as PostgreSQL and MySQL do it. */
export function roundDecimal(value: unknown, scale: unknown): string | null {
  if (value === null) return null;
  const decimal = parse(value);
  return decimal === null ? String(value) : print(rescale(decimal, Number(scale)));
}

/** What adds values up; a sum of nothing is null. */
export function addTo(sum: string | null, value: unknown): string | null {
  if (value === null) return sum;
  return sum === null ? String(value) : calculations["+"](sum, value);
}

function calculate(a: unknown, b: unknown, body: (a: Decimal, b: Decimal) => Decimal | null): string | null {
  const [x, y] = [parse(a), parse(b)];
  const result = x === null || y === null ? null : body(x, y);
  return result === null ? null : print(result);
}

function parse(value: unknown): Decimal | null {
  if (value === null || value === undefined) return null;
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?\s*$/.exec(plainDecimal(value));
  if (match === null) return null;
  const [, sign = "", whole = "", fraction = ""] = match;
  const units = BigInt(`0${whole}${fraction}`);
  return { units: sign === "-" ? -units : units, scale: fraction.length };
}

function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: widened(a, scale) + widened(b, scale), scale };
}

function divide(a: Decimal, b: Decimal): Decimal | null {
  if (b.units === 0n) return null;
  const scale = Math.max(a.scale, b.scale, quotientScale);
  return { units: quotient(widened(a, scale) * 10n ** BigInt(b.scale), b.units), scale };
}

function widened({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

function rescale(decimal: Decimal, scale: number): Decimal {
  if (decimal.scale <= scale) return { units: widened(decimal, scale), scale };
  return { units: quotient(decimal.units, 10n ** BigInt(decimal.scale - scale)), scale };
}

/** Rounded half away from zero. */
function quotient(a: bigint, b: bigint): bigint {
  const [n, d] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const rounded = (n * 2n + d) / (d * 2n);
  return a < 0n === b < 0n ? rounded : -rounded;
}

function print({ units, scale }: Decimal): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  const sign = units < 0n ? "-" : "";
  const whole = digits.slice(0, digits.length - scale);
  return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-scale)}`;
}
