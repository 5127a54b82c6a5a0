import type { ColumnType } from "./column-type.ts";
import { emptySchema, type Schema } from "./schema.ts";
import type {
  Check,
  Column,
  ForeignKey,
  Index,
  IndexPart,
  PrimaryKey,
  Table,
  TableRef,
  Unique,
} from "./table.ts";

/** Builders fill in what was left out with the neutral value, so that every part of a schema is whole. */

/** A column; nullable unless said otherwise, as in SQL. */
export function column(
  name: string,
  type: ColumnType,
  rest: Partial<Omit<Column, "name" | "type">> = {},
): Column {
  return {
    name,
    type,
    nullable: true,
    default: null,
    generated: null,
    autoIncrement: false,
    identity: null,
    collation: null,
    comment: null,
    options: {},
    ...rest,
  };
}

/** A primary key over `columns`. */
export function primaryKey(
  columns: readonly string[],
  rest: Partial<Omit<PrimaryKey, "columns">> = {},
): PrimaryKey {
  return { name: null, columns, options: {}, ...rest };
}

/** A foreign key from `columns` to those of another table. */
export function foreignKey(
  columns: readonly string[],
  references: ForeignKey["references"],
  rest: Partial<Omit<ForeignKey, "columns" | "references">> = {},
): ForeignKey {
  return {
    name: null,
    columns,
    references,
    onDelete: "no action",
    onUpdate: "no action",
    deferrable: null,
    match: "simple",
    options: {},
    ...rest,
  };
}

/** A unique constraint over `columns`. */
export function unique(columns: readonly string[], rest: Partial<Omit<Unique, "columns">> = {}): Unique {
  return { name: null, columns, nullsNotDistinct: false, deferrable: null, options: {}, ...rest };
}

/** A check of `expression`, SQL text. */
export function check(expression: string, rest: Partial<Omit<Check, "expression">> = {}): Check {
  return { name: null, expression, options: {}, ...rest };
}

/** One key of an index: a column's name, or whatever `rest` says. */
export function indexPart(columnName: string | null, rest: Partial<IndexPart> = {}): IndexPart {
  return {
    column: columnName,
    expression: null,
    order: "asc",
    nulls: null,
    collation: null,
    operatorClass: null,
    length: null,
    ...rest,
  };
}

/** An index over columns (strings) and parts. */
export function index(
  name: string,
  parts: readonly (string | IndexPart)[],
  rest: Partial<Omit<Index, "name" | "parts">> = {},
): Index {
  return {
    name,
    parts: parts.map((part) => (typeof part === "string" ? indexPart(part) : part)),
    unique: false,
    where: null,
    include: [],
    method: null,
    nullsNotDistinct: false,
    comment: null,
    options: {},
    ...rest,
  };
}

/** A table; everything but its name and columns may be left out. */
export function table(
  name: string | TableRef,
  columns: readonly Column[],
  rest: Partial<Omit<Table, "name" | "schema" | "columns">> = {},
): Table {
  const ref = typeof name === "string" ? { schema: null, name } : { schema: name.schema, name: name.name };
  return {
    ...ref,
    columns,
    primaryKey: null,
    foreignKeys: [],
    uniques: [],
    checks: [],
    exclusions: [],
    indexes: [],
    comment: null,
    options: {},
    ...rest,
  };
}

/** A schema of these tables; other objects may be given. */
export function schema(tables: readonly Table[], rest: Partial<Omit<Schema, "tables">> = {}): Schema {
  return { ...emptySchema, tables, ...rest };
}
