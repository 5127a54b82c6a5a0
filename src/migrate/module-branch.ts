import type { Operation } from "../operation/index.ts";
import type { TableRef } from "../schema/index.ts";

/** A module as the migrations see it: a branch of the history, labelled by its name, and a namespace. */
export interface ModuleBranch {
  readonly name: string;
  readonly version: string | null;
  /** The modules it refers to, by name. */
  readonly dependsOn: readonly string[];
  /** Where new files of it go, absolute. */
  readonly folder: string;
  /** Its tables are named by a prefix on every database. Default false: they are in a schema of its name. */
  readonly prefix?: boolean;
  /** Its name before. */
  readonly renamedFrom?: string | null;
  readonly hooks?: ModuleHooks;
}

/** A connection as hooks of a module get it: in a transaction that is committed when the hook is done. */
export interface ModuleConnection {
  /** Runs a statement; answers how many rows it changed. */
  execute(sql: string, params?: readonly (null | string | number | bigint | boolean)[]): Promise<number>;
  /** Runs a query; answers its rows. */
  query<R = Record<string, unknown>>(
    sql: string,
    params?: readonly (null | string | number | bigint | boolean)[],
  ): Promise<R[]>;
  /** A table of the module, quoted, where this database has it. */
  table(name: string): string;
}

/** What a module does beyond its migrations. */
export interface ModuleHooks {
  /** After its tables were made for the first time. */
  readonly install?: (db: ModuleConnection) => Promise<void> | void;
  /** After a newer version's migrations were applied. `from` is the version that was installed. */
  readonly upgrade?: (db: ModuleConnection, from: string | null) => Promise<void> | void;
  /** Before its tables go. */
  readonly uninstall?: (db: ModuleConnection) => Promise<void> | void;
}

/** Which module owns a table, an operation, a schema; null is the host. */
export class Owners {
  /** The modules, each after those it depends on. */
  readonly names: readonly string[];
  readonly #byName: ReadonlyMap<string, ModuleBranch>;
  readonly #prefixes: readonly ModuleBranch[];

  constructor(modules: readonly ModuleBranch[]) {
    this.names = modules.map(({ name }) => name);
    const before = modules.flatMap((module) =>
      module.renamedFrom == null ? [] : [[module.renamedFrom, module] as const],
    );
    this.#byName = new Map([...before, ...modules.map((module) => [module.name, module] as const)]);
    this.#prefixes = modules
      .filter(({ prefix }) => prefix === true)
      .toSorted((a, b) => b.name.length - a.name.length);
  }

  ofTable(ref: TableRef): string | null {
    if (ref.schema !== null) return this.ofNamespace(ref.schema);
    return this.#prefixes.find((module) => ref.name.startsWith(`${module.name}_`))?.name ?? null;
  }

  ofNamespace(name: string): string | null {
    return this.#byName.get(name)?.name ?? null;
  }

  /** The owner of what an operation in logical words changes. */
  ofOperation(operation: Operation): string | null {
    switch (operation.kind) {
      case "createTable":
        return this.ofTable(operation.table);
      case "dropTable":
        return this.ofTable(operation.name);
      case "renameTable":
        return this.ofTable(operation.to);
      case "createNamespace":
      case "dropNamespace":
        return this.ofNamespace(operation.name);
      case "createObject":
        return this.ofTable(operation.object.table ?? operation.object);
      case "dropObject":
        return this.ofTable(operation.ref.table ?? operation.ref);
      case "replaceObject":
        return this.ofTable(operation.to.table ?? operation.to);
      case "execute":
      case "run":
      case "onDialect":
        return null;
      default:
        return "table" in operation ? this.ofTable(operation.table) : null;
    }
  }
}
