import type { Json, TableRef } from "./table.ts";

/**
 * What kinds of things a database has beside tables, under names of their own; in the order in which they can usually
 * be made: those up to `cast` are what tables are made of, the rest is made of tables.
 */
export const objectKinds = [
  "extension",
  "foreignDataWrapper",
  "server",
  "collation",
  "textSearchDictionary",
  "textSearchConfiguration",
  "enum",
  "sequence",
  "domain",
  "composite",
  "range",
  "function",
  "procedure",
  "aggregate",
  "operator",
  "operatorFamily",
  "operatorClass",
  "cast",
  "foreignTable",
  "virtualTable",
  "view",
  "materializedView",
  "index",
  "statistics",
  "rule",
  "trigger",
  "policy",
  "publication",
  "event",
  "comment",
  "grant",
  "eventTrigger",
] as const;

/** A kind of thing beside tables. */
export type ObjectKind = (typeof objectKinds)[number];

/** What names an object. Two are one where all of it is the same. */
export interface ObjectRef extends TableRef {
  readonly kind: ObjectKind;
  /** The id of the dialect that it is for; null is every database. */
  readonly dialect: string | null;
  /** What it hangs on, where it does: the table of a trigger or policy, the materialized view of an index. */
  readonly table: TableRef | null;
  /** What tells those of one name apart, where several may have it: types of arguments (`integer, text`), the method of an operator class. */
  readonly signature: string | null;
}

/** Something that an object cannot be without. */
export interface Dependency extends TableRef {
  readonly kind: ObjectKind | "table";
  readonly signature: string | null;
  /** The columns that are meant, where it is some of them and not the whole. */
  readonly columns: readonly string[];
}

/** A thing beside the tables, in the words of one dialect or of all: other databases pass over it. */
export interface SchemaObject extends ObjectRef {
  /** What follows the name in the statement that creates it, in the database's canonical form. */
  readonly definition: string;
  /** The column it goes away with. */
  readonly ownedBy: { readonly table: TableRef; readonly column: string } | null;
  readonly comment: string | null;
  /** What of it no definition says, by kind: whether a trigger is enabled, defaults of a view's columns. */
  readonly options: { readonly [option: string]: Json };
  /** What it stands on, as the database's catalog has it; absent where nobody asked, and its text has to tell. */
  readonly dependsOn?: readonly Dependency[];
  /** What else is known of it that is no part of it: who owns it, the columns that a view gives. */
  readonly facts?: ObjectFacts;
}

/** What the catalog says of an object beyond what it is. Never compared. */
export interface ObjectFacts {
  readonly owner?: string;
  /** Names and types of the columns that it gives. */
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
}

/** An object; what is left out is the usual. */
export function schemaObject(
  kind: ObjectKind,
  ref: string | TableRef,
  definition: string,
  rest: Partial<Omit<SchemaObject, "kind" | "name" | "schema" | "definition">> = {},
): SchemaObject {
  const { schema, name } = typeof ref === "string" ? { schema: null, name: ref } : ref;
  return {
    kind,
    dialect: null,
    schema,
    name,
    table: null,
    signature: null,
    definition,
    ownedBy: null,
    comment: null,
    options: {},
    ...rest,
  };
}

const relations: ReadonlySet<ObjectKind> = new Set([
  "view",
  "materializedView",
  "foreignTable",
  "virtualTable",
  "sequence",
]);

/** Whether a kind is what triggers, grants and their like can hang on, as on a table. */
export function isRelation({ kind }: { readonly kind: ObjectKind }): boolean {
  return relations.has(kind);
}

/** The name of an object without what it is. */
export function objectRef({ kind, dialect, schema, name, table, signature }: ObjectRef): ObjectRef {
  return { kind, dialect, schema, name, table, signature };
}

/** A key for maps of objects of one database. */
export function objectKey({ kind, schema, name, table, signature }: Omit<ObjectRef, "dialect">): string {
  return JSON.stringify([kind, schema, name, table && [table.schema, table.name], signature]);
}

/** Whether both names are those of one thing, whatever its definition. What is for every database is for each. */
export function sameObject(a: ObjectRef, b: ObjectRef): boolean {
  const dialects = a.dialect === null || b.dialect === null || a.dialect === b.dialect;
  return dialects && a.name === b.name && a.kind === b.kind && objectKey(a) === objectKey(b);
}

/** Whether nobody could tell two objects of one name apart. */
export function sameDefinition(a: SchemaObject, b: SchemaObject): boolean {
  return essence(a) === essence(b);
}

function essence({ definition, ownedBy, comment, options }: SchemaObject): string {
  const sorted = Object.entries(options).sort(([x], [y]) => (x < y ? -1 : 1));
  return JSON.stringify([
    definition,
    ownedBy && [ownedBy.table.schema, ownedBy.table.name, ownedBy.column],
    comment,
    sorted,
  ]);
}

const words: Partial<Readonly<Record<ObjectKind, string>>> = {
  foreignDataWrapper: "foreign data wrapper",
  composite: "composite type",
  range: "range type",
  textSearchDictionary: "text search dictionary",
  textSearchConfiguration: "text search configuration",
  operatorFamily: "operator family",
  operatorClass: "operator class",
  foreignTable: "foreign table",
  virtualTable: "virtual table",
  materializedView: "materialized view",
  eventTrigger: "event trigger",
};

/** A kind in words: `materialized view`. */
export function kindLabel(kind: ObjectKind): string {
  return words[kind] ?? kind;
}

/** How people read an object's name: `film_in_stock(integer)`, `last_updated on film`. */
export function objectLabel({ schema, name, table, signature }: Omit<ObjectRef, "kind" | "dialect">): string {
  const qualified = schema === null || table !== null ? name : `${schema}.${name}`;
  const args = signature === null ? "" : `(${signature})`;
  const on = table === null ? "" : ` on ${table.schema === null ? "" : `${table.schema}.`}${table.name}`;
  return `${qualified}${args}${on}`;
}
