export type * from "./migrate/index.ts";
export { openEnvironment } from "./migrate/index.ts";
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
