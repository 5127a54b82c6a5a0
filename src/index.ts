/**
 * Athanor: tables written once as classes of Zod fields. What an application needs at run time; migrations have
 * an entry of their own (`athanor/migrations`), which nothing here loads.
 */
import { type AnyModel, defaultRegistry } from "./model/index.ts";
import { moduleBases } from "./module/index.ts";
import type { NamingConvention } from "./schema/index.ts";
import type { Engine } from "./session/engine.ts";

export { AthanorError, type ErrorCode, type ErrorFields, isAthanorError } from "./errors/index.ts";
export {
  AbstractModel,
  type AbstractModelClass,
  type Actor,
  type AnyModel,
  actAs,
  allTenants,
  audited,
  type Columns,
  check,
  comment,
  conv,
  createRegistry,
  type DeclaredRename,
  defaultRegistry,
  defineType,
  definitionOf,
  exclude,
  type Field,
  type FieldOptions,
  field,
  foreignKey,
  type IndexOptions,
  type Input,
  index,
  isDatabaseObject,
  type Lazy,
  Model,
  type ModelClass,
  ModelColumn,
  type ModelMetadata,
  type ModelObject,
  type ModelSchema,
  many,
  metadataOf,
  noPrimaryKey,
  one,
  primaryKey,
  type Range,
  type RangeValues,
  type Registry,
  type Relation,
  type RelationOptions,
  type Row,
  range,
  type ServerDefault,
  type StandardSchema,
  SubModel,
  type SubModelClass,
  softDelete,
  type TableItem,
  type TypeDefinition,
  tableOptions,
  tenantOwned,
  tenantOwnedBy,
  toSchema,
  unique,
  uniqueIndex,
  ValidationError,
  type ValidationIssue,
  versioned,
} from "./model/index.ts";
export {
  alias,
  avg,
  type Changes,
  CommonTable,
  caseWhen,
  cast,
  coalesce,
  count,
  cte,
  Delete,
  deleteFrom,
  type Excluded,
  exists,
  func,
  Insert,
  insert,
  type Loaded,
  type LoadedOnly,
  type LockOptions,
  max,
  min,
  type RelationPath,
  Select,
  scalar,
  select,
  sum,
  Update,
  update,
} from "./query/index.ts";
export { type ColumnType, type NamingConvention, t } from "./schema/index.ts";
export { createEngine, type Engine, type EngineOptions, type StatementEvent } from "./session/engine.ts";
export type {
  FlushEvent,
  Listener,
  ListenerSession,
  ObjectEvent,
  ObjectEventName,
  PropertyChange,
  SessionEventName,
  SessionEvents,
  SessionListeners,
  TransactionEvent,
} from "./session/events.ts";
export type { GetOptions } from "./session/load-by-key.ts";
export type { SessionOptions } from "./session/options.ts";
export type { RetryOptions } from "./session/retry.ts";
export { Rows, type Written } from "./session/rows.ts";
export { ScopedSession, scopedSession } from "./session/scoped.ts";
export { type RunOptions, Session } from "./session/session.ts";
export { type SessionMaker, sessionMaker } from "./session/session-maker.ts";
export { SessionTransaction } from "./session/session-transaction.ts";
export { and, Condition, not, Operand, OrderKey, or, SqlFragment, sql } from "./sql/index.ts";

/**
 * Creates the tables of `models` (default: every model of the default registry) that the database has not. Tables
 * that are there are never altered: that is what migrations are for. Without a list, in a configured project,
 * rejects with `DISCOVERY.NOT_IMPORTED` where the project has models that the program did not import.
 */
export async function createAll(engine: Engine, models?: readonly AnyModel[]): Promise<void> {
  const create = await import("./create/index.ts"); // an application that only queries never loads it
  const said = models === undefined ? await demandEveryModel() : undefined;
  const namingConvention = engine.namingConvention ?? said;
  await create.createAll({ open: () => engine.open(), namingConvention }, models);
}

/**
 * Drops the tables of `models` (default: every model of the default registry) that the database has. Rejects as
 * `createAll` does.
 */
export async function dropAll(engine: Engine, models?: readonly AnyModel[]): Promise<void> {
  const create = await import("./create/index.ts");
  if (models === undefined) await demandEveryModel();
  await create.dropAll(engine, models);
}

/**
 * In a project without a configuration nobody can say what is missing. Answers how the project names constraints, where it
 * says so.
 */
async function demandEveryModel(): Promise<NamingConvention | undefined> {
  const [{ loadConfig }, { demandImported }] = await Promise.all([
    import("./config/index.ts"),
    import("./discover/index.ts"),
  ]);
  const { file, root, values, naming } = await loadConfig();
  if (file === null || !values.discovery.AUTO_DISCOVER_MODELS) return naming;
  const { MODEL_DISCOVERY_PATHS: paths, EXCLUDE_PATHS: exclude } = values.discovery;
  const models = [defaultRegistry, ...moduleBases().map((base) => base.registry)];
  const tables = new Set(models.flatMap(({ definitions }) => definitions.map(({ table }) => table.name)));
  demandImported({ root, paths, exclude }, tables);
  return naming;
}
