export { type CacheInfo, DiscoveryCache } from "./cache.ts";
export { checkModules } from "./check-modules.ts";
export { type Discovered, type DiscoverOptions, discover } from "./discover.ts";
export {
  type DiscoveryConfig,
  discoverOptions,
  ModelDiscoverer,
  type ModelDiscovererOptions,
} from "./discoverer.ts";
export { type FindModulesOptions, type FoundModule, findModules } from "./find-modules.ts";
export { demandImported } from "./unimported.ts";
