import type { ColumnType } from "./column-type.ts";

/** A value JSON can hold, frozen. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What one database alone understands, by dialect id: `{ mysql: { engine: "InnoDB" } }`. */
export type DialectOptions = { readonly [dialect: string]: { readonly [option: string]: Json } };

/** A table's name. Never split at a dot; `schema` is null where the database's default schema is meant. */
export interface TableRef {
  readonly schema: string | null;
  readonly name: string;
}

/** What the database does to referencing rows when the referenced row goes or changes its key. */
export type ReferentialAction = "no action" | "restrict" | "cascade" | "set null" | "set default";

/** When a deferrable constraint is checked unless a transaction says otherwise; null is not deferrable. */
export type Deferrable = "immediate" | "deferred" | null;

/**
 * A default that the database fills in. A literal is a value every dialect renders in its own way (`true`, 3,
 * "x", null); an expression is SQL text.
 */
export type DefaultValue =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "expression"; readonly sql: string };

/** A column computed by the database from others of its row. */
export interface Generated {
  readonly expression: string;
  readonly stored: boolean;
}

/** A column filled from a sequence of its own, as the SQL standard has it. Unset numbers are the database's. */
export interface Identity {
  readonly generation: "always" | "by default";
  readonly start?: number | string;
  readonly increment?: number | string;
  readonly minValue?: number | string;
  readonly maxValue?: number | string;
  readonly cache?: number | string;
  readonly cycle?: boolean;
}

/** A column of a table. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly default: DefaultValue | null;
  readonly generated: Generated | null;
  /** The database numbers new rows by itself, in its usual way. */
  readonly autoIncrement: boolean;
  /** Said in full, where the usual way of numbering is not enough. */
  readonly identity: Identity | null;
  readonly collation: string | null;
  readonly comment: string | null;
  readonly options: DialectOptions;
}

/** The primary key of a table. */
export interface PrimaryKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly options: DialectOptions;
}

/** A foreign key: names only, no pointer to the other table. */
export interface ForeignKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly references: TableRef & { readonly columns: readonly string[] };
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly deferrable: Deferrable;
  readonly match: "simple" | "full" | "partial";
  readonly options: DialectOptions;
}

/** A unique constraint. */
export interface Unique {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly nullsNotDistinct: boolean;
  readonly deferrable: Deferrable;
  readonly options: DialectOptions;
}

/** A check constraint over a row. */
export interface Check {
  readonly name: string | null;
  readonly expression: string;
  readonly options: DialectOptions;
}

/** One key of an index: a column or an expression, with how it is ordered. */
export interface IndexPart {
  readonly column: string | null;
  readonly expression: string | null;
  readonly order: "asc" | "desc";
  /** Null is the database's own rule for the order. */
  readonly nulls: "first" | "last" | null;
  readonly collation: string | null;
  readonly operatorClass: string | null;
  /** Only the first so many characters or bytes are indexed; null is all. */
  readonly length: number | null;
}

/** An index that is not the shadow of a constraint. Most databases want its name unique in the whole schema. */
export interface Index {
  readonly name: string;
  readonly unique: boolean;
  readonly parts: readonly IndexPart[];
  readonly where: string | null;
  readonly include: readonly string[];
  /** The access method; null is the database's usual one. */
  readonly method: string | null;
  readonly nullsNotDistinct: boolean;
  readonly comment: string | null;
  readonly options: DialectOptions;
}

/** An exclusion constraint: no two rows for which all `operator`s hold. */
export interface Exclusion {
  readonly name: string | null;
  readonly method: string;
  readonly elements: readonly { readonly part: IndexPart; readonly operator: string }[];
  readonly where: string | null;
  readonly deferrable: Deferrable;
  readonly options: DialectOptions;
}

/** A table, whole. The order of columns is the table's; the other lists are in canonical order. */
export interface Table extends TableRef {
  readonly columns: readonly Column[];
  readonly primaryKey: PrimaryKey | null;
  readonly foreignKeys: readonly ForeignKey[];
  readonly uniques: readonly Unique[];
  readonly checks: readonly Check[];
  readonly exclusions: readonly Exclusion[];
  readonly indexes: readonly Index[];
  readonly comment: string | null;
  readonly options: DialectOptions;
}
