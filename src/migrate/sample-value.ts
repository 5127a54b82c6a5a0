import type { ColumnType } from "../schema/index.ts";

const two = (n: number): string => String(n).padStart(2, "0");

/** How many ways there are of making a value, for columns whose checks refuse the first. */
export const sampleVariants = 6;

/**
 * A value for the n-th row of a table, in its stored form: different ones for different rows, wherever the type has
 * enough of them. `variant` chooses among ways of making it. Undefined where nobody knows what the type takes.
 */
export function sampleValue(type: ColumnType, n: number, variant = 0): unknown {
  switch (type.kind) {
    case "smallint":
    case "integer":
    case "bigint":
      return sampleNumber(n, variant);
    case "real":
    case "double":
      return sampleNumber(n, variant) + (variant === 0 ? 0.5 : 0);
    case "numeric":
      return sampleNumeric(type, n, variant);
    case "boolean":
      return (n + variant) % 2 === 0;
    case "char":
      return sampleText(n, variant).slice(0, type.length).padEnd(type.length, "x");
    case "varchar":
      return sampleText(n, variant).slice(0, type.length ?? undefined);
    case "text":
      return sampleText(n, variant);
    case "bytes":
      return Uint8Array.of(n + 1, 255, 0).slice(0, type.length ?? 3);
    case "uuid":
      return `00000000-0000-4000-8000-${String(n + 1).padStart(12, "0")}`;
    case "date":
      return `${2020 + 10 * variant}-01-${two((n % 28) + 1)}`;
    case "time":
      return `10:${two(variant)}:${two(n % 60)}`;
    case "timestamp":
      return type.timezone
        ? new Date(Date.UTC(2020 + 10 * variant, 0, 1, 10, 0, n))
        : `${2020 + 10 * variant}-01-01T10:00:${two(n % 60)}`;
    case "interval":
      return `P${n + 1}D`;
    case "json":
    case "jsonb":
      return variant % 2 === 0 ? { n } : [n];
    case "enum":
      return type.values[(n + variant) % type.values.length];
    case "array": {
      const value = sampleValue(type.of, n, variant);
      return value === undefined ? undefined : [value];
    }
    case "user":
      return sampleValue(type.base, n, variant);
    case "native":
      return undefined;
  }
}

/** Small and positive first; then past a hundred, negative, zero and one, past a thousand. */
function sampleNumber(n: number, variant: number): number {
  return [n + 1, n + 101, -n - 1, n, n % 2, n + 1001][variant] ?? n + 1;
}

function sampleNumeric(
  { precision, scale }: { readonly precision: number | null; readonly scale: number | null },
  n: number,
  variant: number,
): string {
  const digits = (precision ?? 10) - (scale ?? 0);
  if (digits <= 0) return `0.${String(n + 1).padStart(scale ?? 1, "0")}`;
  return String(sampleNumber(n, variant) % 10 ** Math.min(digits, 9));
}

/** A word; then what looks like an address, a number, a code in capitals, one letter, and a longer text. */
function sampleText(n: number, variant: number): string {
  return (
    [
      `v${n + 1}`,
      `v${n + 1}@example.com`,
      String(n + 1),
      `V${String(n + 1).padStart(3, "0")}`,
      String.fromCharCode(97 + (n % 26)),
      `https://example.com/${n + 1}`,
    ][variant] ?? `v${n + 1}`
  );
}
