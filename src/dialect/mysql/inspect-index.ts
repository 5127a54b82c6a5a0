import type {
  ForeignKey,
  Index,
  IndexPart,
  PrimaryKey,
  ReferentialAction,
  Table,
  Unique,
} from "../../schema/index.ts";
import type { ForeignKeyRow, IndexPartRow } from "./catalog.ts";
import type { Binding } from "./flavor.ts";
import { expressionOf } from "./inspect-column.ts";
import { mysqlOptions } from "./options.ts";

/** The keys and indexes of a table. */
export type Keys = Pick<Table, "primaryKey" | "uniques" | "indexes" | "foreignKeys">;

/** Where a table is, and whether it is kept in memory, where an index is by hash unless it is said to be another. */
interface TableSetting {
  readonly database: string;
  readonly memory: boolean;
  /** The names of indexes of which no two rows hold at one time. */
  readonly withoutOverlaps: readonly string[];
  readonly binding: Binding;
}

/** The keys and indexes of a table, without the indexes that foreign keys have of their own. */
export function keysOf(
  parts: readonly IndexPartRow[],
  foreignKeyRows: readonly ForeignKeyRow[],
  { database, memory, withoutOverlaps, binding }: TableSetting,
): Keys {
  const indexes = [...Map.groupBy(parts, (part) => part.index).values()].map((each) =>
    indexOf(each, { memory, withoutOverlaps, binding }),
  );
  const foreignKeys = [...Map.groupBy(foreignKeyRows, (row) => row.name).values()].map((each) =>
    foreignKeyOf(each, database),
  );
  const primary = indexes.find((index) => index.name === primaryName);
  const others = indexes.filter((index) => index !== primary && !isImplied(index, foreignKeys));
  return {
    primaryKey: primary === undefined ? null : primaryKeyOf(primary),
    ...splitUniques(others),
    foreignKeys,
  };
}

/** The name that every primary key has. */
const primaryName = "PRIMARY";

function primaryKeyOf(index: Index): PrimaryKey {
  return { name: null, columns: index.parts.map((part) => part.column ?? ""), options: index.options };
}

/** Whether an index is the one that a foreign key has of its own: its name, its columns, nothing else. */
export function isImplied(index: Index, foreignKeys: readonly ForeignKey[]): boolean {
  const key = foreignKeys.find((each) => each.name === index.name);
  return (
    key !== undefined &&
    !index.unique &&
    isPlain(index) &&
    key.columns.length === index.parts.length &&
    index.parts.every((part, at) => part.column === key.columns[at])
  );
}

/** Whether an index is over whole columns in their usual order, with nothing else to be said of it. */
function isPlain(index: Index): boolean {
  return (
    index.method === null &&
    index.comment === null &&
    Object.keys(index.options["mysql"] ?? {}).every((name) => name === "using" || name === "blockSize") &&
    index.parts.every((part) => part.column !== null && part.order === "asc" && part.length === null)
  );
}

/** Unique indexes that are what a unique constraint is are unique constraints: the server knows no difference. */
export function splitUniques(indexes: readonly Index[]): {
  uniques: readonly Unique[];
  indexes: readonly Index[];
} {
  const isConstraint = (index: Index): boolean => index.unique && isPlain(index);
  return {
    uniques: indexes.filter(isConstraint).map(uniqueOf),
    indexes: indexes.filter((index) => !isConstraint(index)),
  };
}

/** The unique constraint that a plain unique index is. */
export function uniqueOf(index: Index): Unique {
  return {
    name: index.name,
    columns: index.parts.map((part) => part.column ?? ""),
    nullsNotDistinct: false,
    deferrable: null,
    options: index.options,
  };
}

const kinds: Readonly<Record<string, string>> = {
  FULLTEXT: "fulltext",
  SPATIAL: "spatial",
  RTREE: "spatial",
};

function indexOf(
  parts: readonly IndexPartRow[],
  { memory, withoutOverlaps, binding }: Omit<TableSetting, "database">,
): Index {
  const first = parts[0]!;
  const kind = kinds[first.method] ?? null;
  return {
    name: first.index,
    unique: Number(first.notUnique) === 0,
    parts: parts.map((part) => partOf(part, kind !== null, binding)),
    where: null,
    include: [],
    // Long values are kept unique by a hash, which is no choice of anybody's.
    method:
      kind !== null || (first.method === "BTREE" && !memory) || Number(first.notUnique) === 0
        ? null
        : first.method.toLowerCase(),
    nullsNotDistinct: false,
    comment: first.comment === "" ? null : first.comment,
    options: mysqlOptions({
      kind,
      unused: first.unused === "YES",
      withoutOverlaps: withoutOverlaps.includes(first.index),
    }),
  };
}

function partOf(row: IndexPartRow, special: boolean, binding: Binding): IndexPart {
  return {
    column: row.column,
    expression: row.column === null && row.expression !== null ? expressionOf(row.expression, binding) : null,
    order: row.order === "D" ? "desc" : "asc",
    nulls: null,
    collation: null,
    operatorClass: null,
    length: special || row.length === null ? null : Number(row.length),
  };
}

/** `restrict` and `no action` are one here: foreign keys are never checked late. */
const actions: Readonly<Record<string, ReferentialAction>> = {
  CASCADE: "cascade",
  "SET NULL": "set null",
  "SET DEFAULT": "set default",
};

function foreignKeyOf(rows: readonly ForeignKeyRow[], database: string): ForeignKey {
  const first = rows[0]!;
  return {
    name: first.name,
    columns: rows.map((row) => row.column),
    references: {
      schema: first.refDatabase === database ? null : first.refDatabase,
      name: first.refTable,
      columns: rows.map((row) => row.refColumn),
    },
    onDelete: actions[first.onDelete] ?? "no action",
    onUpdate: actions[first.onUpdate] ?? "no action",
    deferrable: null,
    match: "simple",
    options: {},
  };
}
