import type { DialectOptions, ReferentialAction } from "../schema/index.ts";
import type { Condition, Operand, OrderKey, SqlFragment } from "../sql/index.ts";
import type { ModelColumn } from "./column.ts";

// biome-ignore lint/suspicious/noExplicitAny: columns of any type can be indexed
type AnyColumn = ModelColumn<any>;
// biome-ignore lint/suspicious/noExplicitAny: so can expressions of any type
type Key = AnyColumn | Operand<any> | OrderKey | IndexKey;

/** One key of an index, with what PostgreSQL and MySQL let one say of it. */
export interface IndexKey {
  // biome-ignore lint/suspicious/noExplicitAny: keys of any type
  readonly key: Operand<any>;
  readonly order?: "asc" | "desc";
  readonly nulls?: "first" | "last";
  readonly collation?: string;
  readonly operatorClass?: string;
  readonly length?: number;
}

/** What is said of an index. */
export interface IndexOptions {
  readonly name?: string;
  readonly unique?: boolean;
  /** Only rows for which this holds. */
  readonly where?: Condition | SqlFragment | string;
  readonly include?: readonly AnyColumn[];
  readonly method?: string;
  readonly nullsNotDistinct?: boolean;
  readonly comment?: string;
  readonly options?: DialectOptions;
}

/** What belongs to a table rather than to a column; made by the functions of this file. */
export type TableItem =
  | { readonly kind: "index"; readonly keys: readonly Key[]; readonly options: IndexOptions }
  | { readonly kind: "unique"; readonly columns: readonly AnyColumn[]; readonly options: UniqueOptions }
  | {
      readonly kind: "check";
      readonly name: string | GivenName;
      readonly condition: Condition | string;
      readonly options: DialectOptions;
    }
  | {
      readonly kind: "foreignKey";
      readonly columns: readonly AnyColumn[];
      readonly references: () => readonly AnyColumn[] | ReferredTable;
      readonly options: ForeignKeyOptions;
    }
  | {
      readonly kind: "exclude";
      readonly elements: readonly { readonly key: Key; readonly operator: string }[];
      readonly options: ExcludeOptions;
    }
  | {
      readonly kind: "primaryKey";
      readonly columns: readonly AnyColumn[];
      readonly name: string | null;
      readonly options: DialectOptions;
    }
  | { readonly kind: "noPrimaryKey" }
  | { readonly kind: "comment"; readonly text: string }
  | { readonly kind: "options"; readonly options: DialectOptions };

/** A table that is no model, with those of its columns that are meant: a partition, one of another database. */
export interface ReferredTable {
  readonly schema: string | null;
  readonly name: string;
  readonly columns: readonly string[];
}

/** What is said of a unique constraint. */
export interface UniqueOptions {
  readonly name?: string;
  readonly nullsNotDistinct?: boolean;
  readonly deferrable?: "immediate" | "deferred";
  readonly options?: DialectOptions;
}

/** What is said of a foreign key over several columns. */
export interface ForeignKeyOptions {
  readonly name?: string;
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  readonly deferrable?: "immediate" | "deferred";
  readonly match?: "simple" | "full";
  readonly constraint?: boolean;
  readonly options?: DialectOptions;
}

/** What is said of an exclusion constraint. */
export interface ExcludeOptions {
  readonly name?: string;
  readonly method?: string;
  readonly where?: Condition | string;
  readonly deferrable?: "immediate" | "deferred";
  readonly options?: DialectOptions;
}

/** A name that is whole as it stands; see `conv`. */
export interface GivenName {
  readonly given: string;
}

/** A name to which the naming convention adds nothing, as SQLAlchemy's `conv`: `check(conv("hero_age_check"), "age > 0")`. */
export function conv(name: string): GivenName {
  return { given: name };
}

function isOptions(value: unknown): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !("key" in value)
  );
}

/** Keys, and options after them where the last argument is a plain object. */
function withOptions<K, O>(args: readonly (K | O)[]): { keys: K[]; options: O } {
  const last = args.at(-1);
  return isOptions(last)
    ? { keys: args.slice(0, -1) as K[], options: last as O }
    : { keys: [...args] as K[], options: {} as O };
}

/** An index over columns or expressions: `index(c.name, c.age)`, ``index(sql`lower(${c.name})`, { unique: true })``. */
export function index(...args: readonly (Key | IndexOptions)[]): TableItem {
  const { keys, options } = withOptions<Key, IndexOptions>(args);
  return { kind: "index", keys, options };
}

/** A unique index: the same as `index(…, { unique: true })`. */
export function uniqueIndex(...args: readonly (Key | IndexOptions)[]): TableItem {
  const { keys, options } = withOptions<Key, IndexOptions>(args);
  return { kind: "index", keys, options: { ...options, unique: true } };
}

/** A unique constraint over several columns. */
export function unique(...args: readonly (AnyColumn | UniqueOptions)[]): TableItem {
  const { keys, options } = withOptions<AnyColumn, UniqueOptions>(args);
  return { kind: "unique", columns: keys, options };
}

/** A check: its own name (the naming convention adds the table's, unless it is given by `conv`), and what has to hold. */
export function check(
  name: string | GivenName,
  condition: Condition | string,
  options: DialectOptions = {},
): TableItem {
  return { kind: "check", name, condition, options };
}

/**
 * A foreign key over several columns; `references` is an arrow, since it names another model. A table that is no model is
 * named: `() => ({ schema: null, name: "event_2020", columns: ["id"] })`.
 */
export function foreignKey(
  columns: readonly AnyColumn[],
  references: () => readonly AnyColumn[] | ReferredTable,
  options: ForeignKeyOptions = {},
): TableItem {
  return { kind: "foreignKey", columns, references, options };
}

/** An exclusion constraint: no two rows for which every operator holds. */
export function exclude(
  elements: readonly { readonly key: Key; readonly operator: string }[],
  options: ExcludeOptions = {},
): TableItem {
  return { kind: "exclude", elements, options };
}

/** The primary key's own name and order of columns, where those of the fields do not say enough. */
export function primaryKey(
  columns: readonly AnyColumn[],
  name?: string,
  options: DialectOptions = {},
): TableItem {
  return { kind: "primaryKey", columns, name: name ?? null, options };
}

/**
 * Says that the table has no primary key, so that its absence is no mistake. Its rows are read and written by queries
 * over columns; a Session, which knows objects by their keys, takes none of it.
 */
export function noPrimaryKey(): TableItem {
  return { kind: "noPrimaryKey" };
}

/** The table's comment. */
export function comment(text: string): TableItem {
  return { kind: "comment", text };
}

/** What only some databases know of the table: `tableOptions({ mysql: { engine: "InnoDB" } })`. */
export function tableOptions(options: DialectOptions): TableItem {
  return { kind: "options", options };
}
