import { type TableRef, tableKey } from "../schema/index.ts";
import type { FieldRole } from "./field-role.ts";
import type { FieldMetadata, ModelMetadata } from "./metadata.ts";

/** The fields of a table that Sessions look after. */
export type Roles = { readonly [R in FieldRole]?: FieldMetadata };

const tables = new Map<string, { readonly ref: TableRef; readonly model: string; readonly roles: Roles }>();

/** The fields with roles among those of a model; remembers the table, so that every query of it is known. */
export function rolesOf(model: Pick<ModelMetadata, "name" | "table" | "fields">): Roles | null {
  const found = model.fields.filter(({ role }) => role !== null);
  if (found.length === 0) return null;
  const roles = Object.fromEntries(found.map((field) => [field.role, field])) as Roles;
  const key = tableKey(model.table);
  const known = tables.get(key);
  tables.set(key, { ref: model.table, model: model.name, roles: { ...known?.roles, ...roles } });
  return roles;
}

/** The fields of a table that Sessions look after; null where it has none. */
export function rolesOfTable(ref: TableRef): { readonly model: string; readonly roles: Roles } | null {
  return tables.get(tableKey(ref)) ?? null;
}

/** The tables that not everybody may see all of. */
export function guardedTables(): readonly TableRef[] {
  return [...tables.values()].flatMap(({ ref, roles }) => ((roles.tenant ?? roles.deletedAt) ? [ref] : []));
}

/** Whether any model has fields that Sessions look after. */
export function hasRoles(): boolean {
  return tables.size > 0;
}
