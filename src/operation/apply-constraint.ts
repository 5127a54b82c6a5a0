import { AthanorError } from "../errors/index.ts";
import { equal } from "../schema/equal.ts";
import { parentsOf } from "../schema/family.ts";
import { findColumn, type Table, tableLabel } from "../schema/index.ts";
import type { Operation } from "./operation.ts";

/** The operations that add a constraint. */
export type AddConstraint = Extract<
  Operation,
  { kind: "addPrimaryKey" | "addForeignKey" | "addUnique" | "addCheck" | "addExclusion" }
>;

/** The operations that drop a constraint. */
export type DropConstraint = Extract<
  Operation,
  { kind: "dropPrimaryKey" | "dropForeignKey" | "dropUnique" | "dropCheck" | "dropExclusion" }
>;

interface Constraint {
  readonly name: string | null;
}

/** A table with a constraint more. */
export function addConstraint(table: Table, operation: AddConstraint): Table {
  switch (operation.kind) {
    case "addPrimaryKey":
      if (table.primaryKey !== null) throw exists(table, "primary key", table.primaryKey.name ?? "");
      demandColumns(table, operation.primaryKey.columns);
      return { ...table, primaryKey: operation.primaryKey };
    case "addForeignKey":
      demandColumns(table, operation.foreignKey.columns);
      return { ...table, foreignKeys: added(table, "foreign key", table.foreignKeys, operation.foreignKey) };
    case "addUnique":
      demandColumns(table, operation.unique.columns);
      return { ...table, uniques: added(table, "unique constraint", table.uniques, operation.unique) };
    case "addCheck":
      return { ...table, checks: added(table, "check", table.checks, operation.check) };
    case "addExclusion":
      return {
        ...table,
        exclusions: added(table, "exclusion constraint", table.exclusions, operation.exclusion),
      };
  }
}

/** A table with a constraint less. */
export function dropConstraint(table: Table, operation: DropConstraint): Table {
  const { name } = operation;
  switch (operation.kind) {
    case "dropPrimaryKey":
      if (table.primaryKey === null) throw missing(table, "primary key", name);
      return { ...table, primaryKey: null };
    case "dropForeignKey":
      return {
        ...table,
        foreignKeys: removed(table, "foreign key", table.foreignKeys, name, operation.foreignKey),
      };
    case "dropUnique":
      return {
        ...table,
        uniques: removed(table, "unique constraint", table.uniques, name, operation.unique),
      };
    case "dropCheck":
      return { ...table, checks: removed(table, "check", table.checks, name, operation.check) };
    case "dropExclusion":
      return {
        ...table,
        exclusions: removed(table, "exclusion constraint", table.exclusions, name, operation.exclusion),
      };
  }
}

function exists(table: Table, kind: string, name: string): AthanorError {
  return new AthanorError("OPERATION.EXISTS", { kind, name, table: tableLabel(table) });
}

function missing(table: Table, kind: string, name: string | null): AthanorError {
  return new AthanorError("OPERATION.MISSING", { kind, name: name ?? "(unnamed)", table: tableLabel(table) });
}

function demandColumns(table: Table, columns: readonly string[]): void {
  if (parentsOf(table).length > 0) return; // others have the rest of its columns
  for (const column of columns)
    if (findColumn(table, column) === undefined) throw missing(table, "column", column);
}

function added<T extends Constraint>(table: Table, kind: string, list: readonly T[], item: T): readonly T[] {
  if (item.name !== null && list.some((each) => each.name === item.name))
    throw exists(table, kind, item.name);
  return [...list, item];
}

/** By name where there is one; an unnamed constraint is the one that says the same. */
function removed<T extends Constraint>(
  table: Table,
  kind: string,
  list: readonly T[],
  name: string | null,
  item: T | null,
): readonly T[] {
  const at = list.findIndex((each) =>
    name === null ? each.name === null && equal(each, item) : each.name === name,
  );
  if (at < 0) throw missing(table, kind, name);
  return list.toSpliced(at, 1);
}
