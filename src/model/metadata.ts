import type {
  ColumnType,
  DefaultValue,
  Deferrable,
  NamingConvention,
  ReferentialAction,
  Table,
  TableRef,
} from "../schema/index.ts";

import type { FieldRole } from "./field-role.ts";

/** A class made by `Model(…)`, as code that works with any model sees it. */
// biome-ignore lint/suspicious/noExplicitAny: a constructor's input is contravariant; only `any` takes every model class
export type AnyModel = abstract new (...args: any[]) => object;

/** One column field of a model, resolved: arrows called, options read, the column type inferred. */
export interface FieldMetadata {
  readonly property: string;
  /** The column's name in the database. */
  readonly column: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly primaryKey: boolean;
  readonly autoIncrement: boolean;
  /** Filled by the database where the program gives no value: read back after an insert. */
  readonly serverGenerated: boolean;
  /** Never written: a generated column. */
  readonly computed: boolean;
  readonly versionId: boolean;
  /** What Sessions do about it; null for most. */
  readonly role: FieldRole | null;
  /** Read only when it is asked for. */
  readonly deferred: boolean;
  readonly serverDefault: DefaultValue | null;
  /** The value for a new object that was given none; undefined where there is none. */
  readonly makeDefault: (() => unknown) | undefined;
  /** The value that the schema itself gives where there is none: for rows that no schema parses. */
  readonly schemaDefault: (() => unknown) | undefined;
  /** Whether `makeDefault` gives every object the same. */
  readonly hasSharedDefault: boolean;
  /** The value or the `SqlFragment` an UPDATE of the row sets, unless the program set one; undefined of none. */
  readonly makeOnUpdate: (() => unknown) | undefined;
  /** The model's value in the stored form of its column type (a Zod codec's encoded side). Never called with null. */
  readonly toStored: (value: unknown) => unknown;
  /** The same of a value that is only compared with the column's; undefined where it is the same. */
  readonly toCompared?: (value: unknown) => unknown;
  /** The stored form as the model's value. Never called with null. */
  readonly fromStored: (value: unknown) => unknown;
  /** Checks one value; the issues of the field's Zod schema, or null where it is fine. */
  readonly validate: (
    value: unknown,
  ) => readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] | null;
}

/** A relation of a model, resolved. Columns are properties, pairwise. */
export interface RelationMetadata {
  readonly property: string;
  readonly kind: "one" | "many";
  readonly target: ModelMetadata;
  /** The other side's property, kept equal in memory. */
  readonly backPopulates: string | null;
  /**
   * Where the key lies: `local` (this model holds the foreign key), `remote` (the target does), or `link` (a
   * third table does).
   */
  readonly keyOn: "local" | "remote" | "link";
  /** For `local` and `remote`: pairs of a property here and one of the target. */
  readonly pairs: readonly { readonly local: string; readonly remote: string }[];
  /** For `link`: the link's table, its model where it has one, and the pairs on both of its sides. */
  readonly link: LinkMetadata | null;
  readonly cascadeDelete: boolean;
  readonly passiveDeletes: boolean;
  readonly deleteOrphan: boolean;
  readonly orderBy: readonly { readonly property: string; readonly direction: "asc" | "desc" }[];
}

/** The third table of a many-to-many relation. Pairs are a property here (or there) and a property of the link. */
export interface LinkMetadata {
  readonly model: ModelMetadata;
  readonly local: readonly { readonly local: string; readonly link: string }[];
  readonly remote: readonly { readonly remote: string; readonly link: string }[];
}

/** How rows of models that share a table are told apart. */
export interface Discriminator {
  readonly field: FieldMetadata;
  /** What the field holds for objects of this very model. */
  readonly value: string;
  /** What it holds for rows of this model and its heirs. */
  readonly values: readonly string[];
  /** The model for a value; undefined where no model has it. */
  readonly modelOf: (value: unknown) => ModelMetadata | undefined;
  /** Whether every row of the table is one of this model or its heirs. */
  readonly isRoot: boolean;
}

/** A foreign key as the model says it. */
export interface ForeignKeyMetadata {
  readonly properties: readonly string[];
  readonly target: TableRef;
  readonly targetColumns: readonly string[];
  /** Whether that is a table that no model is of. */
  readonly foreign: boolean;
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly deferrable: Deferrable;
  /** False keeps the relation without a constraint in the database. */
  readonly constraint: boolean;
}

/** Everything known of a model, computed once when first asked for. */
export interface ModelMetadata {
  readonly model: AnyModel;
  /** The class's name. */
  readonly name: string;
  readonly table: TableRef;
  readonly fields: readonly FieldMetadata[];
  readonly fieldsByProperty: ReadonlyMap<string, FieldMetadata>;
  readonly primaryKey: readonly FieldMetadata[];
  readonly foreignKeys: readonly ForeignKeyMetadata[];
  readonly relations: ReadonlyMap<string, RelationMetadata>;
  readonly versionId: FieldMetadata | null;
  /** Where several models share a table: everything that is in it, under the name of the first. Else the model. */
  readonly stored: ModelMetadata;
  /** Where several models share a table: how rows of this model and its heirs are told from the others. */
  readonly discriminator: Discriminator | null;
  /** Whether all values of an object that are not undefined would pass `validate` of their fields. */
  isValid(instance: object): boolean;
  /** The table in full, constraints named. */
  toTable(naming?: NamingConvention): Table;
}
