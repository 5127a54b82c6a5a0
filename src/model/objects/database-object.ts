import { attached } from "../../schema/family.ts";
import {
  findTable,
  type NamingConvention,
  type Schema,
  type SchemaObject,
  type Table,
  type TableRef,
} from "../../schema/index.ts";
import { definitionOf } from "../definition.ts";

/** What objects add to a schema. */
export interface SchemaParts {
  readonly objects?: readonly SchemaObject[];
  readonly tables?: readonly Table[];
  readonly enums?: Schema["enums"];
  readonly namespaces?: readonly string[];
}

/** What is known when objects become a part of a schema. */
export interface PartsSetting {
  readonly naming: NamingConvention;
}

/**
 * Something of a database beside its tables: a view, a function, a trigger. Exported from a model file like a model, it
 * is found like one; made in a program, `createAll` makes it too.
 */
export class DatabaseObject {
  /** What people call it: `view active_hero`. */
  readonly label: string;
  readonly #parts: (setting: PartsSetting) => SchemaParts;

  constructor(label: string, parts: (setting: PartsSetting) => SchemaParts) {
    this.label = label;
    this.#parts = parts;
    known.push(this);
  }

  /** What it adds to a schema. Arrows are called only now, when every model is there. */
  parts(setting: PartsSetting): SchemaParts {
    return this.#parts(setting);
  }
}

const known: DatabaseObject[] = [];

/** Every object made so far, in the order in which their modules ran. */
export function knownObjects(): readonly DatabaseObject[] {
  return known;
}

/** Whether something exported is an object of a database. */
export function isDatabaseObject(value: unknown): value is DatabaseObject {
  return value instanceof DatabaseObject;
}

/** A name, alone or in a named schema. A dot in a name is part of it. */
export type ObjectName = string | { readonly schema: string | null; readonly name: string };

/** A table as objects name it: its model, behind an arrow where modules import each other, or its name. */
export type TableTarget = ObjectName | object | (() => object);

/** A name in both parts. */
export function refOf(name: ObjectName): TableRef {
  return typeof name === "string" ? { schema: null, name } : { schema: name.schema, name: name.name };
}

/** The table that is meant. */
export function targetOf(target: TableTarget): TableRef {
  if (typeof target === "string") return { schema: null, name: target };
  const definition = definitionOf(target);
  if (definition !== undefined) return { schema: definition.table.schema, name: definition.table.name };
  if (typeof target === "function") return targetOf((target as () => object)());
  return refOf(target as ObjectName);
}

/** A schema with the parts added. Tables that inherit keep what is their own. */
export function withParts(schema: Schema, list: readonly SchemaParts[]): Schema {
  const tables = [...schema.tables, ...list.flatMap((each) => each.tables ?? [])];
  const objects = [...schema.objects, ...list.flatMap((each) => each.objects ?? [])];
  const enums = [...schema.enums, ...list.flatMap((each) => each.enums ?? [])];
  const named = [...tables, ...objects, ...enums].flatMap((each) => each.schema ?? []);
  const said = list.flatMap((each) => each.namespaces ?? []);
  const whole: Schema = {
    ...schema,
    tables,
    objects,
    enums,
    namespaces: [...new Set([...schema.namespaces, ...said, ...named])],
  };
  return { ...whole, tables: tables.map((table) => withoutInherited(table, whole)) };
}

/** A model says all of its fields, those that its table takes from another too. */
function withoutInherited(table: Table, schema: Schema): Table {
  const inherits = Object.values(table.options).some((own) => own["inherits"] !== undefined);
  if (!inherits || table.columns.length === 0) return table;
  const plain = attached(table, table.options, schema);
  const own = table.columns.filter(
    (column) =>
      plain.columns.includes(column) ||
      isSaidAgain(table, column.name) ||
      !sameColumn(column, findInherited(table, column.name, schema)),
  );
  return { ...table, columns: own };
}

/** Whether the table's options say that the column is its own as well. */
function isSaidAgain(table: Table, column: string): boolean {
  return Object.values(table.options).some((own) => {
    const notes = own["inherited"] as { readonly [column: string]: { readonly own?: boolean } } | undefined;
    return notes?.[column]?.own === true;
  });
}

function findInherited(table: Table, name: string, schema: Schema): Table["columns"][number] | undefined {
  const parents = Object.values(table.options).flatMap(
    (own) => (own["inherits"] ?? []) as unknown as readonly TableRef[],
  );
  for (const ref of parents) {
    const parent = findTable(schema, ref);
    const found = parent?.columns.find((column) => column.name === name);
    if (found !== undefined) return found;
    const above = parent && findInherited(parent, name, schema);
    if (above !== undefined) return above;
  }
  return undefined;
}

function sameColumn(a: Table["columns"][number], b: Table["columns"][number] | undefined): boolean {
  return (
    b !== undefined && JSON.stringify({ ...a, comment: null }) === JSON.stringify({ ...b, comment: null })
  );
}
