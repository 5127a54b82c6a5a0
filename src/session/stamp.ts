import { AthanorError } from "../errors/index.ts";
import { allTenants, type Roles, rolesOfTable } from "../model/index.ts";
import type { Entry } from "./entry.ts";
import type { Scope } from "./scope.ts";
import type { Updates } from "./updates.ts";

/** Before a flush: notes who makes and changes rows, and refuses what is another tenant's. */
export function stampEntries(scope: Scope, added: Iterable<Entry>, updates: Updates): void {
  for (const entry of added) {
    const guard = rolesOfTable(entry.mapper.meta.table);
    if (guard === null) continue;
    const { tenant, createdBy } = guard.roles;
    const { values } = entry;
    if (createdBy !== undefined && scope.user !== null) values[createdBy.property] ??= scope.user;
    if (tenant === undefined) continue;
    scope.demandTenant(entry.mapper.meta.table);
    if (scope.tenant !== allTenants && String(values[tenant.property]) !== String(scope.tenant))
      throw new AthanorError("SESSION.OTHER_TENANT", { model: guard.model });
  }
  for (const { mapper, changed, entries } of updates.alike) {
    const guard = rolesOfTable(mapper.meta.table);
    if (guard === null) continue;
    const { tenant, updatedBy } = guard.roles;
    const isMoved = changed.some(({ property }) => property === tenant?.property);
    if (isMoved && scope.tenant !== allTenants)
      throw new AthanorError("SESSION.OTHER_TENANT", { model: guard.model });
    if (updatedBy === undefined || changed.some(({ property }) => property === updatedBy.property)) continue;
    for (const entry of entries) entry.values[updatedBy.property] = scope.user;
  }
}

/**
 * Marks an object as deleted, where its model keeps what was deleted; answers whether it does. What is deleted along with
 * something else has the same time.
 */
export function markDeleted(scope: Scope, entry: Entry, along: Entry | null): boolean {
  const { deletedAt, deletedBy, updatedBy } = rolesOf(entry);
  if (deletedAt === undefined) return false;
  if ((entry.values[deletedAt.property] ?? null) !== null) return true;
  entry.values[deletedAt.property] = (along === null ? null : timeOfDeletion(along)) ?? new Date();
  if (deletedBy !== undefined) entry.values[deletedBy.property] = scope.user;
  if (updatedBy !== undefined) entry.values[updatedBy.property] = scope.user;
  return true;
}

/** Whether the row of an object stays when the object is deleted. */
export function keepsDeleted(entry: Entry): boolean {
  return rolesOf(entry).deletedAt !== undefined;
}

/** When an object was deleted whose row stays; null where it was not. */
export function timeOfDeletion(entry: Entry): unknown {
  const { deletedAt } = rolesOf(entry);
  return deletedAt === undefined ? null : (entry.values[deletedAt.property] ?? null);
}

function rolesOf(entry: Entry): Roles {
  return rolesOfTable(entry.mapper.meta.table)?.roles ?? {};
}
