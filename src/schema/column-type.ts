/**
 * What kind of value a column holds, in words that belong to no database. A dialect turns a type into the best
 * its database has (`uuid` is `UUID` on one and `CHAR(36)` on another); `native` is the way out for a type that
 * only one database knows, kept verbatim.
 */
export type ColumnType =
  | { readonly kind: "smallint" }
  | { readonly kind: "integer" }
  | { readonly kind: "bigint" }
  | { readonly kind: "boolean" }
  | { readonly kind: "real" }
  | { readonly kind: "double" }
  | NumericType
  | { readonly kind: "char"; readonly length: number }
  | { readonly kind: "varchar"; readonly length: number | null }
  | { readonly kind: "text" }
  | { readonly kind: "bytes"; readonly length: number | null }
  | { readonly kind: "uuid" }
  | { readonly kind: "date" }
  | { readonly kind: "time"; readonly timezone: boolean; readonly precision: number | null }
  | { readonly kind: "timestamp"; readonly timezone: boolean; readonly precision: number | null }
  | { readonly kind: "interval" }
  | { readonly kind: "json" }
  | { readonly kind: "jsonb" }
  | EnumType
  | ArrayType
  | NativeType
  | UserType;

/** Exact decimals. `precision` counts all digits, `scale` those after the point; null leaves it to the database. */
export interface NumericType {
  readonly kind: "numeric";
  readonly precision: number | null;
  readonly scale: number | null;
}

/** One of a list of strings. `name` is the type's own name where the database has named types. */
export interface EnumType {
  readonly kind: "enum";
  readonly name: string | null;
  readonly schema: string | null;
  readonly values: readonly string[];
}

/** A list of one other type. */
export interface ArrayType {
  readonly kind: "array";
  readonly of: ColumnType;
}

/** A type that one database alone has: its SQL, kept as written. */
export interface NativeType {
  readonly kind: "native";
  readonly dialect: string;
  readonly sql: string;
}

/**
 * A type of the user's own: stored as `base`, encoded and decoded by the exported `name` of the module `from`
 * (a path from the project's root, or a package). Migration files import it from there.
 */
export interface UserType {
  readonly kind: "user";
  readonly name: string;
  readonly from: string;
  readonly base: ColumnType;
}

/** The kinds a column type can have. */
export type ColumnTypeKind = ColumnType["kind"];
