import type { Column, Schema, TableRef } from "../../schema/index.ts";
import { findTable } from "../../schema/index.ts";
import { option } from "./ddl-clauses.ts";
import { quoteName, quoteTable } from "./quote.ts";
import { usualSequenceName } from "./sequence-name.ts";

/** Whether a column is numbered by `serial` rather than an identity. */
export function isSerial(column: Partial<Column>): boolean {
  return column.autoIncrement === true && option(column.options ?? {}, "serial") === true;
}

/**
 * Sequences of `serial` columns take the new name of their table or column: by it they are known. The table is there
 * under its new name already, and its sequences went with it to another schema.
 */
export function renamedSerials(
  state: Schema,
  from: TableRef,
  to: TableRef,
  nameOf: (column: string) => string = (column) => column,
): readonly string[] {
  const columns = findTable(state, from)?.columns.filter(isSerial) ?? [];
  return columns.flatMap(({ name }) => {
    const [old, now] = [usualSequenceName(from.name, name), usualSequenceName(to.name, nameOf(name))];
    const sequence = quoteTable({ schema: to.schema, name: old });
    return old === now ? [] : [`ALTER SEQUENCE IF EXISTS ${sequence} RENAME TO ${quoteName(now)}`];
  });
}
