import type { EnumType } from "./column-type.ts";
import type { SchemaObject } from "./object.ts";
import type { Table } from "./table.ts";

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
  /** Views, triggers, functions, sequences and their like, by kind and name. */
  readonly objects: readonly SchemaObject[];
  readonly unmanaged: readonly UnmanagedObject[];
}

/** A schema with nothing in it. */
export const emptySchema: Schema = Object.freeze({
  namespaces: [],
  tables: [],
  enums: [],
  objects: [],
  unmanaged: [],
});
