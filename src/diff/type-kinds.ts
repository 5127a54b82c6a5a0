import type { Operation } from "../operation/index.ts";
import { Dependencies, objectsOn } from "../schema/dependencies.ts";
import { enumObject } from "../schema/enum-object.ts";
import { mentions } from "../schema/expression.ts";
import {
  type Column,
  type ColumnType,
  findColumn,
  findTable,
  grantedWord,
  objectKey,
  objectRef,
  type Schema,
  type SchemaObject,
  type Table,
  tableKey,
  table as tableOf,
} from "../schema/index.ts";

/** Whether objects of a kind are types of columns: of these, one has a name. */
function isType({ kind }: SchemaObject): boolean {
  return grantedWord(kind) === "TYPE";
}

/**
 * Where a type becomes one of another kind under its name, no statement turns one into the other. What stands on the way,
 * one after the other: nothing but columns has it any more; then the columns of both sides that have it are text, and it
 * is gone. Nothing where no column has such a type.
 */
export function betweenKinds(from: Schema, to: Schema): readonly Schema[] {
  const replaced = replacedTypes(from, to);
  if (replaced.size === 0) return [];
  const listed: Schema = { ...from, enums: [], objects: [...from.objects, ...from.enums.map(enumObject)] };
  const isRoot = (object: SchemaObject): boolean => replaced.has(objectKey(object));
  const gone = new Set([...replaced, ...objectsOn(listed, isRoot, () => false).map(objectKey)]);
  const dependencies = new Dependencies(listed);
  const stands = (table: Table, column: Column): boolean =>
    dependencies
      .ofTable(tableOf(table, [{ ...column, default: null, generated: null }]))
      .some((each) => each.kind === "object" && gone.has(objectKey(each.object)));
  let found = false;
  const tables = from.tables.map((table) => {
    const now = findTable(to, table);
    const names = table.columns
      .filter((column) => now !== undefined && findColumn(now, column.name) !== undefined)
      .filter((column) => column.generated === null && stands(table, column))
      .map(({ name }) => name);
    found ||= names.length > 0;
    return names.length === 0 ? table : asText(table, names);
  });
  if (!found) return [];
  const stays = (object: SchemaObject): boolean => !gone.has(objectKey(object));
  const bare = {
    ...from,
    objects: from.objects.filter((each) => stays(each) || isType(each)),
  };
  const enums = from.enums.filter((each) => stays(enumObject(each)));
  return [bare, { ...from, tables, enums, objects: from.objects.filter(stays) }];
}

/**
 * Enums among the types that become others, and those that they become, as what goes and comes by itself: columns alone
 * would not take along who may use them.
 */
export function enumsBetween(from: Schema, to: Schema): readonly Operation[] {
  const [gone, come] = [replacedTypes(from, to), replacedTypes(to, from)];
  const listed = ({ enums }: Schema, keys: ReadonlySet<string>): readonly SchemaObject[] =>
    enums.map(enumObject).filter((object) => keys.has(objectKey(object)));
  return [
    ...listed(from, gone).map(
      (object): Operation => ({ kind: "dropObject", ref: objectRef(object), object }),
    ),
    ...listed(to, come).map((object): Operation => ({ kind: "createObject", object })),
  ];
}

/** The keys of types that are there before and after under one name, as other kinds. */
function replacedTypes(from: Schema, to: Schema): ReadonlySet<string> {
  const typesOf = ({ enums, objects }: Schema): readonly SchemaObject[] => [
    ...enums.map(enumObject),
    ...objects.filter(isType),
  ];
  const now = new Map(typesOf(to).map((object) => [tableKey(object), object.kind]));
  return new Set(
    typesOf(from)
      .filter((object) => now.has(tableKey(object)) && now.get(tableKey(object)) !== object.kind)
      .map(objectKey),
  );
}

/** A table with some columns as text, without what compares their values. */
function asText(table: Table, names: readonly string[]): Table {
  const over = (sql: string | null): boolean => sql !== null && names.some((name) => mentions(sql, name));
  const isOver = (part: Table["indexes"][number]["parts"][number]): boolean =>
    over(part.expression) || names.includes(part.column ?? "");
  return {
    ...table,
    columns: table.columns.map((column) =>
      names.includes(column.name) ? { ...column, type: textOf(column.type), default: null } : column,
    ),
    checks: table.checks.filter(({ expression }) => !over(expression)),
    indexes: table.indexes.filter(({ parts, where }) => !over(where) && !parts.some(isOver)),
    exclusions: table.exclusions.filter(
      ({ elements, where }) => !over(where) && !elements.some(({ part }) => isOver(part)),
    ),
  };
}

function textOf(type: ColumnType): ColumnType {
  const text: ColumnType = { kind: "text" };
  const isList = type.kind === "array" || (type.kind === "native" && type.sql.endsWith("[]"));
  return isList ? { kind: "array", of: text } : text;
}
