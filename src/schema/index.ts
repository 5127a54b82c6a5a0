export { check, column, foreignKey, index, indexPart, primaryKey, schema, table, unique } from "./build.ts";
export type {
  ArrayType,
  ColumnType,
  ColumnTypeKind,
  EnumType,
  NativeType,
  NumericType,
  UserType,
} from "./column-type.ts";
export { findColumn, findTable, sameTable, tableKey, tableLabel } from "./lookup.ts";
export { conventionalName, defaultNaming, type NameParts, type NamingConvention } from "./naming.ts";
export { emptySchema, type Schema, type Trigger, type UnmanagedObject, type View } from "./schema.ts";
export type {
  Check,
  Column,
  DefaultValue,
  Deferrable,
  DialectOptions,
  Exclusion,
  ForeignKey,
  Generated,
  Identity,
  Index,
  IndexPart,
  Json,
  PrimaryKey,
  ReferentialAction,
  Table,
  TableRef,
  Unique,
} from "./table.ts";
export { type TypeConstructors, t } from "./types.ts";
