import type { Schema, TableRef } from "../schema/index.ts";
import type { Context } from "./context.ts";
import { Owners } from "./module-branch.ts";

/** What of models and database is compared, where modules are not all there. */
export interface Scope {
  /** Without what belongs to modules that nothing is to be done about. */
  within(schema: Schema): Schema;
  /** Of schemas that models name. */
  namespaces(names: readonly string[]): readonly string[];
}

/**
 * Modules that are disabled or uninstalled in the database stay as they are there, and so do the tables of a module that
 * the database has and the project has no longer: they are told by `module list` and `doctor`, and dropped by
 * `module uninstall`.
 */
export function scopeOf({ placement, states, options }: Context): Scope {
  const modules = options.modules ?? [];
  const known = new Set(modules.flatMap(({ name, renamedFrom }) => [name, renamedFrom]));
  const aside = new Set(
    states.flatMap(({ name, state }) => (state !== "installed" || !known.has(name) ? [name] : [])),
  );
  if (aside.size === 0) return { within: (schema) => schema, namespaces: (names) => names };
  const owners = new Owners(modules);
  const isAside = (ref: TableRef): boolean => {
    const logical = placement.logical(ref);
    const owner = owners.ofTable(logical) ?? logical.schema;
    return owner !== null && aside.has(owner);
  };
  const namespaces = (names: readonly string[]): readonly string[] =>
    names.filter((name) => !aside.has(name));
  return {
    within: (schema) => ({
      ...schema,
      namespaces: namespaces(schema.namespaces),
      tables: schema.tables.filter((table) => !isAside(table)),
      enums: schema.enums.filter((type) => type.schema === null || !aside.has(type.schema)),
      objects: schema.objects.filter((object) => !isAside(object.table ?? object)),
    }),
    namespaces,
  };
}
