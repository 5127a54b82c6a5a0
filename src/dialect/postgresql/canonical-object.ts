import { creationOrder } from "../../schema/creation-order.ts";
import { closure, Dependencies, type Standing, standingsOf } from "../../schema/dependencies.ts";
import { equal } from "../../schema/equal.ts";
import {
  table as buildTable,
  type Json,
  type ObjectRef,
  type Schema,
  type SchemaObject,
  sameObject,
  sameTable,
  type Table,
} from "../../schema/index.ts";
import type { Connection } from "../connection.ts";
import { readObjects } from "./catalog.ts";
import { createStatement } from "./ddl-object-create.ts";
import { memberStatements } from "./ddl-operator-family.ts";
import { createTable } from "./ddl-table.ts";
import { knownOf } from "./inspect.ts";
import { dollarTag } from "./object-words.ts";
import { Scratch } from "./scratch.ts";
import { isOfDatabase, ScratchNames, usualClass } from "./scratch-names.ts";
import { parseTypeName, typeName } from "./type-name.ts";

/**
 * How the server writes views, functions, triggers and bounds of partitions down. What is in the database word for word
 * is in its words already. For the rest, it and whatever it stands on are made in schemas of their own, inside a
 * transaction that is taken back, and read from there.
 */

/** What a database has of objects and parted tables. */
export type Known = Pick<Schema, "tables" | "objects">;

/** The schema with its objects, and its parts of tables, as the server writes them. What it refuses stays as written. */
export async function withServerObjects(
  schema: Schema,
  connection: Connection,
  given?: Known,
): Promise<Schema> {
  const parts = schema.tables.filter(isParted);
  if (schema.objects.length + parts.length === 0) return schema;
  const known = given ?? (await knownObjects(connection));
  const open = schema.objects.filter(
    (object) => isAsked(object) && find(known.objects, object) === undefined,
  );
  const unknown = parts.filter((table) => !isKnownPart(table, known));
  const made =
    open.length + unknown.length === 0 ? known : await make(schema, open, unknown, known, connection);
  return {
    ...schema,
    objects: schema.objects.map((object) =>
      inWords(object, open.includes(object) ? match(made.objects, object) : find(known.objects, object)),
    ),
    tables: schema.tables.map((table) => (unknown.includes(table) ? partInWords(table, made) : table)),
  };
}

async function knownObjects(connection: Connection): Promise<Known> {
  return knownOf(await readObjects(connection));
}

/** Kinds that are made to see how the server writes them; of the rest nothing is to be seen, or all would see it. */
function isMade({ kind }: SchemaObject): boolean {
  return !["extension", "comment", "grant", "eventTrigger", "event", "virtualTable"].includes(kind);
}

/** A sequence's definition follows from rules. */
function isAsked(object: SchemaObject): boolean {
  return isMade(object) && object.kind !== "sequence";
}

/** The object of that name with that very definition. */
function find(objects: readonly SchemaObject[], object: SchemaObject): SchemaObject | undefined {
  return objects.find(
    (each) =>
      each.definition === object.definition &&
      sameObject(each, object) &&
      equal(each.options["members"], object.options["members"]),
  );
}

function isParted(table: Table): boolean {
  const own = table.options["postgresql"];
  return own?.["partitionBy"] !== undefined || own?.["partitionOf"] !== undefined;
}

function isKnownPart(table: Table, known: Known): boolean {
  const found = known.tables.find((each) => sameTable(each, table));
  return found !== undefined && partText(found) === partText(table);
}

function partText(table: Table): string {
  const { partitionBy = null, partitionOf = null } = table.options["postgresql"] ?? {};
  return JSON.stringify([partitionBy, (partitionOf as { readonly bound?: string } | null)?.bound]);
}

function partInWords(table: Table, made: Known): Table {
  const read = made.tables.find((each) => sameTable(each, table))?.options["postgresql"];
  const own = table.options["postgresql"];
  if (read === undefined || own === undefined) return table;
  const { partitionBy, partitionOf } = own;
  const bound = (read["partitionOf"] as { readonly bound?: string } | undefined)?.bound;
  const options: { readonly [option: string]: Json } = {
    ...own,
    ...(partitionBy === undefined ? {} : { partitionBy: read["partitionBy"] ?? partitionBy }),
    ...(partitionOf === undefined || bound === undefined
      ? {}
      : { partitionOf: { ...(partitionOf as { readonly [key: string]: Json }), bound } }),
  };
  return { ...table, options: { ...table.options, postgresql: options } };
}

/** An object as the server has it: what else is said of it stays. */
function inWords(object: SchemaObject, read: SchemaObject | undefined): SchemaObject {
  const base = { ...object, dialect: "postgresql", definition: object.definition.trim() };
  if (read === undefined) return base;
  return {
    ...base,
    definition: asUsual(object) && !asUsual(read) ? `DEFAULT ${read.definition}` : read.definition,
    signature: read.signature,
    ...(read.kind === "operatorFamily" ? { options: read.options } : {}),
    ...(read.dependsOn === undefined ? {} : { dependsOn: read.dependsOn }),
    ...(read.facts === undefined ? {} : { facts: read.facts }),
  };
}

/** Whether it is the operator class that indexes have where nobody names one: a type has one, so none is made for a moment. */
function asUsual({ kind, definition }: SchemaObject): boolean {
  return kind === "operatorClass" && usualClass.test(definition);
}

/** The object that was made of another: argument types may be written in several ways. */
function match(made: readonly SchemaObject[], object: SchemaObject): SchemaObject | undefined {
  const exact = made.find((each) => sameObject(each, object));
  if (exact !== undefined || object.signature === null) return exact;
  const same = (each: ObjectRef): boolean => sameObject({ ...each, signature: object.signature }, object);
  const named = made.filter(same);
  const wanted = typesOf(object.signature);
  return (
    named.find((each) => typesOf(each.signature ?? "") === wanted) ??
    (named.length === 1 ? named[0] : undefined)
  );
}

function typesOf(signature: string): string {
  return signature
    .split(",")
    .map((type) => typeName(parseTypeName(type.trim().toLowerCase())))
    .join(",");
}

async function make(
  schema: Schema,
  objects: readonly SchemaObject[],
  tables: readonly Table[],
  known: Known,
  connection: Connection,
): Promise<Known> {
  const isFound = (each: Standing): boolean =>
    each.kind === "object" &&
    isOfDatabase(each.object) &&
    known.objects.some((one) => sameObject(one, each.object));
  const wanted = withBelow(schema, standingsOf(objects, tables)).filter((each) => !isFound(each));
  return Scratch.within(connection, async (scratch) => {
    const names = await ScratchNames.open(wanted, connection, scratch);
    if (names === null) return { tables: [], objects: [] };
    const order = creationOrder(
      wanted.flatMap((each) => (each.kind === "table" ? [plain(each.table)] : [])),
      wanted.flatMap((each) => (each.kind === "object" ? [each.object] : [])),
      schema,
    );
    const standings: readonly Standing[] = [
      ...order.made,
      ...order.rest.map((object): Standing => ({ kind: "object", object })),
    ];
    const statements = standings.flatMap((each) => statementsOf(each, schema, names));
    await scratch.attemptAll(statements, dollarTag);
    return names.read(connection, new Set(objects.map(({ kind }) => kind)), tables.length > 0);
  });
}

function statementsOf(standing: Standing, schema: Schema, names: ScratchNames): readonly string[] {
  if (standing.kind === "object") {
    const object = names.object(standing.object);
    return [createStatement(object), ...memberStatements(object, undefined)];
  }
  return createTable(names.table(standing.table), schema);
}

/** These, and all that they stand on. */
function withBelow(schema: Schema, standings: readonly Standing[]): readonly Standing[] {
  const dependencies = new Dependencies(schema);
  return closure(standings, (each) =>
    each.kind === "object" ? dependencies.ofObject(each.object) : dependencies.ofTable(plain(each.table)),
  ).filter((each) => each.kind === "table" || isMade(each.object) || each.object.kind === "extension");
}

/** What others can see of a table: its columns and its key, and of what it is a part. */
function plain(table: Table): Table {
  const own = table.options["postgresql"] ?? {};
  const kept = Object.fromEntries(
    Object.entries(own).filter(([name]) => ["partitionBy", "partitionOf", "inherits"].includes(name)),
  );
  const columns = table.columns.map((column) => ({
    ...column,
    default: null,
    generated: null,
    autoIncrement: false,
    identity: null,
    comment: null,
    options: {},
  }));
  const primaryKey = table.primaryKey && { ...table.primaryKey, name: null, options: {} };
  return buildTable(table, columns, { primaryKey, options: { postgresql: kept } });
}
