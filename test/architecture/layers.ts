/**
 * The layers of `src` as data: a folder imports only what stands in its row, type imports and lazy ones counted.
 * `util` and `errors` are allowed everywhere and stand in no row. To change a row is to change the architecture:
 * say why in the commit.
 */

/** One folder of `src`. */
export interface Layer {
  /** The folders it may import. A layer always may import itself; `dialect/*` are folders of their own. */
  readonly may: readonly string[];
  /** Folders it may load by `import()` and in no other way. */
  readonly lazily?: readonly string[];
  /** npm packages it may import. */
  readonly packages?: readonly string[];
  /** Drivers that users bring: their types may be imported, they themselves only by `import()`. */
  readonly lazyPackages?: readonly string[];
  /** A pure layer sees no files, clock, processes or sockets: of Node's modules only `pureModules`. */
  readonly pure?: true;
}

const ground = ["schema", "sql", "revision", "signal", "log"];
const contracts = ["operation", "model", "dialect", "query", "module"];
const designTools = ["inspect", "diff", "plan", "script", "fold", "lint", "pull"];
const belowMigrate = [...ground, ...contracts, ...designTools, "discover", "picture"];
const workshop = ["script", "operation", "plan", "inspect", "model", "schema", "dialect"];

/** The table, lowest rank first. */
export const layers: Readonly<Record<string, Layer>> = {
  util: { may: [] },
  errors: { may: [], pure: true },

  schema: { may: [], pure: true },
  sql: { may: ["schema"], pure: true }, // a parameter is encoded by the type of its column
  revision: { may: [], pure: true },
  signal: { may: [] },
  log: { may: [] },

  operation: { may: ["schema"], pure: true },
  model: { may: ["schema", "sql"], packages: ["zod"] },

  dialect: { may: ["schema", "operation", "sql"], lazily: ["dialect/*"] },
  query: { may: ["model", "sql", "schema"], packages: ["zod"] },
  module: { may: ["model", "schema"], packages: ["zod"] },

  "dialect/*": {
    may: ["dialect", "schema", "operation", "sql"],
    lazyPackages: ["pg", "@electric-sql/pglite", "mysql2", "better-sqlite3"],
  },
  inspect: { may: ["dialect", "schema", "operation", "sql"] },
  diff: { may: ["dialect", "schema", "operation", "sql"], pure: true },
  plan: { may: ["dialect", "schema", "operation", "sql"], pure: true },

  script: { may: ["revision", "operation", "schema"], packages: ["oxc-parser"] },
  fold: { may: workshop },
  lint: { may: workshop },
  pull: { may: workshop, packages: ["inflection"] },
  session: { may: ["query", "model", "schema", "dialect", "sql"], packages: ["zod"] },
  kysely: { may: ["session", "model", "dialect", "sql"], packages: ["kysely", "zod"] },
  discover: {
    may: ["model", "module", "schema", "log"],
    packages: ["oxc-parser", "oxc-resolver", "esbuild"],
  },
  picture: { may: ["schema", "revision"] },

  migrate: { may: belowMigrate },
  create: { may: [...belowMigrate, "migrate"] }, // a plan is run in one place

  config: {
    may: ["migrate", "module", "discover", "dialect", "signal", "log"], // it opens the log that it configures
    packages: ["smol-toml", "yaml", "zod"],
  },
  doctor: { may: ["migrate", "module", "discover", "dialect", "schema"] },

  cli: {
    may: [...belowMigrate, "session", "migrate", "create", "config", "doctor"],
    packages: ["commander"],
  },
  testing: { may: [...belowMigrate, "session", "migrate", "create", "config", "doctor", "dialect/*"] },
};

/** Allowed in every row. */
export const everywhere: readonly string[] = ["util", "errors"];

/** What a pure layer may have of Node. */
export const pureModules: readonly string[] = ["node:assert", "node:crypto", "node:util"];

/** Folders that no running application loads. */
export const designPlane: readonly string[] = [...designTools, "migrate", "create", "doctor"];

/** Folders that no migration file and no command that only plans loads. */
export const runPlane: readonly string[] = ["query", "session"];

/**
 * The doors of the package: the files at the root of `src`, and what each must never load, however far away.
 * They may import any folder but `cli`; what is loaded by `import()` on first use does not count.
 */
export const entries: Readonly<Record<string, { readonly never: readonly string[] }>> = {
  "index.ts": { never: designPlane },
  "kysely.ts": { never: designPlane },
  "modules.ts": { never: designPlane },
  "objects.ts": { never: [...designPlane, "session"] },
  "signals.ts": { never: [...designPlane, ...runPlane] },
  "log.ts": { never: [...designPlane, ...runPlane] },
  "migrations.ts": { never: runPlane },
  "discovery.ts": { never: runPlane },
  "config.ts": { never: runPlane },
  "cli.ts": { never: [] },
  "testing.ts": { never: [] },
};

/** Where a database may be called by its name. */
export const mayNameDatabases: readonly string[] = [
  "dialect/*",
  "module", // a provider is given by its name
  "kysely", // which grammar of Kysely's is a dialect's
  "cli",
  "config",
  "testing",
  "errors",
];

/** Where `console` and the end of the process belong. */
export const mayTouchProcess: readonly string[] = ["cli"];
