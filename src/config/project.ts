import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Dialect } from "../dialect/index.ts";
import type { FoundModule } from "../discover/find-modules.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import type { Environment, EnvironmentOptions } from "../migrate/index.ts";
import { nearest } from "../util/nearest.ts";
import { type LoadedConfig, type LoadOptions, loadConfig } from "./load.ts";
import { poolSettings } from "./pool-settings.ts";
import { branchesOf, findProjectModules, withModuleModels } from "./project-modules.ts";

/** How a project is opened: which configuration counts, and what a program has of its own. */
export interface OpenProjectOptions
  extends LoadOptions,
    Pick<EnvironmentOptions, "source" | "models" | "onEvent" | "connect" | "hooks"> {}

/**
 * A project's history and database as its configuration says them, for programs: an application that migrates at its
 * start, a test that migrates a database in memory. Prints nothing and never ends the process; close it. With `source`
 * it works on connections that the program has already. Models are found as the commands find them, and only for what
 * compares them. Throws `CONFIG.…` and `DATABASE.UNKNOWN_SCHEME`.
 *
 *     await using project = await openProject();
 *     await project.upgrade();
 */
export async function openProject(options: OpenProjectOptions = {}): Promise<Environment> {
  const { source, models, onEvent, connect, hooks, ...load } = options;
  const config = await loadConfig(load);
  const environment = await projectOptions(config);
  const modules = await findProjectModules(config);
  const { openEnvironment } = await import("../migrate/index.ts");
  return openEnvironment({
    ...environment,
    models: models ?? (() => discoverModels(config, modules)),
    modules: branchesOf(modules),
    moduleNaming: config.values.discovery.MODULE_NAMING,
    connect: { ...environment.connect, ...connect },
    hooks: { ...environment.hooks, ...hooks },
    ...(source === undefined ? {} : { source }),
    ...(onEvent === undefined ? {} : { onEvent }),
  });
}

async function discoverModels(
  config: LoadedConfig,
  modules: readonly FoundModule[],
): ReturnType<NonNullable<EnvironmentOptions["models"]>> {
  const { checkModules, ModelDiscoverer } = await import("../discover/index.ts");
  const discovered = await new ModelDiscoverer({ config: withModuleModels(config, modules) }).discover();
  checkModules(discovered, modules);
  return discovered;
}

/** What a configuration says of migrations, as `openEnvironment` takes it; the models are still to be given. */
export async function projectOptions(config: LoadedConfig): Promise<EnvironmentOptions> {
  const { migration } = config.values;
  const folder = join(config.root, migration.MIGRATION_DIR);
  const schema = migration.MIGRATION_VERSION_TABLE_SCHEMA || null;
  const inSchema = (name: string): NonNullable<EnvironmentOptions["versionTable"]> => ({ schema, name });
  return {
    root: config.root,
    dialect: await dialectOf(config),
    url: config.databaseUrl,
    versionLocations: versionLocations(folder, migration.MIGRATION_VERSIONS_PATH),
    shadowUrl: migration.MIGRATION_SHADOW_URL ?? null,
    versionTable: inSchema(migration.MIGRATION_VERSION_TABLE),
    logTable: inSchema(migration.MIGRATION_LOG_TABLE),
    template: templateOf(folder),
    fileTemplate: migration.MIGRATION_FILE_TEMPLATE,
    slugLength: migration.MIGRATION_SLUG_LENGTH,
    timeZone: migration.MIGRATION_TIMEZONE,
    run: {
      waitTimeout: migration.MIGRATION_WAIT_TIMEOUT * 1000,
      lockTimeout: migration.MIGRATION_LOCK_TIMEOUT * 1000,
      lockRetries: migration.MIGRATION_LOCK_RETRIES,
      statementTimeout: migration.MIGRATION_STATEMENT_TIMEOUT * 1000,
      transaction: migration.MIGRATION_TRANSACTION,
    },
    hooks: config.hooks,
    compareType: migration.MIGRATION_COMPARE_TYPE,
    compareServerDefault: migration.MIGRATION_COMPARE_SERVER_DEFAULT,
    connect: { ...poolSettings(config.values) },
  };
}

/** An engine that nobody knows is named by its key, where it was not said by a URL. */
async function dialectOf({ databaseUrl, values, places }: LoadedConfig): Promise<Dialect> {
  const { dialectFor } = await import("../dialect/registry.ts");
  try {
    return await dialectFor(databaseUrl);
  } catch (error) {
    const { DATABASE_URL = "", DB_ENGINE } = values.database;
    const place = places.get("DB_ENGINE");
    if (!isAthanorError(error, "DATABASE.UNKNOWN_SCHEME") || DATABASE_URL !== "" || place === undefined)
      throw error;
    const { known } = error.fields;
    const near = nearest(DB_ENGINE, known);
    const problem = `there is no such database; ${near === null ? `known are ${known.join(", ")}` : `did you mean ${near}?`}`;
    const { origin: source, file, line } = place;
    const fields = { source, file, line, key: "DB_ENGINE", value: JSON.stringify(DB_ENGINE), problem };
    throw new AthanorError("CONFIG.BAD_VALUE", fields, { cause: error });
  }
}

/** The folders of the files; where none is named, the folder of the migrations itself. */
function versionLocations(folder: string, paths: readonly string[]): readonly string[] {
  return (paths.length === 0 ? ["."] : paths).map((path) => resolve(folder, path));
}

function templateOf(folder: string): string | null {
  const path = join(folder, "template.ts");
  return existsSync(path) ? path : null;
}
