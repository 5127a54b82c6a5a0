import type { Operation, StatementParameter, StepConnection } from "../operation/operation.ts";
import type {
  Check,
  Column,
  ColumnType,
  Deferrable,
  DialectOptions,
  Exclusion,
  ForeignKey,
  Generated,
  Identity,
  Index,
  Json,
  ObjectKind,
  PrimaryKey,
  ReferentialAction,
  TableRef,
  Unique,
} from "../schema/index.ts";

/** A table's name, alone or in a named schema. A dot in a name is part of it. */
export type TableInput = string | TableRef;

/** SQL text where a plain value could stand as well. */
export interface SqlText {
  readonly sql: string;
}

/**
 * A default the database fills in: a plain value is that value, `{ sql }` is an expression, null is no default.
 * `{ value: null }` says NULL in words.
 */
export type DefaultInput = string | number | boolean | null | SqlText | { readonly value: null };

/** What a column may say beyond name and type. */
export interface ColumnOptions {
  /** Default true, as in SQL. */
  readonly nullable?: boolean;
  readonly default?: DefaultInput;
  readonly generated?: Generated | null;
  readonly autoIncrement?: boolean;
  readonly identity?: Identity | null;
  readonly collation?: string | null;
  readonly comment?: string | null;
  readonly options?: DialectOptions;
}

/** What of a column changes; what is left out stays. `using` turns the old value into the new one. */
export interface ColumnChangeInput extends ColumnOptions {
  readonly type?: ColumnType;
  readonly using?: string | null;
  /** What becomes of an enum's values that go, old to new: `{ old: "new" }`. Renames a value as well. */
  readonly values?: { readonly [old: string]: string };
}

/** What names an object: its kind and name, and whatever else tells it from others of that kind. */
export interface ObjectInputRef {
  readonly kind: ObjectKind;
  readonly name: string;
  /** The dialect it is for; left out, every database makes it. */
  readonly dialect?: string | null;
  readonly schema?: string | null;
  /** What it hangs on: the table of a trigger, policy or rule, the materialized view of an index. */
  readonly table?: TableInput | null;
  /** The types of a routine's arguments: `integer, text`. */
  readonly signature?: string | null;
}

/** A view, function, trigger, sequence or other object. */
export interface ObjectInput extends ObjectInputRef {
  /** What follows the name in the statement that creates it: `AS SELECT …`, `AS bigint START WITH 1000`. */
  readonly definition: string;
  /** The column it goes away with. */
  readonly ownedBy?: { readonly table: TableInput; readonly column: string } | null;
  readonly comment?: string | null;
  /** What of it no definition says: `{ enabled: "disabled" }` of a trigger. */
  readonly options?: { readonly [option: string]: Json };
}

/** What a foreign key may say beyond its columns. Actions default to `no action`. */
export interface ForeignKeyOptions {
  readonly name?: string | null;
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  readonly deferrable?: Deferrable;
  readonly match?: ForeignKey["match"];
  readonly options?: DialectOptions;
}

/** What a unique constraint may say beyond its columns. */
export interface UniqueOptions {
  readonly name?: string | null;
  readonly nullsNotDistinct?: boolean;
  readonly deferrable?: Deferrable;
  readonly options?: DialectOptions;
}

/** What a primary key or a check may say beyond its content. */
export interface ConstraintOptions {
  readonly name?: string | null;
  readonly options?: DialectOptions;
}

/** How one key of an index is ordered. */
export interface IndexPartOptions {
  readonly order?: "asc" | "desc";
  readonly nulls?: "first" | "last" | null;
  readonly collation?: string | null;
  readonly operatorClass?: string | null;
  readonly length?: number | null;
}

/** One key of an index: a column's name, a column and how it is ordered, or an expression. */
export type IndexPartInput =
  | string
  | ({ readonly column: string } & IndexPartOptions)
  | (SqlText & IndexPartOptions);

/** What an index may say beyond its name and keys. */
export interface IndexOptions {
  readonly unique?: boolean;
  readonly where?: string | null;
  readonly include?: readonly string[];
  readonly method?: string | null;
  readonly nullsNotDistinct?: boolean;
  readonly comment?: string | null;
  readonly options?: DialectOptions;
}

/** What an exclusion constraint may say beyond its elements. */
export interface ExclusionOptions {
  readonly name?: string | null;
  readonly method?: string;
  readonly where?: string | null;
  readonly deferrable?: Deferrable;
  readonly options?: DialectOptions;
}

/** One element of an exclusion constraint: a key and the operator that must not hold. */
export type ExclusionElementInput = readonly [key: IndexPartInput, operator: string];

/** What a table may say beyond its parts. */
export interface TableOptions {
  readonly comment?: string | null;
  readonly options?: DialectOptions;
}

/** One part of a new table. */
export type TablePart =
  | { readonly part: "column"; readonly column: Column }
  | { readonly part: "primaryKey"; readonly primaryKey: PrimaryKey }
  | { readonly part: "foreignKey"; readonly foreignKey: ForeignKey }
  | { readonly part: "unique"; readonly unique: Unique }
  | { readonly part: "check"; readonly check: Check }
  | { readonly part: "exclusion"; readonly exclusion: Exclusion }
  | { readonly part: "index"; readonly index: Index };

/** Makes the parts of a new table. */
export interface TableParts {
  column(name: string, type: ColumnType, options?: ColumnOptions): TablePart;
  primaryKey(columns: readonly string[], options?: ConstraintOptions): TablePart;
  foreignKey(
    columns: readonly string[],
    table: TableInput,
    references: readonly string[],
    options?: ForeignKeyOptions,
  ): TablePart;
  unique(columns: readonly string[], options?: UniqueOptions): TablePart;
  check(expression: string, options?: ConstraintOptions): TablePart;
  exclusion(elements: readonly ExclusionElementInput[], options?: ExclusionOptions): TablePart;
  index(name: string, parts: readonly IndexPartInput[], options?: IndexOptions): TablePart;
}

/** A constraint to be dropped: by name, or described where it has none. */
export type DroppedForeignKey =
  | string
  | ({
      readonly columns: readonly string[];
      readonly table: TableInput;
      readonly references: readonly string[];
    } & Omit<ForeignKeyOptions, "name">);
/** A unique constraint to be dropped: by name, or by its columns where it has none. */
export type DroppedUnique = string | ({ readonly columns: readonly string[] } & Omit<UniqueOptions, "name">);
/** A check to be dropped: by name, or by its expression where it has none. */
export type DroppedCheck = string | ({ readonly expression: string } & Omit<ConstraintOptions, "name">);
/** An exclusion constraint to be dropped: by name, or by its elements where it has none. */
export type DroppedExclusion =
  | string
  | ({ readonly elements: readonly ExclusionElementInput[] } & Omit<ExclusionOptions, "name">);

/** What a raw statement or a data step does to the schema: nothing (`[]`), or these operations. */
export type ChangesInput = readonly never[] | ((op: MigrationOperations) => void);

/** What a raw statement may say. */
export interface ExecuteOptions {
  readonly params?: readonly StatementParameter[];
  /** Left out, the history does not know what became of the schema. */
  readonly changes?: ChangesInput;
}

/** What a data step may say. */
export interface RunOptions {
  /** Left out, the history does not know what became of the schema. */
  readonly changes?: ChangesInput;
}

/**
 * `op`, as `upgrade` and `downgrade` get it. Every call records one operation; nothing runs until all are
 * recorded. A wrong argument throws `SCRIPT.ARGUMENT`, which names the file and the call.
 */
export interface MigrationOperations {
  createTable(
    name: TableInput,
    parts: (table: TableParts) => readonly TablePart[],
    options?: TableOptions,
  ): void;
  dropTable(name: TableInput): void;
  /** Keeps the rows. A name in another schema moves the table there. */
  renameTable(from: TableInput, to: TableInput): void;
  setTableComment(table: TableInput, comment: string | null): void;
  /** Options of one dialect, from and to; an option left out of a side is at its default there. */
  setTableOptions(
    table: TableInput,
    dialect: string,
    options: {
      readonly from?: { readonly [option: string]: Json };
      readonly to: { readonly [option: string]: Json };
    },
  ): void;

  addColumn(table: TableInput, name: string, type: ColumnType, options?: ColumnOptions): void;
  dropColumn(table: TableInput, name: string): void;
  renameColumn(table: TableInput, from: string, to: string): void;
  alterColumn(table: TableInput, name: string, change: ColumnChangeInput): void;

  createIndex(
    name: string,
    table: TableInput,
    parts: readonly IndexPartInput[],
    options?: IndexOptions,
  ): void;
  dropIndex(name: string, table: TableInput, options?: { readonly options?: DialectOptions }): void;

  addPrimaryKey(table: TableInput, columns: readonly string[], options?: ConstraintOptions): void;
  dropPrimaryKey(table: TableInput, name?: string | null): void;
  addForeignKey(
    table: TableInput,
    columns: readonly string[],
    referencedTable: TableInput,
    references: readonly string[],
    options?: ForeignKeyOptions,
  ): void;
  dropForeignKey(table: TableInput, foreignKey: DroppedForeignKey): void;
  addUnique(table: TableInput, columns: readonly string[], options?: UniqueOptions): void;
  dropUnique(table: TableInput, unique: DroppedUnique): void;
  addCheck(table: TableInput, expression: string, options?: ConstraintOptions): void;
  dropCheck(table: TableInput, check: DroppedCheck): void;
  addExclusion(
    table: TableInput,
    elements: readonly ExclusionElementInput[],
    options?: ExclusionOptions,
  ): void;
  dropExclusion(table: TableInput, exclusion: DroppedExclusion): void;

  /** A named schema beside the default one. */
  createNamespace(name: string): void;
  dropNamespace(name: string): void;

  /** A view, function, trigger, sequence or other object; databases of other dialects than its own pass over it. */
  createObject(object: ObjectInput): void;
  dropObject(object: ObjectInputRef): void;
  /** Gives an object another definition (or owner) where it stands. */
  replaceObject(object: ObjectInput): void;

  /** One SQL statement, with the placeholders of the database it is for. */
  execute(sql: string, options?: ExecuteOptions): void;
  /** A data step of code, with its own connection in the migration's transaction. */
  run(name: string, step: (db: StepConnection) => Promise<void> | void, options?: RunOptions): void;
  /** Operations for one dialect alone: `op.on("postgresql", (op) => { … })`. */
  on(dialect: string, operations: (op: MigrationOperations) => void): void;
}

/** Receives what a body records. */
export type Recorder = (operation: Operation) => void;
