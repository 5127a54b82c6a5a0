import { existsSync } from "node:fs";
import { join, relative } from "node:path";

import type { FoundModule } from "../discover/find-modules.ts";
import type { ModuleBranch } from "../migrate/index.ts";
import type { LoadedConfig } from "./load.ts";

/** The modules of a project, each after those it depends on. */
export async function findProjectModules({ root, values }: LoadedConfig): Promise<readonly FoundModule[]> {
  const { MODULE_PATHS: paths, MODULES_ENABLED: enabled } = values.discovery;
  const { findModules } = await import("../discover/find-modules.ts");
  return findModules({ root, paths, enabled });
}

/** Modules as migrations see them. */
export function branchesOf(modules: readonly FoundModule[]): readonly ModuleBranch[] {
  return modules.map(({ name, version, dependsOn, migrations, naming, renamedFrom, hooks }) => ({
    name,
    version,
    dependsOn: Object.keys(dependsOn),
    folder: migrations,
    prefix: naming === "prefix",
    renamedFrom,
    hooks,
  }));
}

/** The configuration with the models of modules among what is looked through. */
export function withModuleModels(config: LoadedConfig, modules: readonly FoundModule[]): LoadedConfig {
  const files = modules.flatMap(({ models }) => models.map((path) => relative(config.root, path)));
  if (files.length === 0) return config;
  const { discovery } = config.values;
  const said = discovery.MODEL_DISCOVERY_PATHS;
  const usual = ["models", "src", "app"].filter((path) => existsSync(join(config.root, path)));
  const paths = [...(said.length > 0 ? said : usual), ...files];
  return {
    ...config,
    values: { ...config.values, discovery: { ...discovery, MODEL_DISCOVERY_PATHS: paths } },
  };
}
