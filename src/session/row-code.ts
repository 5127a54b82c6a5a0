import type { DriverValue } from "../dialect/index.ts";
import { unrolled } from "../util/unrolled.ts";
import type { MappedColumn } from "./mapped-column.ts";

/** What goes over all columns of a row, compiled for the columns of one model. */

type Values = Readonly<Record<string, unknown>>;
type Row = readonly DriverValue[];

/** Columns and their codecs by the names that the texts have for them. */
function named(columns: readonly MappedColumn[]): Record<string, unknown> {
  return Object.fromEntries(
    columns.flatMap((column, at) => [
      [`c${at}`, column],
      [`k${at}`, column.codec],
    ]),
  );
}

/** A codec called by its own name is one that V8 can put in its place; behind a column's method it is one of many. */
function encoded({ isStoredAsIs }: MappedColumn, at: number): string {
  return isStoredAsIs
    ? `(value === null || value === undefined ? null : k${at}.encode(value))`
    : `c${at}.encode(value)`;
}

/** What encodes the values of an object. */
export function rowEncoder(columns: readonly MappedColumn[]): (values: Values) => DriverValue[] {
  const slow = (values: Values): DriverValue[] =>
    columns.map((column) => column.encode(values[column.property]));
  const lines = columns.map(
    (column, at) =>
      `value = values[${JSON.stringify(column.property)}]; const e${at} = ${encoded(column, at)};`,
  );
  const body = `let value;\n${lines.join("\n")}\nreturn [${columns.map((_, at) => `e${at}`).join(", ")}];`;
  return unrolled(["values"], body, named(columns)) ?? slow;
}

/** What gives an object the values of a row of its table: those of `columns`, in that order. */
export function rowFiller(columns: readonly MappedColumn[]): (target: object, row: Row) => void {
  const slow = (target: object, row: Row): void => {
    for (const column of columns) {
      (target as Record<string, unknown>)[column.property] = column.decode(row[column.index] as DriverValue);
    }
  };
  const lines = columns.map(({ property, index, isReadAsIs }, at) => {
    const decoded = isReadAsIs
      ? `(value === null || value === undefined ? null : k${at}.decode(value))`
      : `c${at}.decode(value)`;
    return `value = row[${index}]; target[${JSON.stringify(property)}] = ${decoded};`;
  });
  return unrolled(["target", "row"], `let value;\n${lines.join("\n")}`, named(columns)) ?? slow;
}

/**
 * What finds the columns in which an object differs from its whole row, those aside that the database computes; null
 * where there are none. Throws what a codec throws.
 */
export function rowChanges(
  columns: readonly MappedColumn[],
): ((values: Values, row: Row) => readonly MappedColumn[] | null) | null {
  const lines = columns.flatMap((column, at) => {
    if (column.field.computed) return [];
    const isSame = `c${at}.isSame(value, row[${at}])`;
    return `value = values[${JSON.stringify(column.property)}]; if (!(${seenSame(column, at)} || ${isSame})) changed = and(changed, c${at});`;
  });
  const body = `let value; let changed = null;\n${lines.join("\n")}\nreturn changed;`;
  return unrolled(["values", "row"], body, { ...named(columns), and: withColumn });
}

/** What sees at once of most values that nobody has changed that they are what the row has. */
function seenSame(column: MappedColumn, at: number): string {
  if (column.isPlain) return `(value === row[${at}] && value !== undefined)`;
  const isNull = `(value === null && row[${at}] === null)`;
  if (column.isStoredAsIs && column.codec.isSeenIn !== undefined)
    return `${isNull} || k${at}.isSeenIn(value, row[${at}])`;
  // The same object may have been changed in place; and the driver may spell a value in its own way.
  return `${isNull} || (typeof row[${at}] !== "object" && ${encoded(column, at)} === row[${at}])`;
}

/** Changed columns with one more. */
export function withColumn(
  changed: readonly MappedColumn[] | null,
  column: MappedColumn,
): readonly MappedColumn[] {
  return changed === null ? column.alone : [...changed, column];
}
