import { z } from "zod";
import { AthanorError } from "../errors/index.ts";
import { allTenants, currentActor } from "./actor.ts";
import { type Field, field } from "./field.ts";

/**
 * Fields that many models have, with what Sessions do about them: spread them into a model, `{ ...audited, … }`.
 */

/** When a row was made and last changed, and by whom. */
export type AuditFields = {
  readonly createdAt: Field<z.ZodDate, { readonly defaultFactory: () => Date }>;
  /** Null until the row is changed for the first time. */
  readonly updatedAt: Field<
    z.ZodNullable<z.ZodDate>,
    { readonly default: null; readonly onUpdateFactory: () => Date }
  >;
  readonly createdBy: Field<
    z.ZodNullable<z.ZodString>,
    { readonly default: null; readonly role: "createdBy" }
  >;
  readonly updatedBy: Field<
    z.ZodNullable<z.ZodString>,
    { readonly default: null; readonly role: "updatedBy" }
  >;
};

const name = z.string().max(100).nullable();

/** When a row was made and last changed, and by whom: the user of the Session (`new Session(engine, { user })`, `actAs`). */
export const audited: AuditFields = {
  createdAt: field(z.date(), { defaultFactory: () => new Date() }),
  updatedAt: field(z.date().nullable(), { default: null, onUpdateFactory: () => new Date() }),
  createdBy: field(name, { default: null, role: "createdBy" }),
  updatedBy: field(name, { default: null, role: "updatedBy" }),
};

/** When a row was deleted, and by whom: null is not at all. */
export type SoftDeleteFields = {
  readonly deletedAt: Field<
    z.ZodNullable<z.ZodDate>,
    { readonly default: null; readonly role: "deletedAt"; readonly index: true }
  >;
  readonly deletedBy: Field<
    z.ZodNullable<z.ZodString>,
    { readonly default: null; readonly role: "deletedBy" }
  >;
};

/**
 * Deleting an object, or rows with `deleteFrom`, marks them; no query, join, subquery, relation or bulk update sees them
 * any longer, unless a Session has `deleted: "show"`. `session.purge(object)` deletes the row.
 */
export const softDelete: SoftDeleteFields = {
  deletedAt: field(z.date().nullable(), { default: null, role: "deletedAt", index: true }),
  deletedBy: field(name, { default: null, role: "deletedBy" }),
};

/** Whose row it is. */
export type TenantFields<S extends z.core.$ZodType = z.ZodString> = {
  readonly tenantId: Field<
    S,
    { readonly defaultFactory: () => never; readonly role: "tenant"; readonly index: true }
  >;
};

/**
 * Rows belong to a tenant: a Session sees and writes those of its own (`new Session(engine, { tenant })`, `actAs`) and
 * refuses to query any where it has none. New objects are the tenant's for whom the work is done. A unique key of such a
 * table should have the tenant in it.
 */
export const tenantOwned: TenantFields = tenantOwnedBy(z.string().max(64));

/** The same where tenants go by something else than a name of 64 characters: `const owned = tenantOwnedBy(z.uuid())`. */
export function tenantOwnedBy<S extends z.core.$ZodType>(schema: S): TenantFields<S> {
  const options = { defaultFactory: whose, role: "tenant", index: true } as const;
  return { tenantId: field(schema as never, options) as never };
}

/** The tenant for whom the work at hand is done. */
function whose(): never {
  const { tenant } = currentActor();
  if (tenant === undefined || tenant === allTenants)
    throw new AthanorError("SESSION.NO_TENANT", { model: null });
  return tenant as never;
}

/** A count of a row's changes. */
export type VersionFields = {
  readonly version: Field<z.ZodInt, { readonly versionId: true }>;
};

/** Counts a row's changes; writing one that somebody else changed meanwhile fails with `SESSION.STALE`. */
export const versioned: VersionFields = { version: field(z.int(), { versionId: true }) };
