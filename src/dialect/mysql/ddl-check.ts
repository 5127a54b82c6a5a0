import { AthanorError, isAthanorError } from "../../errors/index.ts";
import { apply } from "../../operation/index.ts";
import type { Operation } from "../../operation/operation.ts";
import {
  type Column,
  findColumn,
  findTable,
  type Schema,
  type TableRef,
  tableLabel,
} from "../../schema/index.ts";
import type { PlanCheck } from "../design.ts";
import { adapted } from "./adapt.ts";
import { quoteTable } from "./ddl-clauses.ts";
import { stands } from "./ddl-foreign-key.ts";
import type { Binding } from "./flavor.ts";
import { quoteName, quoteString } from "./quote.ts";

/** What has to be asked of the rows, since the server would fill them with values of its own, or fail halfway. */

/** What has to hold before the operations run: no row is left without a value that a column demands. */
export function preconditions(operations: readonly Operation[], state: Schema): readonly PlanCheck[] {
  const fresh = new Set<string>();
  return operations.flatMap((operation): PlanCheck[] => {
    if (operation.kind === "addColumn") {
      fresh.add(operation.column.name);
      const there = findTable(state, operation.table) !== undefined;
      return there && lacksValue(operation.column) ? [noRows(operation.table, operation.column)] : [];
    }
    if (operation.kind !== "alterColumn" || operation.to.nullable !== false) return [];
    const table = findTable(state, operation.table);
    const column = table === undefined ? undefined : findColumn(table, operation.name);
    const unknown = operation.using !== null || fresh.has(operation.name) || column?.nullable !== true;
    return unknown || operation.to.generated != null ? [] : [noNulls(operation.table, operation.name)];
  });
}

function lacksValue(column: Column): boolean {
  const filled =
    column.default !== null || column.generated !== null || column.autoIncrement || column.identity !== null;
  return !column.nullable && !filled;
}

function noRows(table: TableRef, column: Column): PlanCheck {
  return {
    sql: `SELECT COUNT(*), ${quoteString(column.name)} FROM ${quoteTable(table)} HAVING COUNT(*) > 0`,
    violation: `column "${column.name}" of table "${tableLabel(table)}" may not be null, has no default, and there are rows`,
  };
}

function noNulls(table: TableRef, column: string): PlanCheck {
  const name = quoteName(column);
  return {
    sql: `SELECT COUNT(*), 'NULL' FROM ${quoteTable(table)} WHERE ${name} IS NULL HAVING COUNT(*) > 0`,
    violation: `column "${column}" of table "${tableLabel(table)}" is to be required, and rows have no value in it`,
  };
}

/** Subqueries that answer two rows where one is due fail; no other expression fails in every mode of the server. */
export function assertion(check: PlanCheck): string {
  return `SELECT IF(COUNT(*) > 0, (SELECT 1 UNION ALL SELECT 2), 0) FROM (${check.sql}) AS violation`;
}

/**
 * Throws `PLAN.UNSUPPORTED` where the operations leave a foreign key whose columns no longer agree: the server changes
 * a column only without its keys, and such a key could not come back.
 */
export function refuseLostKeys(operations: readonly Operation[], state: Schema, binding: Binding): void {
  if (!operations.some((operation) => operation.kind === "alterColumn")) return;
  const end = endOf(operations, state, binding);
  for (const table of end?.tables ?? []) {
    const lost = table.foreignKeys.find((key) => !stands(table, key, end!, binding));
    if (lost === undefined) continue;
    throw new AthanorError("PLAN.UNSUPPORTED", {
      operation: `change the type of a column of foreign key "${lost.name ?? ""}" of table "${tableLabel(table)}"`,
      reason: "Columns of a foreign key have the type and collation of those they refer to: change both.",
    });
  }
}

/** The schema after the operations; null where they do not fit, which is told elsewhere. */
function endOf(operations: readonly Operation[], state: Schema, binding: Binding): Schema | null {
  try {
    return operations.reduce((now, operation) => apply(now, adapted(operation, now, binding)), state);
  } catch (error) {
    if (isAthanorError(error)) return null;
    throw error;
  }
}
