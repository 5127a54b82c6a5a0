export {
  type EnvironmentVariables,
  type LoadedConfig,
  type LoadOptions,
  loadConfig,
  type Origin,
} from "./load.ts";
export {
  allKeys,
  type ConfigValues,
  configSchema,
  type SectionName,
  secretKeys,
  sectionOf,
} from "./schema.ts";
