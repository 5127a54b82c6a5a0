import type { SchemaObject } from "./object.ts";
import type { Schema } from "./schema.ts";
import type { Table, TableRef } from "./table.ts";

/** Compares by code unit, so that order is the same on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Compares names of tables: those of the default schema first, then by schema, then by name. */
export function compareRefs(a: TableRef, b: TableRef): number {
  return compareText(a.schema ?? "", b.schema ?? "") || compareText(a.name, b.name);
}

/** Compares objects: by kind, by what they hang on, by name, by the types of their arguments. */
function compareObjects(a: SchemaObject, b: SchemaObject): number {
  const on = (object: SchemaObject): TableRef => object.table ?? { schema: null, name: "" };
  return (
    compareText(a.kind, b.kind) ||
    compareRefs(on(a), on(b)) ||
    compareRefs(a, b) ||
    compareText(a.signature ?? "", b.signature ?? "") ||
    compareText(a.dialect ?? "", b.dialect ?? "")
  );
}

interface Named {
  readonly name: string | null;
}

function byName<T extends Named>(list: readonly T[]): readonly T[] {
  const key = (item: T): string => item.name ?? `\uffff${JSON.stringify(item)}`;
  return [...list].sort((a, b) => compareText(key(a), key(b)));
}

/** A table with its constraints and indexes in order of their names; the order of columns is the table's own. */
export function orderTable(table: Table): Table {
  return {
    ...table,
    foreignKeys: byName(table.foreignKeys),
    uniques: byName(table.uniques),
    checks: byName(table.checks),
    exclusions: byName(table.exclusions),
    indexes: byName(table.indexes),
  };
}

/** A schema in canonical order: equal databases are equal values. */
export function canonicalOrder(schema: Schema): Schema {
  return {
    namespaces: [...schema.namespaces].sort(compareText),
    tables: schema.tables.map(orderTable).sort(compareRefs),
    enums: [...schema.enums].sort(compareRefs),
    objects: [...schema.objects].sort(compareObjects),
    unmanaged: [...schema.unmanaged].sort((a, b) => compareText(a.kind, b.kind) || compareRefs(a, b)),
  };
}
