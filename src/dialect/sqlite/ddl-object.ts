import type { CreateObject, DropObject, ReplaceObject } from "../../operation/operation.ts";
import { findObject, type ObjectRef, type Schema, type SchemaObject, sameTable } from "../../schema/index.ts";
import { quoteName } from "./quote.ts";
import { keptColumns, parseModule } from "./virtual-table.ts";

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
      return isOurs(operation.object) ? createStatements(operation.object) : [];
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
  const again = [dropObject(to), ...createStatements(to), ...hung.map(createObject)];
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

function createStatements(object: SchemaObject): readonly string[] {
  const made = createObject(object);
  if (object.kind !== "virtualTable" || !parseModule(object.definition).indexesAnother) return [made];
  const name = quoteName(object.name);
  return [made, `INSERT INTO ${name} (${name}) VALUES ('rebuild')`];
}

/** The statement that makes an object. */
export function createObject({ kind, name, definition }: SchemaObject): string {
  return `CREATE ${wordsOf(kind)} ${quoteName(name)} ${definition}`;
}

function wordsOf(kind: ObjectRef["kind"]): string {
  return kind === "virtualTable" ? "VIRTUAL TABLE" : kind.toUpperCase();
}

function dropObject({ kind, name }: ObjectRef): string {
  return `DROP ${kind === "virtualTable" ? "TABLE" : kind.toUpperCase()} ${quoteName(name)}`;
}
