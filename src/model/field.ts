import type { z } from "zod";
import type { ColumnType, Deferrable, DialectOptions, Identity, ReferentialAction } from "../schema/index.ts";
import type { SqlFragment } from "../sql/index.ts";
import type { ModelColumn } from "./column.ts";
import type { FieldRole } from "./field-role.ts";

/** Any schema of the Standard Schema interface (https://standardschema.dev). */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => unknown;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** A default that the database fills in: a literal, or SQL text (a string is SQL). */
export type ServerDefault = string | number | boolean | SqlFragment;

/** What is said of a column beyond its values. */
export interface FieldOptions {
  readonly primaryKey?: boolean;
  /** The database numbers new rows. Said of a lone integer primary key unless false. */
  readonly autoIncrement?: boolean;
  readonly index?: boolean;
  readonly unique?: boolean;
  /** The column referenced: `Team.c.id` inside an arrow, or `[schema-or-module.]table.column`. */
  // biome-ignore lint/suspicious/noExplicitAny: a foreign key may point to a column of any model and type
  readonly foreignKey?: string | ModelColumn<any>;
  /** False keeps the relation without a constraint in the database. Default true. */
  readonly constraint?: boolean;
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  readonly deferrable?: Exclude<Deferrable, null>;
  /** Whether the column takes NULL. Default: whether the schema does; never for a primary key. */
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly defaultFactory?: () => unknown;
  readonly serverDefault?: ServerDefault;
  /**
   * What an UPDATE of the row sets unless the program did: a value, or SQL that the database computes
   * (``sql`CURRENT_TIMESTAMP` ``) and that is read back.
   */
  readonly onUpdateFactory?: SqlFragment | (() => unknown);
  /** SQL that computes the column from others of its row; `stored` unless said otherwise. */
  readonly generated?:
    | string
    | SqlFragment
    | { readonly as: string | SqlFragment; readonly stored?: boolean };
  readonly identity?: "always" | "by default" | Identity;
  readonly comment?: string;
  /** The column's name in the database. Default: the property's, in snake_case. */
  readonly column?: string;
  readonly type?: ColumnType;
  readonly collation?: string;
  /** What only some databases know of the column: `{ mysql: { invisible: true } }`, `{ postgresql: { storage: "EXTERNAL" } }`. */
  readonly options?: DialectOptions;
  /** The property or column name before, so that a rename is no drop and add. */
  readonly renamedFrom?: string;
  /**
   * Left out when objects are read, until it is awaited (`await hero.biography`) or asked for
   * (`.with("biography")`): for columns that are large and seldom wanted.
   */
  readonly deferred?: boolean;
  /**
   * Tells rows of models apart that share the table (`SubModel`): the value for objects of the model that has the
   * field. Each heir gives its own.
   */
  readonly discriminator?: string;
  /** What Sessions do about the field: see the field groups `tenantOwned`, `softDelete` and `audited`. */
  readonly role?: FieldRole;
  /** Counts changes of the row; an UPDATE of a row that somebody else changed fails. */
  readonly versionId?: boolean;
}

/** A column of a model: the schema of its values, and what is said of it. */
export interface Field<S, O> {
  readonly kind: "field";
  readonly schema: S;
  readonly options: O;
}

/** What the schema's values are once stored, where a column type can be inferred from them. */
type Inferable<V> = 0 extends 1 & V
  ? false
  : unknown extends V
    ? false
    : V extends ReadonlyMap<unknown, unknown> | ReadonlySet<unknown> | symbol | ((...args: never) => unknown)
      ? false
      : true;

/** A compile-time error that says what to do. */
interface CannotInferColumnType {
  readonly "no column type can be inferred from this schema: give `type`, for example { type: t.text() }": never;
}

/** What `field` takes for a schema: inferable, or anything that has a `type` beside it. */
type Checked<S, O> = O extends { readonly type: ColumnType }
  ? unknown
  : S extends z.core.$ZodType
    ? false extends Inferable<z.input<S>>
      ? CannotInferColumnType
      : unknown
    : CannotInferColumnType;

/**
 * A column. `schema` is its type and validator; `options` say the rest. A column type is inferred from a Zod
 * schema; any other Standard Schema needs `type`.
 */
export function field<
  S extends z.core.$ZodType | StandardSchema,
  const O extends FieldOptions = Record<never, never>,
>(schema: S & Checked<S, O>, options?: O): Field<S, O> {
  return { kind: "field", schema, options: options ?? ({} as O) };
}
