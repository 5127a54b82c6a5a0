import type { DesignDialect } from "../dialect/index.ts";
import type { AlterColumn, Operation } from "../operation/index.ts";
import {
  table as buildTable,
  type Column,
  emptySchema,
  findColumn,
  findTable,
  type Schema,
  type Table,
  type TableRef,
} from "../schema/index.ts";

/** How to do without losing anything, and without breaking code that is running, what an operation does at once. */

type Of<Kind extends Operation["kind"]> = Extract<Operation, { kind: Kind }>;

function quoteTable({ schema, name }: TableRef, { ddl }: DesignDialect): string {
  return schema === null ? ddl.quote(name) : `${ddl.quote(schema)}.${ddl.quote(name)}`;
}

/** The statements of one operation; a comment with its name where the database would need more than those. */
function statements(
  operation: Operation,
  state: Schema,
  { ddl }: DesignDialect,
  words: string,
): readonly string[] {
  try {
    const found = ddl.statements(operation, state);
    return found.length === 0 ? [`-- ${words}`] : found.map((sql) => `${sql};`);
  } catch {
    return [`-- ${words}`];
  }
}

const release = "-- in a later release, when nothing asks for it any longer: this migration";

/** A copy, then the drop. */
export function droppedTable(table: TableRef, design: DesignDialect): readonly string[] {
  const copy = quoteTable({ ...table, name: `${table.name}_dropped` }, design);
  return [`CREATE TABLE ${copy} AS SELECT * FROM ${quoteTable(table, design)};`, release];
}

/** A copy with the key of each row, then the drop. */
export function droppedColumn(
  { table, name }: { readonly table: TableRef; readonly name: string },
  known: Table | undefined,
  design: DesignDialect,
): readonly string[] {
  const copy = quoteTable({ ...table, name: `${table.name}_${name}_dropped` }, design);
  const key = known?.primaryKey?.columns.filter((column) => column !== name) ?? [];
  const columns = [...key, name].map((column) => design.ddl.quote(column)).join(", ");
  return [`CREATE TABLE ${copy} AS SELECT ${columns} FROM ${quoteTable(table, design)};`, release];
}

/** The table under its new name, and a view under the old one. */
export function renamedTable({ from, to }: Of<"renameTable">, design: DesignDialect): readonly string[] {
  return [
    "-- in the same migration, until no code asks for the old name:",
    `CREATE VIEW ${quoteTable(from, design)} AS SELECT * FROM ${quoteTable(to, design)};`,
  ];
}

/** A second column, filled, takes the place of the first. */
export function renamedColumn(
  operation: Of<"renameColumn">,
  state: Schema,
  design: DesignDialect,
): readonly string[] {
  const { table, from, to } = operation;
  const known = findTable(state, table);
  const column = known && findColumn(known, from);
  if (column === undefined) return [];
  const added: Operation = { kind: "addColumn", table, column: { ...column, name: to, nullable: true } };
  const dropped: Operation = { kind: "dropColumn", table, name: from, column };
  const [old, now] = [design.ddl.quote(from), design.ddl.quote(to)];
  return [
    ...statements(added, state, design, `add the column ${to}`),
    "-- deploy code that writes both columns; then fill what is there, some rows at a time:",
    `UPDATE ${quoteTable(table, design)} SET ${now} = ${old} WHERE ${now} IS NULL AND ${old} IS NOT NULL;`,
    "-- deploy code that reads the new one; then, in a later release:",
    ...statements(dropped, state, design, `drop the column ${from}`),
  ];
}

/** Nullable first; then filled; then not null. */
export function unfilledColumn(table: TableRef, column: Column, design: DesignDialect): readonly string[] {
  const state = emptyWith(table, column);
  const added: Operation = { kind: "addColumn", table, column: { ...column, default: null, nullable: true } };
  const name = design.ddl.quote(column.name);
  return [
    ...statements(added, state, design, `add the column ${column.name}, nullable`),
    "-- deploy code that writes it; then fill what is there, some rows at a time:",
    `UPDATE ${quoteTable(table, design)} SET ${name} = … WHERE ${name} IS NULL;`,
    "-- in a later release: op.alterColumn(…, { nullable: false })",
  ];
}

/** A table with the one column, for a writer that looks its table up. */
function emptyWith(table: TableRef, column: Column): Schema {
  const only = buildTable(table, [{ ...column, default: null, nullable: true }]);
  return { ...emptySchema, tables: [only] };
}

/** What to look for first. */
export function narrowedColumn(
  operation: AlterColumn,
  from: Column["type"],
  design: DesignDialect,
): readonly string[] {
  const { table, name, to } = operation;
  const [column, target] = [design.ddl.quote(name), quoteTable(table, design)];
  const most = to.type?.kind === "varchar" || to.type?.kind === "char" ? to.type.length : null;
  const isText = from.kind === "varchar" || from.kind === "char" || from.kind === "text";
  return [
    "-- what does not fit has to be settled before:",
    most !== null && isText
      ? `SELECT ${column} FROM ${target} WHERE length(${column}) > ${most};`
      : `-- compare ${name} with ${to.type === undefined ? "its new self" : design.rules.describeType(to.type)} for each row`,
    "-- or keep the old column beside a new one until nothing reads it",
  ];
}
