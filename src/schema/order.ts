import type { ObjectRef, SchemaObject } from "./object.ts";
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
  return compareNames(a, b) || compareText(a.dialect ?? "", b.dialect ?? "");
}

function compareNames(a: ObjectRef, b: ObjectRef): number {
  return (
    compareText(a.kind, b.kind) ||
    compareText(a.table?.schema ?? "", b.table?.schema ?? "") ||
    compareText(a.table?.name ?? "", b.table?.name ?? "") ||
    compareRefs(a, b) ||
    compareText(a.signature ?? "", b.signature ?? "")
  );
}

interface Named {
  readonly name: string | null;
}

function byName<T extends Named>(list: readonly T[]): readonly T[] {
  if (list.length < 2) return list;
  const key = (item: T): string => item.name ?? `\uffff${JSON.stringify(item)}`;
  return sorted(list, (a, b) => compareText(key(a), key(b)));
}

/** The list in order; the very same one where it is in order: a schema is put in order after each of many changes. */
function sorted<T>(list: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  if (lists.has(list)) return list;
  const inOrder = list.every((item, at) => at === 0 || compare(list[at - 1]!, item) <= 0);
  const put = inOrder ? list : [...list].sort(compare);
  lists.add(put);
  return put;
}

/** A list in order with one more. */
function inserted<T>(list: readonly T[], item: T, compare: (a: T, b: T) => number): readonly T[] {
  const whole = sorted(list, compare);
  const more = whole.toSpliced(
    firstThat(whole, (each) => compare(each, item) > 0),
    0,
    item,
  );
  lists.add(more);
  return more;
}

/** The place of the first entry for which it is so, of a list in which it is so for all after that. */
function firstThat<T>(list: readonly T[], isSo: (each: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSo(list[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The entry that is called so, of tables that are known to be in order; null where the list is not. */
export function tableInOrder(
  tables: readonly Table[],
  ref: TableRef,
): { readonly found: Table | undefined } | null {
  if (!lists.has(tables)) return null;
  const found = tables[firstThat(tables, (each) => compareRefs(each, ref) >= 0)];
  return { found: found !== undefined && compareRefs(found, ref) === 0 ? found : undefined };
}

/** Those that are called so, of objects that are known to be in order, whatever database they are for; null where the list is not. */
export function objectsInOrder(
  objects: readonly SchemaObject[],
  ref: ObjectRef,
): readonly SchemaObject[] | null {
  if (!lists.has(objects)) return null;
  const from = firstThat(objects, (each) => compareNames(each, ref) >= 0);
  const to = firstThat(objects, (each) => compareNames(each, ref) > 0);
  return objects.slice(from, to);
}

/** Lists that are in order: they never change. */
const lists = new WeakSet<object>();

/** Tables that are in order, and lists of nothing but such: they never change. */
const ordered = new WeakSet<object>();

/** A table with its constraints and indexes in order of their names; the order of columns is the table's own. */
export function orderTable(table: Table): Table {
  if (ordered.has(table)) return table;
  const put = inOrderOfNames(table);
  ordered.add(put);
  return put;
}

function inOrderOfNames(table: Table): Table {
  return {
    ...table,
    foreignKeys: byName(table.foreignKeys),
    uniques: byName(table.uniques),
    checks: byName(table.checks),
    exclusions: byName(table.exclusions),
    indexes: byName(table.indexes),
  };
}

/** A schema in canonical order with one table more. */
export function withTable(schema: Schema, table: Table): Schema {
  const tables = inserted(orderTables(schema.tables), orderTable(table), compareRefs);
  ordered.add(tables);
  return canonicalOrder({ ...schema, tables });
}

/** A schema in canonical order with one object more. */
export function withObject(schema: Schema, object: SchemaObject): Schema {
  return canonicalOrder({ ...schema, objects: inserted(schema.objects, object, compareObjects) });
}

/** A schema in canonical order: equal databases are equal values. */
export function canonicalOrder(schema: Schema): Schema {
  return {
    namespaces: sorted(schema.namespaces, compareText),
    tables: orderTables(schema.tables),
    enums: sorted(schema.enums, compareRefs),
    objects: sorted(schema.objects, compareObjects),
    unmanaged: sorted(schema.unmanaged, (a, b) => compareText(a.kind, b.kind) || compareRefs(a, b)),
  };
}

/** Tables in order, each of which is. */
function orderTables(tables: readonly Table[]): readonly Table[] {
  if (ordered.has(tables)) return tables;
  const each = tables.every((table) => ordered.has(table)) ? tables : tables.map(orderTable);
  const put = sorted(each, compareRefs);
  ordered.add(put);
  return put;
}
