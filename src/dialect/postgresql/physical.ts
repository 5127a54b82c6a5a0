import { enumKey, enumNamedFor, namedEnum } from "../../operation/apply-enum.ts";
import type {
  Column,
  ColumnType,
  DefaultValue,
  EnumType,
  Schema,
  Table,
  TableRef,
} from "../../schema/index.ts";
import { quoteName, quoteString } from "./quote.ts";
import { parseTypeName, typeName } from "./type-name.ts";

/** What a schema in neutral words is on PostgreSQL, as far as rules tell: without asking the server. */

/** An enum as PostgreSQL has it: a type under a name. */
export type NamedEnum = EnumType & { readonly name: string };

/** A column's type as PostgreSQL has it. An enum without a name is named for its table and column. */
export function physicalType(type: ColumnType, table: TableRef, column: string): ColumnType {
  switch (type.kind) {
    case "user":
      return physicalType(type.base, table, column);
    case "array":
      return { kind: "array", of: physicalType(type.of, table, column) };
    case "enum":
      return type.name === null ? { ...type, ...enumNamedFor(table, column) } : type;
    default:
      return parseTypeName(typeName(type));
  }
}

/** A table with its columns' types as PostgreSQL has them. */
export function withPhysicalTypes(table: Table): Table {
  return { ...table, columns: table.columns.map((column) => withPhysicalType(column, table)) };
}

/** A column with its type as PostgreSQL has it. */
export function withPhysicalType(column: Column, table: TableRef): Column {
  return { ...column, type: physicalType(column.type, table, column.name) };
}

const known = new WeakMap<Table, readonly (readonly [key: string, type: NamedEnum])[]>();

/** The enums of a table's columns: asked for again before each of many operations. */
function enumsOfTable(table: Table): readonly (readonly [key: string, type: NamedEnum])[] {
  const found = known.get(table);
  if (found !== undefined) return found;
  const enums = table.columns.flatMap((column) => {
    const type = namedEnum(physicalType(column.type, table, column.name));
    return type === null ? [] : [[enumKey(type), type] as const];
  });
  known.set(table, enums);
  return enums;
}

/** Enums that exist under a name, those of columns included; what the schema says of an enum itself goes first. */
export function enumsOf(schema: Pick<Schema, "tables" | "enums">): ReadonlyMap<string, NamedEnum> {
  const enums = new Map<string, NamedEnum>();
  for (const table of schema.tables) for (const [key, type] of enumsOfTable(table)) enums.set(key, type);
  for (const type of schema.enums) enums.set(enumKey(type), type);
  return enums;
}

/** A default as SQL. */
export function defaultSql(value: DefaultValue): string {
  if (value.kind === "expression") return value.sql;
  if (value.value === null) return "NULL";
  return typeof value.value === "string" ? quoteString(value.value) : String(value.value);
}

/** An enum's name as SQL. */
export function enumName(type: { readonly schema: string | null; readonly name: string }): string {
  return type.schema === null ? quoteName(type.name) : `${quoteName(type.schema)}.${quoteName(type.name)}`;
}

/** The statement that makes an enum type. */
export function createEnum(type: NamedEnum): string {
  return `CREATE TYPE ${enumName(type)} AS ENUM (${type.values.map(quoteString).join(", ")})`;
}
