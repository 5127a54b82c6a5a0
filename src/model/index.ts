export { ModelColumn } from "./column.ts";
export { definitionOf } from "./definition.ts";
export { type Field, type FieldOptions, field, type ServerDefault, type StandardSchema } from "./field.ts";
export type { InstanceLink, InstanceState, RelationValue } from "./instance.ts";
export { fromRow, ModelInstance } from "./instance-base.ts";
export type {
  AnyModel,
  FieldMetadata,
  ForeignKeyMetadata,
  LinkMetadata,
  ModelMetadata,
  RelationMetadata,
} from "./metadata.ts";
export {
  createRegistry,
  instantiate,
  Model,
  type ModelClass,
  type ModelFactory,
  modelFactory,
} from "./model.ts";
export { defaultRegistry, Registry } from "./registry.ts";
export { many, one, type Relation, type RelationOptions } from "./relation.ts";
export { setLoaded, setUnloaded } from "./relation-property.ts";
export { makeColumns, metadataOf, type ResolvedModel } from "./resolve.ts";
export {
  check,
  comment,
  exclude,
  foreignKey,
  type IndexOptions,
  index,
  primaryKey,
  type TableItem,
  tableOptions,
  unique,
  uniqueIndex,
} from "./table-items.ts";
export { type DeclaredRename, type ModelSchema, type ToSchemaOptions, toSchema } from "./to-schema.ts";
export type { Columns, Input, InstanceOf, Lazy, Row } from "./types.ts";
export { ValidationError, type ValidationIssue } from "./validation.ts";
