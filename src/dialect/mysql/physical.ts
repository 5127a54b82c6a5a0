import type { Column, ColumnType, Table } from "../../schema/index.ts";
import type { Binding } from "./flavor.ts";
import { option, textOption } from "./options.ts";
import { physicalName, typeName } from "./type-name.ts";

/** What a column is to the server. */

/** The type's SQL in the one spelling that the server prints. */
export function physicalType(type: ColumnType, binding: Binding): string {
  return physicalName(typeName(type, binding));
}

/** Digits after the second of a type that holds a moment; null for other types. */
export function momentDigits(physical: string): number | null {
  const [, digits] = /^(?:datetime|timestamp)(?:\((\d)\))?$/.exec(physical) ?? [null, null];
  return digits === null ? null : Number(digits ?? 0);
}

/** Types whose values stand outside the row: their keys have a length, their defaults limits. */
export function isLong(physical: string): boolean {
  return /^(?:tiny|medium|long)?(?:text|blob)\b|^json\b/.test(physical);
}

/** Types of points, lines and areas. */
export function isPlace(physical: string): boolean {
  return /^(?:geom|point|linestring|polygon|multi)/.test(physical);
}

/** Types of characters, which have a collation. */
export function hasCollation(physical: string): boolean {
  return /^(?:(?:tiny|medium|long)?text|char|varchar|enum|set)\b/.test(physical);
}

/** The collation a column has, its own or its table's; null where that is the database's. */
export function collationOf(column: Column, table: Table): string | null {
  return column.collation ?? textOption(column.options, "charset") ?? textOption(table.options, "collation");
}

/** What two columns must have in common so that a foreign key can bind them. */
function keyKind(column: Column, table: Table, binding: Binding): string {
  const physical = physicalType(column.type, binding);
  if (/^(?:var)?char\b|text$/.test(physical)) return `text ${collationOf(column, table) ?? ""}`;
  if (/^(?:var)?binary\b/.test(physical)) return "binary";
  return physical;
}

/** Whether a foreign key can bind two columns. */
export function canBind(a: Column, ofA: Table, b: Column, ofB: Table, binding: Binding): boolean {
  return keyKind(a, ofA, binding) === keyKind(b, ofB, binding);
}

/** How a column gets its values. */
export function fillingOf(column: Column): "plain" | "stored" | "virtual" {
  if (column.generated === null) return "plain";
  return column.generated.stored ? "stored" : "virtual";
}

/** Whether a check is part of a column's definition. */
export function isColumnCheck(check: Table["checks"][number]): boolean {
  return option(check.options, "column") === true;
}
