import type {
  ColumnType,
  DefaultValue,
  Deferrable,
  NamingConvention,
  ReferentialAction,
  Table,
  TableRef,
} from "../schema/index.ts";

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
  readonly serverDefault: DefaultValue | null;
  /** The value for a new object that was given none; undefined where there is none. */
  readonly makeDefault: (() => unknown) | undefined;
  /** The value an UPDATE of the row sets, unless the program set one; undefined where there is none. */
  readonly makeOnUpdate: (() => unknown) | undefined;
  /** The model's value in the stored form of its column type (a Zod codec's encoded side). Never called with null. */
  readonly toStored: (value: unknown) => unknown;
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

/** A foreign key as the model says it. */
export interface ForeignKeyMetadata {
  readonly properties: readonly string[];
  readonly target: TableRef;
  readonly targetColumns: readonly string[];
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
  /** The table in full, constraints named. */
  toTable(naming?: NamingConvention): Table;
}
