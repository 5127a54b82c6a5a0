import { findTable, sameTable } from "./lookup.ts";
import type { Schema } from "./schema.ts";
import type { Column, DialectOptions, Json, Table, TableRef } from "./table.ts";

/**
 * Tables that take their columns from others: partitions, and tables that inherit. Such a table holds what is its own
 * alone; options of its dialect say what else it has.
 */

/** What a table says of its family, by option. */
const familyOptions = ["inherits", "partitionOf", "inherited", "indexNames"] as const;

/** The tables that a table is a part of, or takes its columns from, whatever the dialect that says so. */
export function parentsOf(table: Pick<Table, "options">): readonly TableRef[] {
  return Object.values(table.options).flatMap((own) => {
    const { inherits = [], partitionOf } = own as {
      readonly inherits?: readonly TableRef[];
      readonly partitionOf?: TableRef;
    };
    const parents = partitionOf === undefined ? inherits : [...inherits, partitionOf];
    return parents.map(({ schema, name }) => ({ schema, name }));
  });
}

/** The tables that are parts of a table, or inherit from it. */
export function childrenOf(ref: TableRef, schema: Pick<Schema, "tables">): readonly Table[] {
  return schema.tables.filter((table) => parentsOf(table).some((each) => sameTable(each, ref)));
}

/** All columns that a table has: those it takes from others, then its own. */
export function allColumns(table: Table, schema: Schema): readonly Column[] {
  const inherited = parentsOf(table).flatMap((ref) => {
    const parent = findTable(schema, ref);
    return parent === undefined || sameTable(parent, table) ? [] : allColumns(parent, schema);
  });
  const columns = new Map([...inherited, ...table.columns].map((column) => [column.name, column]));
  return [...columns.values()];
}

/** A table by itself: with all of its columns, and nothing said of where they come from. */
export function detached(table: Table, schema: Schema): Table {
  return { ...table, columns: allColumns(table, schema), options: withoutFamily(table.options) };
}

/** A table that says where its columns come from, with those alone that come from nowhere else. */
export function attached(table: Table, options: DialectOptions, schema: Schema): Table {
  const joined = { ...table, options };
  const inherited = new Set(allColumns({ ...joined, columns: [] }, schema).map((column) => column.name));
  return { ...joined, columns: table.columns.filter((column) => !inherited.has(column.name)) };
}

function withoutFamily(options: DialectOptions): DialectOptions {
  const entries = Object.entries(options).map(
    ([dialect, own]): [string, { readonly [option: string]: Json }] => [
      dialect,
      Object.fromEntries(
        Object.entries(own).filter(([name]) => !(familyOptions as readonly string[]).includes(name)),
      ),
    ],
  );
  return Object.fromEntries(entries.filter(([, own]) => Object.keys(own).length > 0));
}
