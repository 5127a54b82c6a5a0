import type {
  AddCheck,
  AddForeignKey,
  AddPrimaryKey,
  AddUnique,
  AlterColumn,
} from "../../operation/operation.ts";
import type { Column, Index, TableRef } from "../../schema/index.ts";
import {
  addColumnStatements,
  checkClause,
  createIndexStatements,
  foreignKeyClause,
  nameList,
} from "./ddl-clauses.ts";
import { defaultSql, physicalType } from "./physical.ts";
import { quoteName, quoteTable } from "./quote.ts";
import { typeName } from "./type-name.ts";

/** How to do what locks a table for long without doing so, as scripts for people: SQL, with comments between. */

const later = "-- in a migration of its own, so that the lock above is gone; reads and writes go on:";
const inFile = "{ options: { postgresql: { concurrently: true } } }";

function notValid<T extends { readonly options: Column["options"] }>(item: T): T {
  const own = { ...item.options["postgresql"], notValid: true };
  return { ...item, options: { ...item.options, postgresql: own } };
}

function validated(table: TableRef, clause: string, name: string): readonly string[] {
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  return [`${alter} ADD ${clause};`, later, `${alter} VALIDATE CONSTRAINT ${quoteName(name)};`];
}

/** `NOT VALID`, then `VALIDATE`. */
export function foreignKey({ table, foreignKey: key }: AddForeignKey): readonly string[] {
  const name = key.name ?? `${table.name}_${key.columns.join("_")}_fkey`;
  return validated(table, foreignKeyClause(notValid({ ...key, name })), name);
}

/** `NOT VALID`, then `VALIDATE`. */
export function check({ table, check: said }: AddCheck): readonly string[] {
  const name = said.name ?? `${table.name}_check`;
  return validated(table, checkClause(notValid({ ...said, name })), name);
}

/** A check that is validated in peace, and proves what SET NOT NULL would read the table for. */
export function notNull(table: TableRef, column: string): readonly string[] {
  const name = `${table.name}_${column}_not_null`;
  const proof = { name, expression: `${quoteName(column)} IS NOT NULL`, options: {} };
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  return [
    ...validated(table, checkClause(notValid(proof)), name),
    `${alter} ALTER COLUMN ${quoteName(column)} SET NOT NULL;`,
    `${alter} DROP CONSTRAINT ${quoteName(name)};`,
  ];
}

/** An index first, built while others write; the constraint takes it over. */
export function uniqueConstraint(operation: AddPrimaryKey | AddUnique): readonly string[] {
  const { table } = operation;
  const primary = operation.kind === "addPrimaryKey";
  const key = primary ? operation.primaryKey : operation.unique;
  const usual = primary ? `${table.name}_pkey` : `${table.name}_${key.columns.join("_")}_key`;
  const name = quoteName(key.name ?? usual);
  const word = primary ? "PRIMARY KEY" : "UNIQUE";
  const nulls = "nullsNotDistinct" in key && key.nullsNotDistinct ? " NULLS NOT DISTINCT" : "";
  const deferrable = operation.kind === "addUnique" ? operation.unique.deferrable : null;
  const when = deferrable === null ? "" : ` DEFERRABLE INITIALLY ${deferrable.toUpperCase()}`;
  return [
    `-- op.createIndex with unique: true and ${inFile}:`,
    `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${quoteTable(table)} ${nameList(key.columns)}${nulls};`,
    "-- op.execute, with `changes` that drop the index and add the constraint:",
    `ALTER TABLE ${quoteTable(table)} ADD CONSTRAINT ${name} ${word} USING INDEX ${name}${when};`,
  ];
}

/** Built while others write. */
export function index(table: TableRef, said: Index): readonly string[] {
  const own = { ...said.options["postgresql"], concurrently: true };
  const [create, ...rest] = createIndexStatements(table, {
    ...said,
    options: { ...said.options, postgresql: own },
  });
  return [`-- op.createIndex with ${inFile}:`, `${create};`, ...rest.map((sql) => `${sql};`)];
}

/** Without a value first; the rows that are there are filled bit by bit. */
export function addedColumn(table: TableRef, column: Column): readonly string[] {
  const name = quoteName(column.name);
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  const value = column.default === null ? "NULL" : defaultSql(column.default);
  const bare: Column = { ...column, default: null, nullable: true };
  return [
    ...addColumnStatements(table, bare).map((sql) => `${sql};`),
    `${alter} ALTER COLUMN ${name} SET DEFAULT ${value};`,
    ...batches(table, column.name, value),
    ...(column.nullable ? [] : notNull(table, column.name)),
  ];
}

/** A second column, filled bit by bit, takes the place of the first. */
export function retypedColumn(operation: AlterColumn, was: Partial<Column>): readonly string[] {
  const { table, name, to } = operation;
  if (to.type === undefined || to.generated !== undefined || was.generated != null) return [];
  const type = typeName(physicalType(to.type, table, name));
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  const [old, fresh] = [quoteName(name), `${name}_new`];
  return [
    `${alter} ADD COLUMN ${quoteName(fresh)} ${type};`,
    "-- deploy code, or a trigger, that writes both columns; then:",
    ...batches(table, fresh, operation.using ?? `${old}::${type}`, ` AND ${old} IS NOT NULL`),
    "-- deploy code that reads the new one; then:",
    `${alter} DROP COLUMN ${old};`,
    `${alter} RENAME COLUMN ${quoteName(fresh)} TO ${old};`,
  ];
}

function batches(table: TableRef, column: string, value: string, and = ""): readonly string[] {
  const [from, name] = [quoteTable(table), quoteName(column)];
  const some = `SELECT ctid FROM ${from} WHERE ${name} IS NULL${and} LIMIT 5000`;
  return [
    "-- again and again, each in a transaction of its own, until no row is left:",
    `UPDATE ${from} SET ${name} = ${value} WHERE ctid = ANY (ARRAY(${some}));`,
  ];
}
