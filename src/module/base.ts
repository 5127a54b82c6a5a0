import { AthanorError } from "../errors/index.ts";
import {
  type AbstractModelFactory,
  type AnyModel,
  abstractModelFactory,
  forgetModuleOwners,
  knowModule,
  type ModelFactory,
  type ModuleOwner,
  modelFactory,
  Registry,
} from "../model/index.ts";
import type { TableRef } from "../schema/index.ts";
import { prefixed } from "../schema/place.ts";
import { demandModuleName } from "./name.ts";
import { type DatabaseProvider, placeFor } from "./provider.ts";

/** How a module names its tables: `schema` is one of its own where the database has schemas, else a prefix. */
export type ModuleNaming = "schema" | "prefix";

/** What is said of a module's models. */
export interface ModuleBaseOptions {
  /**
   * The modules that its foreign keys may lead into. Left out, the module's definition (`defineModule`) says it, and
   * nothing is checked before the modules are discovered.
   */
  readonly dependsOn?: readonly string[];
  /** `prefix` keeps the module's tables in the default schema on every database. Default `schema`. */
  readonly naming?: ModuleNaming;
  /** Names as on one database, whatever the URL says: for tests and special cases. Default: as each database has them. */
  readonly provider?: DatabaseProvider;
  /** The module's name before: its tables are renamed, with their rows, by the next migration. */
  readonly renamedFrom?: string;
}

/** What every model of a module is made by. */
export interface ModuleBase {
  readonly name: string;
  readonly dependsOn: readonly string[] | null;
  readonly naming: ModuleNaming;
  /** The module's own set of models; no other module's are in it. */
  readonly registry: Registry;
  /** Every model so far, in the order in which they were defined. */
  readonly models: readonly AnyModel[];
  /** `class Order extends Orders.Model("order", { … }) {}`: a table of the module. */
  readonly Model: ModelFactory;
  readonly AbstractModel: AbstractModelFactory;
  /** Where a database has the module's table of that name: by a provider's name or a URL, or in logical words. */
  place(table: string, provider?: DatabaseProvider | (string & {})): TableRef;
}

const bases = new Map<string, Base>();

class Base implements ModuleBase, ModuleOwner {
  readonly name: string;
  readonly dependsOn: readonly string[] | null;
  readonly naming: ModuleNaming;
  readonly renamedFrom: string | null;
  readonly registry: Registry;
  readonly Model: ModelFactory;
  readonly AbstractModel: AbstractModelFactory;

  constructor(name: string, { dependsOn, naming, provider, renamedFrom }: ModuleBaseOptions) {
    this.name = name;
    this.dependsOn = dependsOn === undefined ? null : Object.freeze([...dependsOn]);
    const fixed = provider === undefined ? "schema" : namingOf(provider);
    this.naming = naming ?? fixed;
    this.renamedFrom = renamedFrom ?? null;
    this.registry = new Registry(name, this);
    const place = (table: string | { readonly schema: string; readonly name: string }): TableRef => {
      const { schema, name: own } = typeof table === "string" ? { schema: name, name: table } : table;
      if (schema !== name || own.startsWith(`${name}_`))
        throw new AthanorError("MODULE.TABLE_NAME", {
          module: name,
          table: `${schema === name ? "" : `${schema}.`}${own}`,
        });
      return this.refOf(own);
    };
    this.Model = modelFactory(this.registry, place);
    this.AbstractModel = abstractModelFactory(this.registry, place);
  }

  get models(): readonly AnyModel[] {
    return this.registry.definitions.map((definition) => definition.model);
  }

  refOf(table: string): TableRef {
    const ref = { schema: this.name, name: table };
    return this.naming === "prefix" ? prefixed(ref) : ref;
  }

  place(table: string, provider?: string): TableRef {
    const ref = this.refOf(table);
    return provider === undefined ? ref : placeFor(provider)(ref);
  }
}

function namingOf(provider: string): ModuleNaming {
  return placeFor(provider)({ schema: "a", name: "b" }).schema === null ? "prefix" : "schema";
}

/**
 * The base of a module's models, made once for each name: whoever asks again gets the same. Its models are in a
 * registry of their own and in a namespace of their own, a schema where the database has schemas and else a prefix;
 * names are resolved when the database is known, so that one definition serves all of them in one process. Throws
 * `MODULE.NAME`, and `MODULE.OPTIONS` where it was made with other options.
 */
export function createModuleBase(name: string, options: ModuleBaseOptions = {}): ModuleBase {
  demandModuleName(name);
  for (const other of options.dependsOn ?? []) {
    demandModuleName(other);
    if (other === name) throw new AthanorError("MODULE.CYCLE", { modules: [name, name] });
  }
  const known = bases.get(name);
  const base = new Base(name, options);
  if (known !== undefined) {
    if (Object.keys(options).length > 0) demandSame(known, base);
    return known;
  }
  bases.set(name, base);
  knowModule(base);
  return base;
}

function demandSame(known: Base, base: Base): void {
  for (const option of ["dependsOn", "naming", "renamedFrom"] as const) {
    if (String(known[option]) === String(base[option])) continue;
    throw new AthanorError("MODULE.OPTIONS", { module: known.name, option });
  }
}

/** The bases that were made so far, in the order of their making. */
export function moduleBases(): readonly ModuleBase[] {
  return [...bases.values()];
}

/** Forgets every base: for tests that make modules as they go. Models that were made stay usable. */
export function forgetModules(): void {
  bases.clear();
  forgetModuleOwners();
}
