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
export {
  type GrantedWord,
  type GrantTarget,
  grantedWord,
  grantOn,
  grantTarget,
  isGrantOn,
  type Privilege,
  privilegesOf,
  privilegeText,
} from "./grant.ts";
export { findColumn, findObject, findTable, sameTable, tableKey, tableLabel } from "./lookup.ts";
export { conventionalName, defaultNaming, type NameParts, type NamingConvention } from "./naming.ts";
export {
  type Dependency,
  isRelation,
  kindLabel,
  type ObjectFacts,
  type ObjectKind,
  type ObjectRef,
  objectKey,
  objectKinds,
  objectLabel,
  objectRef,
  type SchemaObject,
  sameDefinition,
  sameObject,
  schemaObject,
} from "./object.ts";
export {
  type PublicationParts,
  type PublishedPart,
  publicationParts,
  publishedText,
  renamedPublished,
  renamedPublishedColumn,
  withoutPublished,
  withPublished,
} from "./publication.ts";
export { emptySchema, type Schema, type UnmanagedObject } from "./schema.ts";
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
