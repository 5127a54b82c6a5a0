import type { ArrayType, ColumnType, EnumType, NativeType, NumericType, UserType } from "./column-type.ts";

/**
 * The constructors of column types, as models (`field(z.string(), { type: t.varchar(30) })`) and migration
 * files (`table.column("id", t.uuid())`) write them.
 */
export interface TypeConstructors {
  /** 16-bit integer. */
  smallint(): ColumnType;
  /** 32-bit integer. */
  integer(): ColumnType;
  /** 64-bit integer. */
  bigint(): ColumnType;
  boolean(): ColumnType;
  /** Single-precision float. */
  real(): ColumnType;
  /** Double-precision float. */
  double(): ColumnType;
  /** Exact decimal: all digits, and those after the point. */
  numeric(precision?: number, scale?: number): NumericType;
  char(length: number): ColumnType;
  /** Text of limited length (in characters); without a length, the database's widest. */
  varchar(length?: number): ColumnType;
  text(): ColumnType;
  /** Binary data, with a limit in bytes where given. */
  bytes(length?: number): ColumnType;
  uuid(): ColumnType;
  date(): ColumnType;
  /** Time of day; `precision` counts fractional digits of a second. */
  time(options?: { precision?: number; timezone?: boolean }): ColumnType;
  /** Date and time without a zone: what a wall clock shows. */
  timestamp(precision?: number): ColumnType;
  /** An instant. */
  timestamptz(precision?: number): ColumnType;
  interval(): ColumnType;
  json(): ColumnType;
  jsonb(): ColumnType;
  /** One of `values`; `name` names the type where the database has named types. */
  enum(values: readonly string[], options?: { name?: string; schema?: string }): EnumType;
  array(of: ColumnType): ArrayType;
  /** A type of one database, as SQL text: `t.native("postgresql", "cidr")`. */
  native(dialect: string, sql: string): NativeType;
  /** A type of the user's own: the exported `name` of `from`, stored as `base`. */
  user(name: string, from: string, base: ColumnType): UserType;
}

/** Column types, by their neutral names. */
export const t: TypeConstructors = {
  smallint: () => ({ kind: "smallint" }),
  integer: () => ({ kind: "integer" }),
  bigint: () => ({ kind: "bigint" }),
  boolean: () => ({ kind: "boolean" }),
  real: () => ({ kind: "real" }),
  double: () => ({ kind: "double" }),
  numeric: (precision, scale) => ({
    kind: "numeric",
    precision: precision ?? null,
    scale: scale ?? (precision === undefined ? null : 0),
  }),
  char: (length) => ({ kind: "char", length }),
  varchar: (length) => ({ kind: "varchar", length: length ?? null }),
  text: () => ({ kind: "text" }),
  bytes: (length) => ({ kind: "bytes", length: length ?? null }),
  uuid: () => ({ kind: "uuid" }),
  date: () => ({ kind: "date" }),
  time: (options) => ({
    kind: "time",
    timezone: options?.timezone ?? false,
    precision: options?.precision ?? null,
  }),
  timestamp: (precision) => ({ kind: "timestamp", timezone: false, precision: precision ?? null }),
  timestamptz: (precision) => ({ kind: "timestamp", timezone: true, precision: precision ?? null }),
  interval: () => ({ kind: "interval" }),
  json: () => ({ kind: "json" }),
  jsonb: () => ({ kind: "jsonb" }),
  enum: (values, options) => ({
    kind: "enum",
    name: options?.name ?? null,
    schema: options?.schema ?? null,
    values,
  }),
  array: (of) => ({ kind: "array", of }),
  native: (dialect, sql) => ({ kind: "native", dialect, sql }),
  user: (name, from, base) => ({ kind: "user", name, from, base }),
};
