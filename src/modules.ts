/**
 * Modules: many owners of tables in one application (docs/modules.md). What the migrations of modules need is in
 * `athanor/migrations`.
 */
import type { FindModulesOptions, FoundModule } from "./discover/find-modules.ts";
import type { ModuleMetadata } from "./discover/module-metadata.ts";

export type { FindModulesOptions, FoundModule } from "./discover/find-modules.ts";
export type { ModuleMetadata } from "./discover/module-metadata.ts";
export { AthanorError, isAthanorError } from "./errors/index.ts";
export * from "./module/index.ts";

/** Which modules are united, and in whose words. */
export interface BuildModuleMetadataOptions {
  /** These modules and no others; default those of the project that is configured in the working directory. */
  readonly modules?: readonly FoundModule[];
  /** The project's root. Default the folder of the configuration. */
  readonly root?: string;
  /** A provider, or a database's URL, whose names are told. Default the configured database's; null logical ones. */
  readonly provider?: string | null;
}

/** The modules of a project, each after those it depends on. Rejects with `MODULE.…` for whatever is wrong with any. */
export async function findModules(options: FindModulesOptions): Promise<readonly FoundModule[]> {
  return (await import("./discover/find-modules.ts")).findModules(options);
}

/**
 * Every table of every module as one: imports the models of each, in the order of their dependencies. Rejects with
 * `MODULE.IMPORT` where one cannot be imported: nothing is known of any before all can.
 */
export async function buildModuleMetadata(options: BuildModuleMetadataOptions = {}): Promise<ModuleMetadata> {
  const { unite } = await import("./discover/module-metadata.ts");
  if (options.modules !== undefined && options.provider !== undefined)
    return unite(options.root ?? process.cwd(), options.modules, options.provider);
  const { loadConfig } = await import("./config/index.ts");
  const { root, values, databaseUrl } = await loadConfig(
    options.root === undefined ? {} : { cwd: options.root },
  );
  const { MODULE_PATHS: paths, MODULES_ENABLED: enabled } = values.discovery;
  const modules = options.modules ?? (await findModules({ root, paths, enabled }));
  return unite(root, modules, options.provider === undefined ? databaseUrl : options.provider);
}
