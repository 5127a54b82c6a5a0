import { AthanorError } from "../errors/index.ts";
import { renameQualifier } from "../schema/expression.ts";
import { findTable, type Schema, sameTable, type Table, type TableRef, tableLabel } from "../schema/index.ts";
import { enumNamedFor, withEnumRenamed } from "./apply-enum.ts";

/** The schema with a table under another name, in every reference to it. */
export function renameTable(schema: Schema, from: TableRef, to: TableRef): Schema {
  if (findTable(schema, from) === undefined) {
    throw new AthanorError("OPERATION.MISSING", { kind: "table", name: tableLabel(from), table: null });
  }
  if (findTable(schema, to) !== undefined) {
    throw new AthanorError("OPERATION.EXISTS", { kind: "table", name: tableLabel(to), table: null });
  }
  const moved = (table: Table): Table =>
    sameTable(table, from)
      ? {
          ...withEnumNames(requalified(table, from.name, to.name), from, to),
          schema: to.schema,
          name: to.name,
        }
      : table;
  const followed = (table: Table): Table => ({
    ...table,
    foreignKeys: table.foreignKeys.map((key) =>
      sameTable(key.references, from)
        ? { ...key, references: { ...key.references, schema: to.schema, name: to.name } }
        : key,
    ),
  });
  return {
    ...schema,
    tables: schema.tables.map((table) => followed(moved(table))),
  };
}

/** Checks may name their own table: `hero.age > 0`. */
function requalified(table: Table, from: string, to: string): Table {
  return {
    ...table,
    checks: table.checks.map((check) => ({
      ...check,
      expression: renameQualifier(check.expression, from, to),
    })),
  };
}

/** Enums named for their table and column follow it. */
function withEnumNames(table: Table, from: TableRef, to: TableRef): Table {
  return table.columns.reduce(
    (now, { name }) => withEnumRenamed(now, enumNamedFor(from, name), enumNamedFor(to, name)),
    table,
  );
}
