export {
  type AbstractModelClass,
  type AbstractModelFactory,
  abstractModelFactory,
} from "./abstract-model.ts";
export { type Actor, actAs, allTenants, currentActor } from "./actor.ts";
export { ModelColumn } from "./column.ts";
export { type ColumnsByProperty, definitionOf } from "./definition.ts";
export { type Field, type FieldOptions, field, type ServerDefault, type StandardSchema } from "./field.ts";
export {
  type AuditFields,
  audited,
  type SoftDeleteFields,
  softDelete,
  type TenantFields,
  tenantOwned,
  tenantOwnedBy,
  type VersionFields,
  versioned,
} from "./field-groups.ts";
export type { FieldRole } from "./field-role.ts";
export type { InstanceLink, RelationValue } from "./instance.ts";
export { fromRow, ModelInstance, type RowFiller } from "./instance-base.ts";
export { isLazyColumn, lazyColumn } from "./lazy-relation.ts";
export type {
  AnyModel,
  Discriminator,
  FieldMetadata,
  ForeignKeyMetadata,
  LinkMetadata,
  ModelMetadata,
  RelationMetadata,
} from "./metadata.ts";
export {
  AbstractModel,
  createRegistry,
  Model,
  type ModelFactory,
  modelFactory,
  type RegistryModels,
} from "./model.ts";
export type { ModelClass, ModelObject } from "./model-class.ts";
export { forgetModuleOwners, knowModule, type ModuleOwner, moduleNamed, moduleOf } from "./module-owner.ts";
export {
  DatabaseObject,
  isDatabaseObject,
  knownObjects,
  type SchemaParts,
  withParts,
} from "./objects/database-object.ts";
export { type Range, type RangeValues, range } from "./range.ts";
export { defaultRegistry, Registry } from "./registry.ts";
export { many, one, type Relation, type RelationOptions } from "./relation.ts";
export { setLoaded, setUnloaded } from "./relation-property.ts";
export { makeColumns, metadataOf, type ResolvedModel } from "./resolve.ts";
export { guardedTables, hasRoles, type Roles, rolesOfTable } from "./roles.ts";
export { isReadAsIs, isStoredAsIs } from "./stored.ts";
export { SubModel, type SubModelClass } from "./sub-model.ts";
export {
  check,
  comment,
  conv,
  exclude,
  foreignKey,
  type GivenName,
  type IndexOptions,
  index,
  noPrimaryKey,
  primaryKey,
  type TableItem,
  tableOptions,
  unique,
  uniqueIndex,
} from "./table-items.ts";
export { type DeclaredRename, type ModelSchema, type ToSchemaOptions, toSchema } from "./to-schema.ts";
export type { Columns, Input, InstanceOf, Lazy, Row } from "./types.ts";
export { conversionOf, defineType, type TypeDefinition } from "./user-type.ts";
export { ValidationError, type ValidationIssue } from "./validation.ts";
