import type { CreateObject, DropObject, Operation, ReplaceObject } from "../../operation/operation.ts";
import { findObject, type ObjectRef, type Schema, type SchemaObject, sameTable } from "../../schema/index.ts";
import type { PlanCheck } from "../design.ts";
import { ownName, quoteName } from "./quote.ts";
import { canBeRebuilt, keptColumns, parseModule } from "./virtual-table.ts";

/** Views, triggers and virtual tables. SQLite keeps them as they were written. */

/** Whether an object is for SQLite. */
export function isOurs({ dialect }: Pick<ObjectRef, "dialect">): boolean {
  return dialect === null || dialect === "sqlite";
}

/** The statements of one operation on an object; none where it is another dialect's. */
export function objectStatements(
  operation: CreateObject | DropObject | ReplaceObject,
  state: Schema,
): readonly string[] {
  switch (operation.kind) {
    case "createObject":
      return isOurs(operation.object) ? createStatements(operation.object, state) : [];
    case "dropObject":
      return isOurs(operation.ref) ? [dropObject(operation.ref)] : [];
    case "replaceObject":
      return isOurs(operation.to)
        ? replace(operation.to, operation.from ?? findObject(state, operation.to), state)
        : [];
  }
}

function replace(to: SchemaObject, from: SchemaObject | undefined, state: Schema): readonly string[] {
  // The triggers of a view go with it.
  const hung = state.objects.filter(({ table }) => table !== null && sameTable(table, to));
  const again = [dropObject(to), ...createStatements(to, state), ...hung.map(createObject)];
  if (to.kind !== "virtualTable" || from === undefined) return again;
  const columns = keptColumns(from.definition, to.definition);
  if (columns.length === 0) return again;
  const rows = quoteName(`_athanor_rows_${to.name}`);
  const names = columns.map(quoteName).join(", ");
  return [
    `CREATE TABLE ${rows} AS SELECT ${names} FROM ${quoteName(to.name)}`,
    ...again,
    `INSERT INTO ${quoteName(to.name)} (${names}) SELECT ${names} FROM ${rows}`,
    `DROP TABLE ${rows}`,
  ];
}

/** An index of words over what lacks a column of it is filled by whoever knows what with. */
function createStatements(object: SchemaObject, state: Schema): readonly string[] {
  const made = createObject(object);
  const over = object.kind === "virtualTable" ? parseModule(object.definition).over : null;
  if (over === null || !canBeRebuilt(over, state)) return [made];
  const name = quoteName(object.name);
  return [made, `INSERT INTO ${name} (${name}) VALUES ('rebuild')`];
}

/**
 * That a virtual table has no rows where another takes its place and nothing of it goes over: an index of words over
 * nothing, or over what lacks a column of it, is kept nowhere else.
 */
export function lostRows(operation: Operation, state: Schema): readonly PlanCheck[] {
  if (operation.kind !== "replaceObject" || !isOurs(operation.to)) return [];
  const { to } = operation;
  const from = operation.from ?? findObject(state, to);
  if (to.kind !== "virtualTable" || from === undefined) return [];
  const [old, now] = [parseModule(from.definition), parseModule(to.definition)];
  const refilled = now.over !== null && canBeRebuilt(now.over, state);
  if (refilled || (old.over === null && old.columns.length === 0)) return [];
  if (keptColumns(from.definition, to.definition).length > 0) return [];
  const rows = old.over === null ? from.name : `${from.name}_${old.over.entries}`;
  return [
    {
      sql: `SELECT count(*), 'its first entry' FROM ${quoteName(rows)} HAVING count(*) > 0`,
      violation: `what virtual table "${from.name}" has would be lost, and is kept nowhere else: empty or drop it in a step before, and fill it again in one after`,
    },
  ];
}

/** The statement that makes an object. */
export function createObject({ kind, name, definition }: SchemaObject): string {
  return `CREATE ${wordsOf(kind)} ${quoteName(name)} ${definition}`;
}

function wordsOf(kind: ObjectRef["kind"]): string {
  return kind === "virtualTable" ? "VIRTUAL TABLE" : kind.toUpperCase();
}

function dropObject({ kind, name }: ObjectRef): string {
  return `DROP ${kind === "virtualTable" ? "TABLE" : kind.toUpperCase()} ${ownName(name)}`;
}
