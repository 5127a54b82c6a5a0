import type { Check, Table } from "../../schema/index.ts";
import { definition } from "./ddl-alter.ts";
import {
  checkClause,
  foreignKeyClause,
  indexClause,
  primaryKeyClause,
  quoteTable,
  uniqueClause,
} from "./ddl-clauses.ts";
import { ownIndexClause } from "./ddl-foreign-key.ts";
import type { Binding } from "./flavor.ts";
import { option } from "./options.ts";
import { periodClause, periodOf } from "./period.ts";
import { quoteString } from "./quote.ts";
import { periodClauses, tableOptionClauses } from "./table-options.ts";

/** The statement that makes a table. */
export function createTable(table: Table, binding: Binding): string {
  const tableChecks = inOrder(table).filter((check) => check.options["mysql"]?.["column"] !== true);
  const period = periodOf(table);
  const clauses = [
    ...table.columns.map((column) => definition(column, table, binding)),
    ...(table.primaryKey === null ? [] : [primaryKeyClause(table.primaryKey, table)]),
    ...table.uniques.map(uniqueClause),
    ...table.indexes.map((index) => indexClause(index, table, binding)),
    ...table.foreignKeys.flatMap((key) => ownIndexClause(table, key) ?? []),
    ...tableChecks.map((check) => checkClause(check, table)),
    ...table.foreignKeys.map(foreignKeyClause),
    ...periodClauses(table.options["mysql"] ?? {}),
    ...(period === null ? [] : [periodClause(period)]),
  ];
  const options = [
    ...(table.comment === null ? [] : [`COMMENT=${quoteString(table.comment)}`]),
    ...tableOptionClauses(table.options["mysql"] ?? {}),
  ].map((option) => ` ${option}`);
  return `CREATE TABLE ${quoteTable(table)} (\n  ${clauses.join(",\n  ")}\n)${options.join("")}`;
}

/** The checks in the order that is said; those of which nothing is said stand at the end. */
function inOrder({ checks, options }: Table): readonly Check[] {
  const order = option(options, "checkOrder");
  if (!Array.isArray(order)) return checks;
  const place = ({ name }: Check): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return checks.toSorted((a, b) => place(a) - place(b));
}
