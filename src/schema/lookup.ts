import { enumObject } from "./enum-object.ts";
import { type ObjectRef, type SchemaObject, sameObject } from "./object.ts";
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
  return schema.tables.find((table) => sameTable(table, ref));
}

/** The column of that name, if the table has it. */
export function findColumn(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

/** The object of that name, if the schema has it; an enum as such. */
export function findObject(schema: Schema, ref: ObjectRef): SchemaObject | undefined {
  if (ref.kind !== "enum") return schema.objects.find((object) => sameObject(object, ref));
  const found = schema.enums.find((each) => sameTable(each, ref));
  return found === undefined ? undefined : enumObject(found);
}
