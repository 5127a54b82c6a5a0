import { type Column, type Schema, type Table, tableLabel } from "../../schema/index.ts";
import { isRowIdColumn } from "./ddl-clauses.ts";
import { collationForm, option } from "./options.ts";

/** Reasons why SQLite cannot hold a schema with the meaning it has, for people. */
export function unsupported(schema: Schema): readonly string[] {
  return [
    ...schema.namespaces.map((name) => `SQLite has no named schemas: "${name}".`),
    ...schema.tables.flatMap((table) => [
      ...reasonsOfTable(table),
      ...table.columns.flatMap((column) => reasonsOfColumn(table, column)),
    ]),
    ...sharedNames(schema),
  ];
}

function reasonsOfTable(table: Table): string[] {
  const label = tableLabel(table);
  const reasons: string[] = [];
  if (table.schema !== null) reasons.push(`SQLite has no named schemas: table "${label}".`);
  if (/^sqlite_/i.test(table.name))
    reasons.push(`Names that begin with "sqlite_" are SQLite's own: "${label}".`);
  if (table.columns.length === 0) reasons.push(`SQLite has no tables without columns: "${label}".`);
  for (const exclusion of table.exclusions)
    reasons.push(`SQLite has no exclusion constraints: "${exclusion.name ?? ""}" of table "${label}".`);
  for (const unique of table.uniques) {
    const name = `"${unique.name ?? unique.columns.join(", ")}" of table "${label}"`;
    if (unique.nullsNotDistinct)
      reasons.push(`SQLite takes nulls for distinct in unique constraints: ${name}.`);
    if (unique.deferrable !== null) reasons.push(`SQLite does not defer unique constraints: ${name}.`);
  }
  for (const index of table.indexes) {
    const name = `"${index.name}" of table "${label}"`;
    if (index.nullsNotDistinct) reasons.push(`SQLite takes nulls for distinct in unique indexes: ${name}.`);
    if (index.unique && index.parts.some((part) => part.length !== null))
      reasons.push(`SQLite has no unique indexes over the beginning of a column: ${name}.`);
  }
  return reasons;
}

function reasonsOfColumn(table: Table, column: Column): string[] {
  const label = `"${tableLabel(table)}.${column.name}"`;
  const reasons: string[] = [];
  const collation = collationForm(column.collation);
  if (collation !== null && collation !== "NOCASE" && collation !== "RTRIM")
    reasons.push(`SQLite has the collations BINARY, NOCASE and RTRIM, not "${collation}": ${label}.`);
  if ((column.autoIncrement || column.identity !== null) && !isRowIdColumn(table, column))
    reasons.push(`SQLite numbers rows by a primary key of one integer column only: ${label}.`);
  if (column.type.kind === "native" && column.type.dialect !== "sqlite")
    reasons.push(`The type ${column.type.sql} is ${column.type.dialect}'s own: ${label}.`);
  if (option(table.options, "withoutRowid") === true && table.primaryKey === null)
    reasons.push(`A table without row ids needs a primary key: ${label}.`);
  return reasons;
}

/** Tables, views and indexes share one set of names, in which case does not count. */
function sharedNames(schema: Schema): string[] {
  const seen = new Map<string, string>();
  const names = schema.tables.flatMap((table) => [
    { name: table.name, label: `table "${table.name}"` },
    ...table.indexes.map((index) => ({ name: index.name, label: `index "${index.name}"` })),
  ]);
  return names.flatMap(({ name, label }) => {
    const other = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), label);
    return other === undefined ? [] : [`SQLite cannot tell the names of ${other} and ${label} apart.`];
  });
}
