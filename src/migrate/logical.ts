import { isDeepStrictEqual } from "node:util";
import type { DiffRules } from "../dialect/index.ts";
import {
  type AlterColumn,
  apply,
  type ColumnChange,
  type Operation,
  type RenameColumn,
  type RenameTable,
} from "../operation/index.ts";
import {
  type Check,
  type Column,
  findColumn,
  findTable,
  type Schema,
  sameTable,
  type Table,
} from "../schema/index.ts";
import { objectInWords, objectsAsSaid } from "./logical-objects.ts";
import {
  type Agrees,
  findByName,
  indexAsSaid,
  keyAsSaid,
  type PartList,
  partsAsSaid,
} from "./logical-parts.ts";

/**
 * A database tells physical types and its own form of expressions; migration files hold logical ones. What is
 * physically equal to what the history (or the models) said is taken to be that.
 */

/** `physical` in the words of `logical`, whose own physical form is `canonical`, wherever the two agree. */
export function overlay(physical: Schema, logical: Schema, canonical: Schema, rules: DiffRules): Schema {
  return {
    ...physical,
    tables: physical.tables.map((table) => {
      const said = findTable(logical, table);
      const made = findTable(canonical, table);
      return said === undefined || made === undefined ? table : overlayTable(table, said, made, rules);
    }),
    objects: objectsAsSaid(physical, logical, canonical),
  };
}

function overlayTable(table: Table, said: Table, made: Table, rules: DiffRules): Table {
  const agrees: Agrees = (list, item) => {
    const its = findByName<NamedPart>(made[list], item.name);
    if (list !== "checks") return isDeepStrictEqual(its, item);
    return its !== undefined && rules.sameExpression((its as Check).expression, (item as Check).expression);
  };
  return {
    ...table,
    ...partsAsSaid(table, said, agrees),
    columns: table.columns.map((column) => {
      const logical = findColumn(said, column.name);
      const physical = findColumn(made, column.name);
      return logical === undefined || physical === undefined
        ? column
        : overlayColumn(column, logical, physical, rules);
    }),
    comment: made.comment === table.comment ? said.comment : table.comment,
    options: isDeepStrictEqual(made.options, table.options) ? said.options : table.options,
  };
}

type NamedPart = Table[PartList][number];

function overlayColumn(column: Column, said: Column, made: Column, rules: DiffRules): Column {
  const sameType = rules.sameType(made.type, column.type);
  const sameGenerated =
    made.generated !== null &&
    column.generated !== null &&
    rules.sameExpression(made.generated.expression, column.generated.expression);
  return {
    ...column,
    type: sameType ? said.type : column.type,
    default: rules.sameDefault(made.default, column.default, column.type) ? said.default : column.default,
    generated: sameGenerated ? said.generated : column.generated,
    autoIncrement: made.autoIncrement === column.autoIncrement ? said.autoIncrement : column.autoIncrement,
    options: isDeepStrictEqual(made.options, column.options) ? said.options : column.options,
  };
}

/** Operations between canonical schemas, in the words of the logical ones they come from. */
export function inLogicalWords(
  operations: readonly Operation[],
  from: Schema,
  to: Schema,
): readonly Operation[] {
  let before: Before = { schema: from, isRenamed: false };
  return operations.map((operation, at) => {
    before = afterRename(before, operation);
    const translated = translate(operation, before, to);
    if (operation.kind !== "alterColumn" || translated.kind !== "alterColumn") return translated;
    // Of a column that is changed twice, what stands between is nobody's word.
    const isAgain = (each: Operation): boolean => isSameColumn(operation, each);
    return {
      ...translated,
      ...(operations.slice(0, at).some(isAgain) ? { from: operation.from } : {}),
      ...(operations.slice(at + 1).some(isAgain) ? { to: operation.to } : {}),
    };
  });
}

function isSameColumn(one: AlterColumn, other: Operation): boolean {
  return other.kind === "alterColumn" && other.name === one.name && sameTable(other.table, one.table);
}

/** What was said, under the names that it has by then. */
interface Before {
  readonly schema: Schema;
  readonly isRenamed: boolean;
}

/** What was said once an operation that renames is done; expressions speak of the new name then, in the database too. */
function afterRename(before: Before, operation: Operation): Before {
  if (operation.kind !== "renameTable" && operation.kind !== "renameColumn") return before;
  const { schema } = before;
  return { schema: isSaid(schema, operation) ? apply(schema, operation) : schema, isRenamed: true };
}

/** Whether words know what is renamed, and nothing else by the new name: those of another database need not. */
function isSaid(schema: Schema, rename: RenameTable | RenameColumn): boolean {
  if (rename.kind === "renameTable")
    return findTable(schema, rename.from) !== undefined && findTable(schema, rename.to) === undefined;
  const table = findTable(schema, rename.table);
  return columnOf(table, rename.from) !== undefined && columnOf(table, rename.to) === undefined;
}

function translate(operation: Operation, { schema: from, isRenamed }: Before, to: Schema): Operation {
  switch (operation.kind) {
    case "createTable":
      return { ...operation, table: inWordsOf(operation.table, findTable(to, operation.table)) };
    case "dropTable": {
      const table = operation.table;
      if (table === null) return operation;
      const said = inWordsOf(table, findTable(from, operation.name));
      return { ...operation, table: isRenamed ? { ...said, foreignKeys: table.foreignKeys } : said };
    }
    case "addColumn": {
      const column = columnOf(findTable(to, operation.table), operation.column.name);
      return { ...operation, column: column ?? operation.column };
    }
    case "dropColumn": {
      const table = findTable(from, operation.table);
      const column = columnOf(table, operation.name);
      return { ...operation, column: column ?? operation.column };
    }
    case "alterColumn": {
      const before = findTable(from, operation.table);
      const old = columnOf(before, operation.name);
      const now = columnOf(findTable(to, operation.table), operation.name);
      return { ...operation, ...pickBoth(operation, old, now) };
    }
    case "setTableOptions": {
      const { dialect } = operation;
      const before = findTable(from, operation.table)?.options[dialect] ?? {};
      const after = findTable(to, operation.table)?.options[dialect] ?? {};
      // Where words tell no difference, the database does.
      return isDeepStrictEqual(before, after) ? operation : { ...operation, from: before, to: after };
    }
    case "createIndex":
    case "addUnique":
    case "addCheck":
    case "addExclusion":
    case "addForeignKey":
      return added(operation, findTable(to, operation.table));
    case "dropIndex":
    case "dropUnique":
    case "dropCheck":
    case "dropExclusion":
    case "dropForeignKey":
      // What was said speaks of old names, and is dropped once they are new.
      return isRenamed ? operation : dropped(operation, findTable(from, operation.table));
    case "createObject":
    case "dropObject":
    case "replaceObject":
      return objectInWords(operation, from, to);
    default:
      return operation;
  }
}

/** What an operation adds, as the table was said to have it. */
function added(
  operation: Extract<
    Operation,
    { kind: "createIndex" | "addUnique" | "addCheck" | "addExclusion" | "addForeignKey" }
  >,
  said: Table | undefined,
): Operation {
  const { table } = operation;
  switch (operation.kind) {
    case "createIndex": {
      const key = indexAsSaid(operation.index, said);
      return "index" in key ? { ...operation, ...key } : { kind: "addUnique", table, ...key };
    }
    case "addUnique": {
      const key = keyAsSaid(operation.unique, said);
      return "unique" in key ? { ...operation, ...key } : { kind: "createIndex", table, ...key };
    }
    case "addCheck":
      return { ...operation, check: byName(said?.checks, operation.check) };
    case "addExclusion":
      return { ...operation, exclusion: byName(said?.exclusions, operation.exclusion) };
    case "addForeignKey":
      return { ...operation, foreignKey: byName(said?.foreignKeys, operation.foreignKey) };
  }
}

/** What an operation takes away, as the table was said to have it. */
function dropped(
  operation: Extract<
    Operation,
    { kind: "dropIndex" | "dropUnique" | "dropCheck" | "dropExclusion" | "dropForeignKey" }
  >,
  said: Table | undefined,
): Operation {
  const { table } = operation;
  switch (operation.kind) {
    case "dropIndex": {
      const key = operation.index === null ? null : indexAsSaid(operation.index, said);
      if (key === null || "index" in key) return { ...operation, ...key };
      return { kind: "dropUnique", table, name: operation.name, ...key };
    }
    case "dropUnique": {
      const key = operation.unique === null ? null : keyAsSaid(operation.unique, said);
      if (key === null || "unique" in key) return { ...operation, ...key };
      return { kind: "dropIndex", table, name: key.index.name, ...key };
    }
    case "dropCheck":
      return { ...operation, check: operation.check && byName(said?.checks, operation.check) };
    case "dropExclusion":
      return {
        ...operation,
        exclusion: operation.exclusion && byName(said?.exclusions, operation.exclusion),
      };
    case "dropForeignKey":
      return {
        ...operation,
        foreignKey: operation.foreignKey && byName(said?.foreignKeys, operation.foreignKey),
      };
  }
}

/** A table as `said` has it, where it has what the table has. */
function inWordsOf(table: Table, said: Table | undefined): Table {
  if (said === undefined) return table;
  return {
    ...table,
    ...partsAsSaid(table, said, () => true),
    columns: table.columns.map((column) => findColumn(said, column.name) ?? column),
    comment: said.comment,
    options: said.options,
  };
}

function columnOf(table: Table | undefined, name: string): Column | undefined {
  return table === undefined ? undefined : findColumn(table, name);
}

function byName<T extends { readonly name: string | null }>(said: readonly T[] | undefined, own: T): T {
  return findByName(said ?? [], own.name) ?? own;
}

/** A collation may be said by an option of the column, which then is what changes. */
function pickBoth(
  { from, to }: { readonly from: ColumnChange; readonly to: ColumnChange },
  old: Column | undefined,
  now: Column | undefined,
): { readonly from: ColumnChange; readonly to: ColumnChange } {
  const byOption =
    "collation" in to &&
    old !== undefined &&
    now !== undefined &&
    !isDeepStrictEqual(old.options, now.options);
  if (!byOption) return { from: pick(from, old), to: pick(to, now) };
  return { from: pick({ ...from, options: {} }, old), to: pick({ ...to, options: {} }, now) };
}

/** The same keys as `change`, with the column's values. */
function pick(change: ColumnChange, column: Column | undefined): ColumnChange {
  if (column === undefined) return change;
  const keys = Object.keys(change) as (keyof ColumnChange)[];
  return Object.fromEntries(keys.map((key) => [key, column[key]])) as ColumnChange;
}
