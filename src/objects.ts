/**
 * What a database has beside tables: views, functions, triggers, policies, types, partitions. Each is exported from a
 * model file like a model, and found like one.
 */
export { DatabaseObject, type ObjectName, type TableTarget } from "./model/objects/database-object.ts";
export {
  collation,
  type ForeignOptions,
  foreignDataWrapper,
  foreignServer,
  foreignTable,
} from "./model/objects/foreign.ts";
export {
  defaultGrant,
  type GrantedThing,
  grant,
  type PrivilegeName,
  type Privileges,
} from "./model/objects/grants.ts";
export {
  event,
  eventTrigger,
  type MaterializedViewOptions,
  materializedView,
  type ObjectOptions,
  object,
  type PolicyOptions,
  policy,
  type RoutineOptions,
  routine,
  rule,
  type SqlByDialect,
  type StatisticsOptions,
  statistics,
  type TriggerOptions,
  trigger,
  type ViewOptions,
  view,
  virtualTable,
} from "./model/objects/makers.ts";
export { type PartitionOptions, partitionOf } from "./model/objects/partition.ts";
export {
  type PublicationOptions,
  type PublishedPart,
  type PublishedTable,
  publication,
} from "./model/objects/publications.ts";
export {
  composite,
  domain,
  enumType,
  extension,
  namespace,
  range,
  type SequenceOptions,
  sequence,
} from "./model/objects/types.ts";
