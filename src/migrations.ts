export type * from "./migrate/index.ts";
export { openEnvironment } from "./migrate/index.ts";
export {
  type HeadWrite,
  type Plan as RevisionPlan,
  type Position,
  type RelationOptions,
  RevisionGraph,
  type RevisionInput,
  type StampPlan,
  type StampStep,
  type Step as RevisionStep,
} from "./revision/index.ts";
export { type TypeConstructors, t } from "./schema/types.ts";
export {
  type Migration,
  type MigrationDefinition,
  type MigrationFile,
  type MigrationOperations,
  type MigrationTemplate,
  migration,
  type TableParts,
} from "./script/index.ts";
