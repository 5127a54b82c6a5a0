/**
 * Athanor: tables written once as classes of Zod fields. What an application needs at run time; migrations have
 * an entry of their own (`athanor/migrations`), which nothing here loads.
 */
import { type AnyModel, defaultRegistry } from "./model/index.ts";
import type { Engine } from "./session/engine.ts";

export { AthanorError, type ErrorCode, type ErrorFields, isAthanorError } from "./errors/index.ts";
export {
  type AnyModel,
  type Columns,
  check,
  comment,
  createRegistry,
  type DeclaredRename,
  defaultRegistry,
  definitionOf,
  exclude,
  type Field,
  type FieldOptions,
  field,
  foreignKey,
  type IndexOptions,
  type Input,
  index,
  type Lazy,
  Model,
  type ModelClass,
  ModelColumn,
  type ModelMetadata,
  type ModelSchema,
  many,
  metadataOf,
  one,
  primaryKey,
  type Registry,
  type Relation,
  type RelationOptions,
  type Row,
  type ServerDefault,
  type StandardSchema,
  type TableItem,
  tableOptions,
  toSchema,
  unique,
  uniqueIndex,
  ValidationError,
  type ValidationIssue,
} from "./model/index.ts";
export {
  alias,
  avg,
  type Changes,
  caseWhen,
  cast,
  count,
  Delete,
  deleteFrom,
  exists,
  func,
  Insert,
  insert,
  type Loaded,
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
export { createEngine, type Engine, type EngineOptions } from "./session/engine.ts";
export type { SessionOptions } from "./session/options.ts";
export { Rows, type Written } from "./session/rows.ts";
export { Session, sessionMaker } from "./session/session.ts";
export { SessionTransaction } from "./session/session-transaction.ts";
export { and, Condition, not, Operand, OrderKey, or, SqlFragment, sql } from "./sql/index.ts";

/**
 * Creates the tables of `models` (default: every model of the default registry) that the database has not. Tables
 * that are there are never altered: that is what migrations are for. Without a list, in a configured project,
 * rejects with `DISCOVERY.NOT_IMPORTED` where the project has models that the program did not import.
 */
export async function createAll(engine: Engine, models?: readonly AnyModel[]): Promise<void> {
  const create = await import("./create/index.ts"); // an application that only queries never loads it
  if (models === undefined) await demandEveryModel();
  await create.createAll(engine, models);
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

/** In a project without a configuration nobody can say what is missing. */
async function demandEveryModel(): Promise<void> {
  const [{ loadConfig }, { demandImported }] = await Promise.all([
    import("./config/index.ts"),
    import("./discover/index.ts"),
  ]);
  const { file, root, values } = await loadConfig();
  if (file === null || !values.discovery.AUTO_DISCOVER_MODELS) return;
  const { MODEL_DISCOVERY_PATHS: paths, EXCLUDE_PATHS: exclude } = values.discovery;
  const tables = new Set(defaultRegistry.definitions.map((definition) => definition.table.name));
  demandImported({ root, paths, exclude }, tables);
}
