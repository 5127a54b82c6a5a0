/** How recipes say what MySQL and MariaDB have beside tables, and tables of their own. */
import {
  type Column,
  column,
  type Json,
  type ObjectKind,
  primaryKey,
  type SchemaObject,
  schemaObject,
  type Table,
  t,
  table,
} from "../../src/schema/index.ts";
import type { Made, Site } from "./generate-objects.ts";

/** A name as any statement takes it. */
export const quote = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

/** What an object has beside its definition. */
export type Rest = Partial<Pick<SchemaObject, "table" | "options" | "comment">>;

/** An object with a site's name. */
export const ours = (site: Site, kind: ObjectKind, definition: string, rest: Rest = {}): SchemaObject =>
  schemaObject(kind, site.name, definition, { dialect: "mysql", comment: null, ...rest });

/** A table of its own. */
export function ownTable(
  site: Site,
  options: Readonly<Record<string, Json>>,
  more: readonly Column[] = [],
  rest: Partial<Pick<Table, "primaryKey" | "indexes" | "uniques" | "checks">> = {},
): Table {
  const columns = [column("id", t.integer(), { nullable: false }), column("note", t.varchar(20)), ...more];
  return table(`${site.name} own`, columns, {
    primaryKey: primaryKey(["id"]),
    comment: site.comment,
    options: Object.keys(options).length === 0 ? {} : { mysql: options },
    ...rest,
  });
}

/** Such a table, with rows. */
export function withRows(
  made: Table,
  objects: readonly SchemaObject[] = [],
  also: Readonly<Record<string, unknown>> = {},
): Made {
  const rows = [
    { id: 1, note: "a", ...also },
    { id: 12, note: null, ...also },
  ];
  return { objects, tables: [made], rows: { [made.name]: rows } };
}
