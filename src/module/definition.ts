import { AthanorError } from "../errors/index.ts";
import { moduleNameProblem } from "./name.ts";
import { inRange } from "./version.ts";

/** What hooks of a module do, as `athanor/migrations` calls them. */
// biome-ignore lint/suspicious/noExplicitAny: the connection is the migrations' own, whose types no model loads
type Hook = (db: any, from?: any) => Promise<void> | void;

/** A module as its `module.ts` says it. */
export interface ModuleMeta {
  /** The name that its base has, capitals aside. */
  readonly name: string;
  readonly version?: string;
  /** The modules it refers to: names, or names with ranges of versions. */
  readonly dependsOn?: readonly string[] | Readonly<Record<string, string>>;
  /** Its model files, from the folder of this one. Default the first of `models`, `models.ts` and its like. */
  readonly models?: string | readonly string[];
  /** The folder of its migrations, from the folder of this one. Default `migrations`. */
  readonly migrations?: string;
  /** Its tables' names: see `createModuleBase`. */
  readonly naming?: "schema" | "prefix";
  /** The name it had before. */
  readonly renamedFrom?: string;
  /** What it does beyond its migrations: `install` once its tables are there, `upgrade`, `uninstall` before they go. */
  readonly hooks?: { readonly install?: Hook; readonly upgrade?: Hook; readonly uninstall?: Hook };
}

/** A module's definition, read. */
export interface ModuleDefinition extends Omit<ModuleMeta, "dependsOn" | "version"> {
  readonly "~module": true;
  readonly version: string | null;
  /** Ranges by name; `*` where none was given. */
  readonly dependsOn: Readonly<Record<string, string>>;
}

/**
 * Says what a module is: the default export of its `module.ts`. Throws `MODULE.NAME` and `MODULE.DEFINITION`.
 */
export function defineModule(meta: ModuleMeta): ModuleDefinition {
  const refuse = (problem: string): never => {
    throw new AthanorError("MODULE.DEFINITION", {
      file: `The definition of "${String(meta?.name)}"`,
      problem,
    });
  };
  if (typeof meta?.name !== "string") return refuse("it has no name");
  const name = plainName(meta.name);
  const { version = null, dependsOn = [] } = meta;
  if (version !== null && inRange(version, "*") === null) refuse(`"${version}" is no version`);
  const entries = Array.isArray(dependsOn)
    ? dependsOn.map((other: string) => [other, "*"] as const)
    : Object.entries(dependsOn as Readonly<Record<string, string>>);
  for (const [other, range] of entries)
    if (inRange("0.0.0", range) === null) refuse(`"${range}" is no range of versions (of ${other})`);
  const named = entries.map(([other, range]) => [plainName(other), range] as const);
  return { ...meta, "~module": true, name, version, dependsOn: Object.fromEntries(named) };
}

/** `Orders` is the module `orders`. */
function plainName(name: string): string {
  const plain = name.toLowerCase();
  const problem = moduleNameProblem(plain);
  if (problem !== null) throw new AthanorError("MODULE.NAME", { name, problem });
  return plain;
}

/** Whether something comes from `defineModule`, of whichever copy of Athanor. */
export function isModuleDefinition(value: unknown): value is ModuleDefinition {
  return typeof value === "object" && value !== null && "~module" in value && value["~module"] === true;
}
