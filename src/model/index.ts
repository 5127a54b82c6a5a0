export type { InstanceLink, InstanceState, RelationValue } from "./instance.ts";
export type {
  AnyModel,
  FieldMetadata,
  ForeignKeyMetadata,
  LinkMetadata,
  ModelMetadata,
  RelationMetadata,
} from "./metadata.ts";
