import { join } from "node:path";
import type { Logger } from "../log/index.ts";
import { type CacheInfo, DiscoveryCache } from "./cache.ts";
import { type Discovered, type DiscoverOptions, discover } from "./discover.ts";

/** The keys of a configuration that discovery reads; `Config` of `athanor/config` is one. */
export interface DiscoveryConfig {
  readonly root: string;
  readonly values: {
    readonly discovery: {
      readonly AUTO_DISCOVER_MODELS: boolean;
      readonly MODEL_DISCOVERY_PATHS: readonly string[];
      readonly EXCLUDE_PATHS: readonly string[];
      readonly DISCOVERY_TIMEOUT: number;
      readonly DISCOVERY_CACHE: boolean;
      readonly DISCOVERY_CACHE_DIR: string;
    };
  };
  /** How constraints are named that have no name of their own. */
  readonly naming?: NonNullable<DiscoverOptions["naming"]> | undefined;
  /** Where each key was written, for errors. */
  readonly places?: ReadonlyMap<string, { readonly origin: string; readonly line: number | null }>;
}

/** How a discoverer works. */
export interface ModelDiscovererOptions {
  /** Which project; read anew at each `discover`, so that what was set meanwhile counts. */
  readonly config: DiscoveryConfig;
  /** Told what happens. Default nobody. */
  readonly logger?: Logger;
  /** Whether files that did not change are left alone. Default as DISCOVERY_CACHE says. */
  readonly useCache?: boolean;
  /** Logs each file too, whatever the logger's level. Default false. */
  readonly debug?: boolean;
  readonly onImport?: NonNullable<DiscoverOptions["onImport"]>;
}

/** Finds the models of a configured project. */
export class ModelDiscoverer {
  readonly #options: ModelDiscovererOptions;

  constructor(options: ModelDiscovererOptions) {
    this.#options = options;
  }

  /** The models, as data: `schema.tables`, and `models` with the file of each. Rejects with `DISCOVERY.…`. */
  async discover(): Promise<Discovered> {
    const { config, useCache, debug, onImport } = this.#options;
    const logger = this.#options.logger?.child("discovery");
    const level = logger?.level;
    if (logger !== undefined && debug === true) logger.level = "DEBUG";
    const { DISCOVERY_CACHE_DIR } = config.values.discovery;
    try {
      return await discover({
        ...discoverOptions(config),
        ...(useCache === undefined ? {} : { cache: useCache ? DISCOVERY_CACHE_DIR : null }),
        ...(logger === undefined ? {} : { logger }),
        ...(onImport === undefined ? {} : { onImport }),
      });
    } finally {
      if (logger !== undefined && level !== undefined) logger.level = level;
    }
  }

  /** Forgets what was kept; answers whether there was anything. */
  clearCache(): boolean {
    return this.#cache().clear();
  }

  /** What is kept. */
  cacheInfo(): CacheInfo {
    return this.#cache().info();
  }

  #cache(): DiscoveryCache {
    const { root, values } = this.#options.config;
    return new DiscoveryCache(join(root, values.discovery.DISCOVERY_CACHE_DIR));
  }
}

/** What a configuration says of discovery. */
export function discoverOptions({ root, values, naming, places }: DiscoveryConfig): DiscoverOptions {
  const { discovery } = values;
  const place = places?.get("MODEL_DISCOVERY_PATHS");
  const from = place === undefined || place.line === null ? place?.origin : `${place.origin}:${place.line}`;
  return {
    root,
    paths: discovery.MODEL_DISCOVERY_PATHS,
    exclude: discovery.EXCLUDE_PATHS,
    auto: discovery.AUTO_DISCOVER_MODELS,
    ...(naming === undefined ? {} : { naming }),
    timeout: discovery.DISCOVERY_TIMEOUT,
    cache: discovery.DISCOVERY_CACHE ? discovery.DISCOVERY_CACHE_DIR : null,
    ...(from === undefined || from === "default" ? {} : { pathsFrom: from }),
  };
}
