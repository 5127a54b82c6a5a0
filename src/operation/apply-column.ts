import { AthanorError } from "../errors/index.ts";
import { mentions, renameInExpression } from "../schema/expression.ts";
import {
  type Check,
  type Column,
  type DialectOptions,
  type ForeignKey,
  findColumn,
  type Index,
  type IndexPart,
  type Json,
  type Schema,
  sameTable,
  type Table,
  tableLabel,
} from "../schema/index.ts";
import { enumNamedFor, withEnumRenamed } from "./apply-enum.ts";
import type { ColumnChange, RenameColumn } from "./operation.ts";

/** A table with a column more, at its end. */
export function addColumn(table: Table, column: Column): Table {
  refuseTaken(table, column.name);
  return { ...table, columns: [...table.columns, column] };
}

/** A table with a column changed. */
export function alterColumn(table: Table, name: string, to: ColumnChange): Table {
  demand(table, name);
  return {
    ...table,
    columns: table.columns.map((column) => (column.name === name ? { ...column, ...to } : column)),
  };
}

/** A table without a column. Whatever stands on the column has to have gone before. */
export function dropColumn(table: Table, name: string, schema: Schema): Table {
  demand(table, name);
  const by = userOf(table, name) ?? referrerOf(schema, table, name);
  if (by !== undefined) {
    throw new AthanorError("OPERATION.IN_USE", { table: tableLabel(table), column: name, by });
  }
  return { ...table, columns: table.columns.filter((column) => column.name !== name) };
}

function demand(table: Table, name: string): void {
  if (findColumn(table, name) !== undefined) return;
  throw new AthanorError("OPERATION.MISSING", { kind: "column", name, table: tableLabel(table) });
}

function refuseTaken(table: Table, name: string): void {
  if (findColumn(table, name) === undefined) return;
  throw new AthanorError("OPERATION.EXISTS", { kind: "column", name, table: tableLabel(table) });
}

const called = (kind: string, name: string | null): string =>
  name === null ? `an unnamed ${kind}` : `${kind} "${name}"`;

/** What of a table stands on a column, in words. */
export function userOf(table: Table, column: string): string | undefined {
  if (table.primaryKey?.columns.includes(column)) return called("primary key", table.primaryKey.name);
  const foreignKey = table.foreignKeys.find((key) => key.columns.includes(column));
  if (foreignKey) return called("foreign key", foreignKey.name);
  const unique = table.uniques.find((each) => each.columns.includes(column));
  if (unique) return called("unique constraint", unique.name);
  const check = table.checks.find((each) => mentions(each.expression, column));
  if (check) return called("check", check.name);
  const index = table.indexes.find((each) => indexUses(each, column));
  if (index) return called("index", index.name);
  const exclusion = table.exclusions.find((each) => each.elements.some(({ part }) => partUses(part, column)));
  if (exclusion) return called("exclusion constraint", exclusion.name);
  const generated = table.columns.find(
    (each) => each.generated !== null && mentions(each.generated.expression, column),
  );
  return generated && generated.name !== column ? called("generated column", generated.name) : undefined;
}

function partUses(part: IndexPart, column: string): boolean {
  return part.column === column || (part.expression !== null && mentions(part.expression, column));
}

/** Whether an index is over a column in any way. */
export function indexUses(index: Index, column: string): boolean {
  if (index.include.includes(column)) return true;
  if (index.where !== null && mentions(index.where, column)) return true;
  return index.parts.some((part) => partUses(part, column));
}

function referrerOf(schema: Schema, table: Table, column: string): string | undefined {
  for (const other of schema.tables) {
    const key = other.foreignKeys.find(
      (each) => sameTable(each.references, table) && each.references.columns.includes(column),
    );
    if (key && !sameTable(other, table))
      return `${called("foreign key", key.name)} of table "${tableLabel(other)}"`;
  }
  return undefined;
}

/** A table with a column under another name, in every part of it. */
export function renameColumn(table: Table, from: string, to: string): Table {
  demand(table, from);
  refuseTaken(table, to);
  return renameMentions(table, from, to);
}

/** A table with every mention of a column under the new name, whether the column is its own or not. */
export function renameMentions(table: Table, from: string, to: string): Table {
  const name = (column: string): string => (column === from ? to : column);
  const names = (columns: readonly string[]): readonly string[] => columns.map(name);
  const text = (sql: string): string => (mentions(sql, from) ? renameInExpression(sql, from, to) : sql);
  const part = (each: IndexPart): IndexPart => ({
    ...each,
    column: each.column === null ? null : name(each.column),
    expression: each.expression === null ? null : text(each.expression),
  });
  const renamed: Table = {
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      name: name(column.name),
      generated: column.generated && { ...column.generated, expression: text(column.generated.expression) },
    })),
    primaryKey: table.primaryKey && { ...table.primaryKey, columns: names(table.primaryKey.columns) },
    foreignKeys: table.foreignKeys.map((key) => ({
      ...key,
      columns: names(key.columns),
      options: renameInOptions(key.options, table, name, text),
    })),
    uniques: table.uniques.map((each) => ({ ...each, columns: names(each.columns) })),
    checks: table.checks.map((each): Check => ({ ...each, expression: text(each.expression) })),
    indexes: table.indexes.map((each) => ({
      ...each,
      parts: each.parts.map(part),
      include: names(each.include),
      where: each.where === null ? null : text(each.where),
    })),
    exclusions: table.exclusions.map((each) => ({
      ...each,
      elements: each.elements.map((element) => ({ ...element, part: part(element.part) })),
      where: each.where === null ? null : text(each.where),
    })),
  };
  const options = renameInOptions(table.options, table, name, text);
  return withEnumRenamed({ ...renamed, options }, enumNamedFor(table, from), enumNamedFor(table, to));
}

/** Options that name columns: lists of them, and what a table is parted by. */
function renameInOptions(
  options: DialectOptions,
  table: Table,
  name: (column: string) => string,
  text: (sql: string) => string,
): DialectOptions {
  const isColumn = (item: Json): item is string =>
    typeof item === "string" && findColumn(table, item) !== undefined;
  const put = ([key, value]: readonly [string, Json]): readonly [string, Json] => {
    if (key === "partitionBy" && typeof value === "string") return [key, text(value)];
    return [key, Array.isArray(value) && value.every(isColumn) ? value.map(name) : value];
  };
  return Object.fromEntries(
    Object.entries(options).map(([dialect, own]) => [
      dialect,
      Object.fromEntries(Object.entries(own).map(put)),
    ]),
  );
}

/** The schema with every foreign key that points to the renamed column pointing to its new name. */
export function renameReferencedColumn(schema: Schema, { table, from, to }: RenameColumn): Schema {
  const follow = (key: ForeignKey): ForeignKey =>
    sameTable(key.references, table)
      ? {
          ...key,
          references: {
            ...key.references,
            columns: key.references.columns.map((column) => (column === from ? to : column)),
          },
        }
      : key;
  return {
    ...schema,
    tables: schema.tables.map((each) => ({ ...each, foreignKeys: each.foreignKeys.map(follow) })),
  };
}
