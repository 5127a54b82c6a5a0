import type {
  Check,
  Column,
  DialectOptions,
  Exclusion,
  ForeignKey,
  Index,
  Json,
  ObjectRef,
  PrimaryKey,
  SchemaObject,
  Table,
  TableRef,
  Unique,
} from "../schema/index.ts";

/**
 * The one vocabulary of change: the differ emits these, migration files hold them, plans consume them. All are
 * frozen JSON data but `run`, which carries a function. What an operation takes away (`table`, `column`,
 * `index`, …) may be absent in a file written by hand; the history supplies it where a reverse or a plan needs it.
 */
export type Operation =
  | CreateTable
  | DropTable
  | RenameTable
  | SetTableComment
  | SetTableOptions
  | AddColumn
  | DropColumn
  | RenameColumn
  | AlterColumn
  | CreateIndex
  | DropIndex
  | AddPrimaryKey
  | DropPrimaryKey
  | AddForeignKey
  | DropForeignKey
  | AddUnique
  | DropUnique
  | AddCheck
  | DropCheck
  | AddExclusion
  | DropExclusion
  | CreateNamespace
  | DropNamespace
  | CreateObject
  | DropObject
  | ReplaceObject
  | Execute
  | Run
  | OnDialect;

/** What an operation is called. */
export type OperationKind = Operation["kind"];

/** A new table. */
export interface CreateTable {
  readonly kind: "createTable";
  /** Whole: columns, constraints and indexes. */
  readonly table: Table;
}

/** A table and its rows gone; reversed, the table stands again, empty. */
export interface DropTable {
  readonly kind: "dropTable";
  readonly name: TableRef;
  /** What is lost, so that it can be made again. */
  readonly table: Table | null;
}

/** A table under a new name; what refers to it follows. */
export interface RenameTable {
  readonly kind: "renameTable";
  readonly from: TableRef;
  readonly to: TableRef;
}

/** The comment of a table; null is none. */
export interface SetTableComment {
  readonly kind: "setTableComment";
  readonly table: TableRef;
  readonly from: string | null;
  readonly to: string | null;
}

/** Options of one dialect of a table, from and to; an option that is absent is at its default. */
export interface SetTableOptions {
  readonly kind: "setTableOptions";
  readonly table: TableRef;
  readonly dialect: string;
  readonly from: { readonly [option: string]: Json };
  readonly to: { readonly [option: string]: Json };
}

/** A new column, after those that stand. */
export interface AddColumn {
  readonly kind: "addColumn";
  readonly table: TableRef;
  readonly column: Column;
}

/** A column and its values gone. */
export interface DropColumn {
  readonly kind: "dropColumn";
  readonly table: TableRef;
  readonly name: string;
  readonly column: Column | null;
}

/** A column under a new name; keys, indexes and foreign keys follow. */
export interface RenameColumn {
  readonly kind: "renameColumn";
  readonly table: TableRef;
  readonly from: string;
  readonly to: string;
}

/** What of a column can change where it stands; its name has an operation of its own. */
export type ColumnChange = Partial<Omit<Column, "name">>;

/** A column changed in place. `from` and `to` have the same keys: those that change, and no other. */
export interface AlterColumn {
  readonly kind: "alterColumn";
  readonly table: TableRef;
  readonly name: string;
  /** What was; empty where a file does not say. */
  readonly from: ColumnChange;
  readonly to: ColumnChange;
  /** SQL that turns the old value into the new one, where the plain cast does not. */
  readonly using: string | null;
  /** What becomes of the values of an enum that go: old value to new one. A new name for a value is said so too. */
  readonly values?: { readonly [old: string]: string };
}

/** A new index. */
export interface CreateIndex {
  readonly kind: "createIndex";
  readonly table: TableRef;
  readonly index: Index;
}

/** An index gone. */
export interface DropIndex {
  readonly kind: "dropIndex";
  readonly table: TableRef;
  readonly name: string;
  readonly index: Index | null;
  /** How it is dropped, where a dialect has several ways; absent is the usual one. */
  readonly options?: DialectOptions;
}

/** A primary key on a table that stands without one. */
export interface AddPrimaryKey {
  readonly kind: "addPrimaryKey";
  readonly table: TableRef;
  readonly primaryKey: PrimaryKey;
}

/** A primary key gone; `name` is null for one that has none. */
export interface DropPrimaryKey {
  readonly kind: "dropPrimaryKey";
  readonly table: TableRef;
  readonly name: string | null;
  readonly primaryKey: PrimaryKey | null;
}

/** A new foreign key; rows that break it make it fail. */
export interface AddForeignKey {
  readonly kind: "addForeignKey";
  readonly table: TableRef;
  readonly foreignKey: ForeignKey;
}

/** `name` is null only for a constraint that has none; `foreignKey` then says which is meant. */
export interface DropForeignKey {
  readonly kind: "dropForeignKey";
  readonly table: TableRef;
  readonly name: string | null;
  readonly foreignKey: ForeignKey | null;
}

/** A new unique constraint; rows that break it make it fail. */
export interface AddUnique {
  readonly kind: "addUnique";
  readonly table: TableRef;
  readonly unique: Unique;
}

/** A unique constraint gone; where `name` is null, `unique` says which is meant. */
export interface DropUnique {
  readonly kind: "dropUnique";
  readonly table: TableRef;
  readonly name: string | null;
  readonly unique: Unique | null;
}

/** A new check; rows that break it make it fail. */
export interface AddCheck {
  readonly kind: "addCheck";
  readonly table: TableRef;
  readonly check: Check;
}

/** A check gone; where `name` is null, `check` says which is meant. */
export interface DropCheck {
  readonly kind: "dropCheck";
  readonly table: TableRef;
  readonly name: string | null;
  readonly check: Check | null;
}

/** A new exclusion constraint; rows that break it make it fail. */
export interface AddExclusion {
  readonly kind: "addExclusion";
  readonly table: TableRef;
  readonly exclusion: Exclusion;
}

/** An exclusion constraint gone; where `name` is null, `exclusion` says which is meant. */
export interface DropExclusion {
  readonly kind: "dropExclusion";
  readonly table: TableRef;
  readonly name: string | null;
  readonly exclusion: Exclusion | null;
}

/** A named schema beside the default one. */
export interface CreateNamespace {
  readonly kind: "createNamespace";
  readonly name: string;
}

/** A named schema gone; it must be empty. */
export interface DropNamespace {
  readonly kind: "dropNamespace";
  readonly name: string;
}

/** A new view, function, sequence or other object; databases of other dialects than its own pass over it. */
export interface CreateObject {
  readonly kind: "createObject";
  readonly object: SchemaObject;
}

/** An object gone. */
export interface DropObject {
  readonly kind: "dropObject";
  readonly ref: ObjectRef;
  readonly object: SchemaObject | null;
}

/** An object under the same name with another definition or owner. */
export interface ReplaceObject {
  readonly kind: "replaceObject";
  readonly from: SchemaObject | null;
  readonly to: SchemaObject;
}

/** A value that can be bound to a parameter of a recorded statement. */
export type StatementParameter = null | string | number | bigint | boolean | Uint8Array | Date;

/**
 * A statement of the user's own. `changes` says what it does to the schema, in operations: an empty list means
 * nothing, null means not said (the history does not know its outcome).
 */
export interface Execute {
  readonly kind: "execute";
  readonly sql: string;
  readonly params: readonly StatementParameter[];
  readonly changes: readonly Operation[] | null;
}

/** The connection a data step gets: inside the migration's own transaction. */
export interface StepConnection {
  /** Runs a statement; answers how many rows it changed. */
  execute(sql: string, params?: readonly StatementParameter[]): Promise<number>;
  /** Runs a query; answers its rows. */
  query<R = Record<string, unknown>>(sql: string, params?: readonly StatementParameter[]): Promise<R[]>;
}

/** An opaque data step. */
export interface Run {
  readonly kind: "run";
  readonly name: string;
  readonly step: (db: StepConnection) => Promise<void> | void;
  readonly changes: readonly Operation[] | null;
}

/** Operations that only one dialect is to run. */
export interface OnDialect {
  readonly kind: "onDialect";
  readonly dialect: string;
  readonly operations: readonly Operation[];
}
