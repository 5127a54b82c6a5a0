import { apply } from "../../operation/index.ts";
import type { RenameColumn } from "../../operation/operation.ts";
import { type ColumnType, findTable, type Schema, sameTable, type Table } from "../../schema/index.ts";
import { indexClause, prefixOf, quoteTable, uniqueClause } from "./ddl-clauses.ts";
import { type Binding, isMariadb } from "./flavor.ts";
import { quoteName } from "./quote.ts";

/**
 * MariaDB holds a unique key over texts without a limit by a hidden column, and renames no column of a foreign key in a
 * table that has one: such keys are away while it does.
 */
export function withLongKeysAside(
  operation: RenameColumn,
  state: Schema,
  binding: Binding,
  rename: string,
): readonly string[] {
  const table = findTable(state, operation.table);
  if (table === undefined || !isMariadb(binding) || !isInForeignKey(operation, state)) return [rename];
  const away = longKeys(table, binding);
  if (away.length === 0) return [rename];
  const now = findTable(apply(state, operation), operation.table) ?? table;
  const clauses = [
    ...now.uniques.filter(({ name }) => away.includes(name)).map(uniqueClause),
    ...now.indexes.filter(({ name }) => away.includes(name)).map((index) => indexClause(index, now, binding)),
  ];
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  return [
    `${alter} ${away.map((name) => `DROP KEY ${quoteName(name ?? "")}`).join(", ")}`,
    rename,
    `${alter} ${clauses.map((clause) => `ADD ${clause}`).join(", ")}`,
  ];
}

function isInForeignKey({ table, from }: RenameColumn, { tables }: Schema): boolean {
  return tables.some((each) =>
    each.foreignKeys.some(
      ({ columns, references }) =>
        (sameTable(each, table) && columns.includes(from)) ||
        (sameTable(references, table) && references.columns.includes(from)),
    ),
  );
}

/** The names of unique keys over columns that have no limit, or one beyond what a key can hold. */
function longKeys(table: Table, binding: Binding): readonly (string | null)[] {
  const long = new Set(table.columns.filter(({ type }) => isLong(type)).map(({ name }) => name));
  return [
    ...table.uniques.filter(({ columns }) => columns.some((name) => long.has(name))),
    ...table.indexes.filter(
      (index) =>
        index.unique &&
        index.parts.some(
          (part) => long.has(part.column ?? "") && prefixOf(part, index, table, binding) === null,
        ),
    ),
  ].map(({ name }) => name);
}

/** What a key can hold, in characters of four bytes. */
const limit = 768;

function isLong(type: ColumnType): boolean {
  switch (type.kind) {
    case "text":
    case "bytes":
    case "json":
    case "jsonb":
      return true;
    case "varchar":
      return type.length === null || type.length > limit;
    case "native":
      return /text|blob|json/i.test(type.sql);
    default:
      return false;
  }
}
