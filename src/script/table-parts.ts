import type { AlterColumn } from "../operation/operation.ts";
import {
  type Check,
  type Column,
  type ColumnType,
  check,
  column,
  type DefaultValue,
  type DialectOptions,
  type Exclusion,
  type ForeignKey,
  foreignKey,
  type Index,
  type IndexPart,
  index,
  indexPart,
  type PrimaryKey,
  primaryKey,
  type Unique,
  unique,
} from "../schema/index.ts";
import type {
  ColumnChangeInput,
  ColumnOptions,
  ConstraintOptions,
  DefaultInput,
  ExclusionElementInput,
  ExclusionOptions,
  ForeignKeyOptions,
  IndexOptions,
  IndexPartInput,
  TableInput,
  UniqueOptions,
} from "./operations-api.ts";
import {
  type CallPlace,
  readName,
  readNames,
  readOptions,
  readTable,
  readType,
  refuse,
} from "./read-arguments.ts";

/** The options a column takes, for the check of unknown ones. */
const columnOptions: readonly (keyof ColumnOptions)[] = [
  "nullable",
  "default",
  "generated",
  "autoIncrement",
  "identity",
  "collation",
  "comment",
  "options",
];

/** A default as the schema has it. */
function readDefault(place: CallPlace, value: DefaultInput): DefaultValue | null {
  if (value === null) return null;
  if (typeof value !== "object") return { kind: "literal", value };
  if ("sql" in value) return { kind: "expression", sql: readName(place, "the default's sql", value.sql) };
  if ("value" in value && value.value === null) return { kind: "literal", value: null };
  return refuse(place, 'a default is a plain value, { sql: "…" } or null');
}

/** The parts of a column that `options` names, in the schema's form. */
export function readColumnOptions(place: CallPlace, options: ColumnOptions): Partial<Column> {
  const { default: defaultInput, ...rest } = options;
  return {
    ...rest,
    ...(defaultInput === undefined ? {} : { default: readDefault(place, defaultInput) }),
  };
}

/** A column. */
export function readColumn(
  place: CallPlace,
  name: string,
  type: ColumnType,
  options: ColumnOptions | undefined,
): Column {
  return column(
    readName(place, "the column's name", name),
    readType(place, type),
    readColumnOptions(place, readOptions(place, options, columnOptions)),
  );
}

/** What changes of a column, and the expression that converts its values. */
export function readColumnChange(
  place: CallPlace,
  change: ColumnChangeInput,
): Pick<AlterColumn, "to" | "using" | "values"> {
  const { type, using, values, ...rest } = readOptions(place, change, [
    ...columnOptions,
    "type",
    "using",
    "values",
  ]);
  const to = {
    ...(type === undefined ? {} : { type: readType(place, type) }),
    ...readColumnOptions(place, rest),
  };
  if (Object.keys(to).length === 0) refuse(place, "nothing of the column changes");
  return { to, using: using ?? null, ...(values === undefined ? {} : { values: { ...values } }) };
}

/** A primary key. */
export function readPrimaryKey(
  place: CallPlace,
  columns: readonly string[],
  options: ConstraintOptions | undefined,
): PrimaryKey {
  return primaryKey(
    readNames(place, "the columns", columns),
    readOptions(place, options, ["name", "options"]),
  );
}

/** A foreign key. */
export function readForeignKey(
  place: CallPlace,
  columns: readonly string[],
  table: TableInput,
  references: readonly string[],
  options: ForeignKeyOptions | undefined,
): ForeignKey {
  const local = readNames(place, "the columns", columns);
  const remote = readNames(place, "the referenced columns", references);
  if (local.length !== remote.length) {
    refuse(place, `${local.length} columns cannot reference ${remote.length}`);
  }
  return foreignKey(
    local,
    { ...readTable(place, table), columns: remote },
    readOptions(place, options, ["name", "onDelete", "onUpdate", "deferrable", "match", "options"]),
  );
}

/** A unique constraint. */
export function readUnique(
  place: CallPlace,
  columns: readonly string[],
  options: UniqueOptions | undefined,
): Unique {
  return unique(
    readNames(place, "the columns", columns),
    readOptions(place, options, ["name", "nullsNotDistinct", "deferrable", "options"]),
  );
}

/** A check. */
export function readCheck(
  place: CallPlace,
  expression: string,
  options: ConstraintOptions | undefined,
): Check {
  return check(
    readName(place, "the expression", expression),
    readOptions(place, options, ["name", "options"]),
  );
}

/** One key of an index. */
function readIndexPart(place: CallPlace, input: IndexPartInput): IndexPart {
  if (typeof input === "string") return indexPart(readName(place, "a column of the index", input));
  const known = ["order", "nulls", "collation", "operatorClass", "length"] as const;
  const part = readOptions<Partial<Record<(typeof known)[number] | "column" | "sql", unknown>>>(
    place,
    input,
    [...known, "column", "sql"],
  );
  const { column: columnName, sql, ...rest } = part as { column?: string; sql?: string } & Partial<IndexPart>;
  if ((columnName === undefined) === (sql === undefined)) {
    refuse(place, "a key of an index is a column's name, { column, … } or { sql, … }");
  }
  return columnName === undefined
    ? indexPart(null, { ...rest, expression: readName(place, "the key's sql", sql) })
    : indexPart(readName(place, "a column of the index", columnName), rest);
}

/** An index. */
export function readIndex(
  place: CallPlace,
  name: string,
  parts: readonly IndexPartInput[],
  options: IndexOptions | undefined,
): Index {
  if (!Array.isArray(parts) || parts.length === 0) refuse(place, "an index needs a list of keys");
  return index(
    readName(place, "the index's name", name),
    parts.map((part) => readIndexPart(place, part)),
    readOptions(place, options, [
      "unique",
      "where",
      "include",
      "method",
      "nullsNotDistinct",
      "comment",
      "options",
    ]),
  );
}

/** An exclusion constraint. */
export function readExclusion(
  place: CallPlace,
  elements: readonly ExclusionElementInput[],
  options: ExclusionOptions | undefined,
): Exclusion {
  if (!Array.isArray(elements) || elements.length === 0) {
    refuse(place, "an exclusion constraint needs a list of [key, operator]");
  }
  const rest = readOptions(place, options, ["name", "method", "where", "deferrable", "options"]);
  const none: DialectOptions = {};
  return {
    name: null,
    method: "gist",
    where: null,
    deferrable: null,
    options: none,
    ...rest,
    elements: elements.map(([part, operator]) => ({
      part: readIndexPart(place, part),
      operator: readName(place, "the operator", operator),
    })),
  };
}
