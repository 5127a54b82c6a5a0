import { enumObject } from "./enum-object.ts";
import { type ObjectRef, type SchemaObject, sameObject } from "./object.ts";
import { objectsInOrder, tableInOrder } from "./order.ts";
import type { Schema } from "./schema.ts";
import type { Column, Table, TableRef } from "./table.ts";

/** A key for maps of tables. The parts are JSON, so no name can imitate another's key. */
export function tableKey(ref: TableRef): string {
  return ref.schema === null ? ref.name : JSON.stringify([ref.schema, ref.name]);
}

/** Whether both name the same table. */
export function sameTable(a: TableRef, b: TableRef): boolean {
  return a.name === b.name && a.schema === b.schema;
}

/** How people read a table's name: `schema.name`, or the name alone. */
export function tableLabel(ref: TableRef): string {
  return ref.schema === null ? ref.name : `${ref.schema}.${ref.name}`;
}

/** The table of that name, if the schema has it. */
export function findTable(schema: Schema, ref: TableRef): Table | undefined {
  const inOrder = tableInOrder(schema.tables, ref);
  if (inOrder !== null) return inOrder.found;
  return named(schema.tables, ref.name).find((table) => sameTable(table, ref));
}

/** The column of that name, if the table has it. */
export function findColumn(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

/** The object of that name, if the schema has it; an enum as such. */
export function findObject(schema: Schema, ref: ObjectRef): SchemaObject | undefined {
  if (ref.kind !== "enum") {
    const objects = objectsInOrder(schema.objects, ref) ?? named(schema.objects, ref.name);
    return objects.find((object) => sameObject(object, ref));
  }
  const found = schema.enums.find((each) => sameTable(each, ref));
  return found === undefined ? undefined : enumObject(found);
}

/** What has the name, of a list that is looked through again and again: a schema's lists are frozen data. */
function named<T extends { readonly name: string }>(list: readonly T[], name: string): readonly T[] {
  if (list.length < worthwhile) return list;
  const known = looked.get(list);
  if (known === undefined || known.asked < worthwhile) {
    looked.set(list, { asked: (known?.asked ?? 0) + 1, byName: null });
    return list;
  }
  known.byName ??= Map.groupBy(list, (each) => each.name);
  return (known.byName.get(name) ?? []) as readonly T[];
}

/** How many entries and questions make up for a map of names: most schemas between two operations are asked a few. */
const worthwhile = 16;

const looked = new WeakMap<readonly { readonly name: string }[], Looked>();

interface Looked {
  readonly asked: number;
  byName: ReadonlyMap<string, readonly { readonly name: string }[]> | null;
}
