import type { TableRef } from "../schema/index.ts";

/** The module that models belong to (`createModuleBase`). */
export interface ModuleOwner {
  readonly name: string;
  /** The modules that it may refer to; null where nobody said. */
  readonly dependsOn: readonly string[] | null;
  /** The name it had before, if it was renamed. */
  readonly renamedFrom: string | null;
  /** Where a table of that name is, in the module's own words. */
  refOf(table: string): TableRef;
}

const modules = new Map<string, ModuleOwner>();

/** Makes a module known, so that foreign keys can name its tables as `module.table.column`. */
export function knowModule(owner: ModuleOwner): void {
  modules.set(owner.name, owner);
}

/** The module of that name, once its base was made. */
export function moduleNamed(name: string): ModuleOwner | undefined {
  return modules.get(name);
}

/** Forgets every module: for tests that make them as they go. */
export function forgetModuleOwners(): void {
  modules.clear();
}

/** The module that a table belongs to; undefined for one of the host's. */
export function moduleOf(ref: TableRef): ModuleOwner | undefined {
  if (ref.schema !== null) return modules.get(ref.schema);
  let owner: ModuleOwner | undefined;
  for (const each of modules.values()) {
    const isPrefix = each.refOf("x").schema === null && ref.name.startsWith(`${each.name}_`);
    if (isPrefix && (owner === undefined || each.name.length > owner.name.length)) owner = each;
  }
  return owner;
}
