/** What MySQL itself has of the schemas that are generated for MariaDB and it. */
import type { Column, Schema, Table } from "../../src/schema/index.ts";

/** Types whose values stand outside the row: a unique key cannot be over them. */
function isLong({ type }: Column): boolean {
  const long: readonly string[] = ["text", "json", "jsonb", "array"];
  if (type.kind === "varchar" || type.kind === "bytes") return type.length === null;
  if (type.kind === "native") return /text|blob/.test(type.sql);
  return long.includes(type.kind);
}

/** The schema without unique keys over long values, indexes over JSON, checks that are a column's, and the engine that MariaDB alone has. */
export function fitMysql(schema: Schema): Schema {
  return { ...schema, tables: schema.tables.map(fitTable) };
}

function fitTable(table: Table): Table {
  const short = (name: string | null): boolean =>
    !table.columns.some((column) => column.name === name && isLong(column));
  const json = (name: string | null): boolean =>
    table.columns.some((column) => column.name === name && /^(?:json|jsonb|array)$/.test(column.type.kind));
  const refers = (name: string | null): boolean =>
    table.foreignKeys.some((key) => key.columns.some((column) => column === name));
  const isAria = table.options["mysql"]?.["engine"] === "Aria";
  return {
    ...table,
    options: isAria ? {} : table.options,
    checks: table.checks.filter((check) => check.options["mysql"]?.["column"] !== true),
    uniques: table.uniques.filter((unique) => unique.columns.every(short)),
    indexes: table.indexes.filter(
      (index) =>
        !(isFulltext(index) && index.parts.some((part) => refers(part.column))) &&
        index.parts.every((part) => (index.unique ? short(part.column) : !json(part.column))),
    ),
  };
}

/** The server takes such an index for the one that a foreign key needs, and refuses it for that. */
function isFulltext(index: Table["indexes"][number]): boolean {
  return index.options["mysql"]?.["kind"] === "fulltext";
}
