import type { EnumType } from "./column-type.ts";
import type { Table, TableRef } from "./table.ts";

/** A stored query. `definition` is the SELECT alone. */
export interface View extends TableRef {
  readonly definition: string;
  readonly materialized: boolean;
  /** The statement that creates it, as the database keeps it. */
  readonly sql: string;
}

/** A trigger of a table or view. */
export interface Trigger {
  readonly name: string;
  readonly table: TableRef;
  /** The statement that creates it, as the database keeps it. */
  readonly sql: string;
}

/** Something that is there and that Athanor does not manage: listed, never dropped. */
export interface UnmanagedObject {
  readonly kind: string;
  readonly schema: string | null;
  readonly name: string;
}

/**
 * A database as data: frozen, JSON, names for references, no back-pointers. Tables, enums and the rest are in
 * canonical order (by schema, then name), so that equal databases are equal values.
 */
export interface Schema {
  /** Named schemas beyond the database's default one. */
  readonly namespaces: readonly string[];
  readonly tables: readonly Table[];
  /** Enum types that exist under a name of their own. */
  readonly enums: readonly (EnumType & { readonly name: string })[];
  readonly views: readonly View[];
  readonly triggers: readonly Trigger[];
  readonly unmanaged: readonly UnmanagedObject[];
}

/** A schema with nothing in it. */
export const emptySchema: Schema = Object.freeze({
  namespaces: [],
  tables: [],
  enums: [],
  views: [],
  triggers: [],
  unmanaged: [],
});
