import type { LoadedConfig } from "./load.ts";
import type { ConfigValues } from "./schema.ts";

/** What a pool of connections is told; the names are those of `createEngine`. */
export interface EngineSettings {
  readonly poolSize: number;
  readonly maxOverflow: number;
  /** In milliseconds, as is `poolRecycle`. */
  readonly poolTimeout: number;
  readonly poolRecycle: number;
  readonly moduleNaming: ConfigValues["discovery"]["MODULE_NAMING"];
  readonly echo: boolean;
  /** Only where the project has one. */
  readonly namingConvention?: NonNullable<LoadedConfig["naming"]>;
}

/** The keys of pools as engines and environments take them. */
export function poolSettings({
  database,
}: Pick<ConfigValues, "database">): Omit<EngineSettings, "echo" | "moduleNaming" | "namingConvention"> {
  return {
    poolSize: database.DATABASE_POOL_SIZE,
    maxOverflow: database.DATABASE_MAX_OVERFLOW,
    poolTimeout: database.DATABASE_POOL_TIMEOUT * 1000,
    poolRecycle: database.DATABASE_POOL_RECYCLE * 1000,
  };
}
