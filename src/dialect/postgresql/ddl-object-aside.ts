import type { AlterColumn, Operation } from "../../operation/operation.ts";
import { dependsOn, objectsOn } from "../../schema/dependencies.ts";
import { objectKey, type Schema, type SchemaObject, type TableRef } from "../../schema/index.ts";
import { createAgain, dropObject } from "./ddl-object-create.ts";

/** Statements that take something out of the way, and put it back. */
export interface Aside {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Nothing in the way. */
export const nothing: Aside = { before: [], after: [] };

/** Takes objects out of the way, given in the order in which they can be made, and puts them back as they were. */
export function asideFor(objects: readonly SchemaObject[]): Aside {
  return {
    // What was granted goes by itself.
    before: objects
      .toReversed()
      .filter(({ kind }) => kind !== "grant")
      .map(dropObject),
    after: objects.flatMap(createAgain),
  };
}

/** What stands on an object, directly or through others. */
export function standingOnObject(object: SchemaObject, state: Schema): readonly SchemaObject[] {
  const key = objectKey(object);
  return objectsOn(
    state,
    (each) => objectKey(each) === key,
    () => false,
  );
}

/** Kinds that hold a column's type fast. */
const holding: ReadonlySet<string> = new Set([
  "view",
  "materializedView",
  "rule",
  "policy",
  "trigger",
  "function",
  "procedure",
  "publication",
]);

/** What has to be out of the way while columns of a table get other types, directly or through others. */
export function standingOnColumns(
  table: TableRef,
  columns: readonly string[],
  state: Schema,
): readonly SchemaObject[] {
  if (columns.length === 0 || state.objects.length === 0) return [];
  return objectsOn(
    state,
    () => false,
    (object) => holdsColumns(object, table, columns),
  );
}

/** Whether an object holds the type of one of those columns fast. */
export function holdsColumns(object: SchemaObject, table: TableRef, columns: readonly string[]): boolean {
  return holding.has(object.kind) && dependsOn(object, table, columns);
}

/** The columns that an operation gives another type, as far as what stands on them is concerned. */
export function retypedColumn(operation: Operation): AlterColumn | null {
  if (operation.kind !== "alterColumn") return null;
  const { to } = operation;
  return "type" in to || "collation" in to || "generated" in to ? operation : null;
}

/** What some operations on tables need out of the way, in the order in which it can be made. */
export function inTheWay(operations: readonly Operation[], state: Schema): readonly SchemaObject[] {
  const retyped = operations.flatMap((operation) => retypedColumn(operation) ?? []);
  const first = retyped[0];
  if (first === undefined) return [];
  return standingOnColumns(
    first.table,
    retyped.map(({ name }) => name),
    state,
  );
}

/** The schema without some objects. */
export function withoutObjects(state: Schema, objects: readonly SchemaObject[]): Schema {
  const gone = new Set(objects);
  return { ...state, objects: state.objects.filter((each) => !gone.has(each)) };
}
