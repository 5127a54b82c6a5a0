/** How recipes say what PostgreSQL has beside tables. */
import { type ObjectKind, type SchemaObject, schemaObject, type TableRef } from "../../src/schema/index.ts";
import type { Site } from "./generate-objects.ts";

/** A name as any statement takes it. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** The name of a table or object, with its schema. */
export const named = ({ schema, name }: TableRef): string =>
  (schema === null ? "" : `${quote(schema)}.`) + quote(name);
/** The name alone. */
export const refOf = ({ schema, name }: TableRef): TableRef => ({ schema, name });

/** What an object has beside its definition. */
export type Rest = Partial<Pick<SchemaObject, "table" | "signature" | "comment" | "options">>;

/** An object with a site's name and comment. */
export function object(site: Site, kind: ObjectKind, definition: string, rest: Rest = {}): SchemaObject {
  const schema = rest.table?.schema ?? null;
  const all = { dialect: "postgresql", comment: site.comment, ...rest };
  return schemaObject(kind, { schema, name: site.name }, definition, all);
}

/** One that stands beside the main one of a site, without a comment. */
export function helper(
  site: Site,
  suffix: string,
  kind: ObjectKind,
  definition: string,
  rest: Rest = {},
): SchemaObject {
  return { ...object(site, kind, definition, { comment: null, ...rest }), name: `${site.name} ${suffix}` };
}
