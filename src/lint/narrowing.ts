import { typeLabel } from "../operation/index.ts";
import type { ColumnType } from "../schema/index.ts";

/** Which values of one type another one does not hold. */

/** Why not every value of `from` can be one of `to` unchanged; null where all can, or nobody can tell. */
export function narrows(from: ColumnType, to: ColumnType): string | null {
  if (from.kind === "user") return narrows(from.base, to);
  if (to.kind === "user") return narrows(from, to.base);
  if (from.kind === "native" || to.kind === "native" || from.kind === "enum") return null;
  if (isText(to)) return longer(from, to);
  if (isNumber(from) && isNumber(to)) return digits(from, to);
  if (isMoment(from) && isMoment(to)) return moments(from, to);
  if (from.kind === "array" && to.kind === "array") return narrows(from.of, to.of);
  if (from.kind === "bytes" && to.kind === "bytes") return limit(from.length, to.length, "bytes");
  if (to.kind === from.kind || isJson(to)) return null;
  if (from.kind === "boolean" && isNumber(to)) return null;
  if (isNumber(from) && to.kind === "boolean") return "only whether it is zero is left of a number";
  return `not every value of ${typeLabel(from)} is one of ${typeLabel(to)}`;
}

type TextType = Extract<ColumnType, { kind: "char" | "varchar" | "text" }>;
type NumberType = Extract<
  ColumnType,
  { kind: "smallint" | "integer" | "bigint" | "numeric" | "real" | "double" }
>;
type MomentType = Extract<ColumnType, { kind: "date" | "time" | "timestamp" }>;

function isText(type: ColumnType): type is TextType {
  return type.kind === "char" || type.kind === "varchar" || type.kind === "text";
}

function isNumber(type: ColumnType): type is NumberType {
  return type.kind in integerDigits || ["numeric", "real", "double"].includes(type.kind);
}

function isMoment(type: ColumnType): type is MomentType {
  return type.kind === "date" || type.kind === "time" || type.kind === "timestamp";
}

function isJson(type: ColumnType): boolean {
  return type.kind === "json" || type.kind === "jsonb";
}

function limit(from: number | null, to: number | null, unit: string): string | null {
  if (to === null || (from !== null && from <= to)) return null;
  return from === null ? `it had no limit, and has one of ${to} ${unit}` : `${from} ${unit} become ${to}`;
}

/** The longest text that a value without a limit of its own can be. */
const widths: { readonly [kind: string]: number } = {
  smallint: 6,
  integer: 11,
  bigint: 20,
  uuid: 36,
  boolean: 5,
  date: 10,
};

function longer(from: ColumnType, to: TextType): string | null {
  const most = to.kind === "text" ? null : to.length;
  if (isText(from)) return limit(from.kind === "text" ? null : from.length, most, "characters");
  const width = widths[from.kind];
  return width === undefined || most === null || width <= most ? null : `${width} characters become ${most}`;
}

/** Digits that are enough for every value. */
const integerDigits: { readonly [kind: string]: number } = { smallint: 5, integer: 10, bigint: 19 };

/** Digits that are always kept. */
const floatDigits: { readonly [kind: string]: number } = { real: 6, double: 15 };

function digits(from: NumberType, to: NumberType): string | null {
  const fractions = "what stands after the point is lost";
  if (to.kind === "real" || to.kind === "double") {
    const had = integerDigits[from.kind] ?? floatDigits[from.kind] ?? precisionOf(from);
    const kept = floatDigits[to.kind]!;
    if (had !== null && had <= kept) return null;
    return `it keeps ${kept} digits`;
  }
  if (to.kind === "numeric") {
    if (to.precision === null) return null;
    const whole = to.precision - (to.scale ?? 0);
    const had = integerDigits[from.kind];
    if (had !== undefined) return had <= whole ? null : `${had} digits before the point become ${whole}`;
    if (from.kind !== "numeric" || from.precision === null)
      return `it had no limit, and has ${whole} digits before the point and ${to.scale ?? 0} after it`;
    if (from.precision - (from.scale ?? 0) > whole)
      return `${from.precision - (from.scale ?? 0)} digits before the point become ${whole}`;
    return (from.scale ?? 0) > (to.scale ?? 0)
      ? `${from.scale} digits after the point become ${to.scale}`
      : null;
  }
  if (from.kind === "real" || from.kind === "double") return fractions;
  if (from.kind === "numeric") {
    if (from.precision === null || (from.scale ?? 0) > 0) return fractions;
    // All numbers of so many digits, and not only some.
    return from.precision < integerDigits[to.kind]!
      ? null
      : `${from.precision} digits are more than it holds`;
  }
  return integerDigits[from.kind]! <= integerDigits[to.kind]! ? null : "numbers beyond its range do not fit";
}

function precisionOf(type: NumberType): number | null {
  return type.kind === "numeric" ? type.precision : null;
}

function moments(from: MomentType, to: MomentType): string | null {
  if (from.kind !== to.kind) {
    if (from.kind === "date" && to.kind === "timestamp") return null;
    return to.kind === "date" ? "the time of day is lost" : "the date is lost";
  }
  if (from.kind === "date" || to.kind === "date") return null;
  const [had, has] = [from.precision ?? 6, to.precision ?? 6];
  return had <= has ? null : `${had} digits after the second become ${has}`;
}
