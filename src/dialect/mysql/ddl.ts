import { InternalError } from "../../errors/index.ts";
import { apply } from "../../operation/index.ts";
import type { AlterColumn, Operation, RenameColumn } from "../../operation/operation.ts";
import { mentions } from "../../schema/expression.ts";
import { findTable, type Schema, sameTable, type Table, type TableRef } from "../../schema/index.ts";
import type { DdlWriter } from "../design.ts";
import { type AlterOperation, alterTable, definition } from "./ddl-alter.ts";
import { withGeneratedAside } from "./ddl-aside.ts";
import { assertion, preconditions, refuseLostKeys } from "./ddl-check.ts";
import { checkClause, foreignKeyClause, quoteTable } from "./ddl-clauses.ts";
import { convertColumn, convertsRows, fillColumn, fillsRows } from "./ddl-convert.ts";
import { dropForeignKey, ownIndexClause } from "./ddl-foreign-key.ts";
import { withLongKeysAside } from "./ddl-long-keys.ts";
import { objectStatements } from "./ddl-object.ts";
import { createTable } from "./ddl-table.ts";
import { type Binding, hasRenameColumn, isMariadb } from "./flavor.ts";
import { quoteName, quoteString } from "./quote.ts";
import { repeatable } from "./run.ts";

/** Everything is altered where it stands: the server copies a table by itself where it has to. */
export function ddlFor(binding: Binding): DdlWriter {
  return {
    quote: quoteName,
    needsRebuild: () => false,
    rebuild: () => {
      throw new InternalError("tables are never made anew here");
    },
    statements: (operation, state) => statements(operation, state, binding),
    combined: (operations, state) => combined(operations, state, binding),
    preconditions: (operations, state) => preconditions(operations, state),
    early: (operations, state) => {
      refuseLostKeys(operations, state, binding);
      return { statements: [], state };
    },
    repeatable,
    assertion,
    literal: (value) =>
      typeof value === "string" ? quoteString(value) : `X'${Buffer.from(value).toString("hex")}'`,
    errorsLeaveTransactions: true,
    scriptNote:
      "Run this so that the first error ends it, as `mariadb` and `mysql` do without --force: what is done stays done.",
    scriptSettings: [
      "SET NAMES utf8mb4",
      "SET SESSION time_zone = '+00:00', SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'",
    ],
  };
}

function statements(operation: Operation, state: Schema, binding: Binding): readonly string[] {
  const alteration = alterationOf(operation, state, binding);
  if (alteration !== null) return alterTable(alteration.table, [alteration], state, binding);
  switch (operation.kind) {
    case "createTable":
      return [createTable(operation.table, binding)];
    case "dropTable":
      return [`DROP TABLE ${quoteTable(operation.name)}`];
    case "renameTable":
      return [`RENAME TABLE ${quoteTable(operation.from)} TO ${quoteTable(operation.to)}`];
    case "renameColumn":
      return withLongKeysAside(operation, state, binding, renameColumn(operation, state, binding));
    case "alterColumn":
      return convertColumn(operation, state, binding);
    case "addColumn":
      return fillColumn(operation, state, binding);
    case "addForeignKey": {
      const own = ownIndexClause(tableOf(state, operation.table), operation.foreignKey);
      const clauses = [...(own === null ? [] : [own]), foreignKeyClause(operation.foreignKey)];
      const added = clauses.map((clause) => `ADD ${clause}`).join(", ");
      return [`ALTER TABLE ${quoteTable(operation.table)} ${added}`];
    }
    case "dropForeignKey": {
      const table = tableOf(state, operation.table);
      const key = table.foreignKeys.find((each) => each.name === operation.name);
      if (key === undefined || key.name === null) {
        throw new InternalError(`a foreign key of ${table.name} has no name`);
      }
      return dropForeignKey(table, key, state, binding);
    }
    case "createObject":
    case "dropObject":
    case "replaceObject":
      return objectStatements(operation, state, binding);
    default:
      return [];
  }
}

/** The operation where it can share a statement with others on its table; else null. */
function alterationOf(operation: Operation, state: Schema, binding: Binding): AlterOperation | null {
  switch (operation.kind) {
    case "alterColumn":
      return convertsRows(operation, tableOf(state, operation.table), binding) ? null : operation;
    case "addColumn":
      return fillsRows(operation, binding) ? null : operation;
    case "setTableComment":
    case "setTableOptions":
    case "dropColumn":
    case "createIndex":
    case "dropIndex":
    case "addPrimaryKey":
    case "dropPrimaryKey":
    case "addUnique":
    case "dropUnique":
    case "addCheck":
    case "dropCheck":
      return operation;
    default:
      return null;
  }
}

function tableOf(state: Schema, ref: TableRef): Table {
  const table = findTable(state, ref);
  if (table === undefined) throw new InternalError(`table ${ref.name} is not known`);
  return table;
}

/** As few statements as these operations can do with, in their order. */
function combined(
  operations: readonly Operation[],
  state: Schema,
  binding: Binding,
): readonly string[] | null {
  const result: string[] = [];
  let run: AlterOperation[] = [];
  let start = state;
  let now = state;
  const close = (): void => {
    if (run[0] !== undefined) result.push(...alterTable(run[0].table, run, start, binding));
    run = [];
  };
  const converts = (operation: AlterColumn, table: Table): boolean => convertsRows(operation, table, binding);
  for (const operation of withGeneratedAside(operations, state, converts)) {
    const alteration = alterationOf(operation, now, binding);
    if (alteration === null || !fits(run, alteration)) close();
    if (alteration !== null) {
      if (run.length === 0) start = now;
      run.push(alteration);
    } else result.push(...statements(operation, now, binding));
    now = apply(now, operation);
  }
  close();
  return result;
}

/** Whether one statement can hold the operation too: nothing comes and goes again, or goes and comes, in one. */
function fits(run: readonly AlterOperation[], operation: AlterOperation): boolean {
  return run.every((each) => {
    if (!sameTable(each.table, operation.table)) return false;
    const added = addedName(each);
    const dropped = droppedName(operation);
    if (added !== null && added === dropped) return false;
    if (isKeyAgain(droppedName(each), addedName(operation))) return false;
    return !(
      each.kind === "dropColumn" &&
      operation.kind === "addColumn" &&
      each.name === operation.column.name
    );
  });
}

/** An index that goes and comes under one name in one statement may be taken for the same, options and all. */
function isKeyAgain(dropped: string | null, added: string | null): boolean {
  return dropped !== null && dropped === added && dropped.startsWith("key ");
}

function addedName(operation: AlterOperation): string | null {
  switch (operation.kind) {
    case "addColumn":
      return `column ${operation.column.name}`;
    case "createIndex":
      return `key ${operation.index.name}`;
    case "addUnique":
      return `key ${operation.unique.name ?? ""}`;
    case "addCheck":
      return `check ${operation.check.name ?? ""}`;
    case "addPrimaryKey":
      return "primary key";
    default:
      return null;
  }
}

function droppedName(operation: AlterOperation): string | null {
  switch (operation.kind) {
    case "dropColumn":
      return `column ${operation.name}`;
    case "dropIndex":
    case "dropUnique":
      return `key ${operation.name ?? ""}`;
    case "dropCheck":
      return `check ${operation.name ?? ""}`;
    case "dropPrimaryKey":
      return "primary key";
    default:
      return null;
  }
}

/** MySQL renames no column that checks or other columns speak of: they are made again in the same statement. */
function renameColumn(operation: RenameColumn, state: Schema, binding: Binding): string {
  const from = tableOf(state, operation.table);
  const to = tableOf(apply(state, operation), operation.table);
  const rename = `RENAME COLUMN ${quoteName(operation.from)} TO ${quoteName(operation.to)}`;
  const change = (): string => {
    const column = to.columns.find((each) => each.name === operation.to)!;
    return `CHANGE COLUMN ${quoteName(operation.from)} ${definition(column, to, binding)}`;
  };
  const speaking = isMariadb(binding)
    ? []
    : from.checks.filter((check) => check.name !== null && mentions(check.expression, operation.from));
  const computed = isMariadb(binding)
    ? []
    : from.columns.filter(
        (column) => column.generated !== null && mentions(column.generated.expression, operation.from),
      );
  const clauses = [
    ...speaking.map((check) => `DROP CHECK ${quoteName(check.name!)}`),
    hasRenameColumn(binding) ? rename : change(),
    ...to.columns
      .filter((column) => computed.some((each) => each.name === column.name))
      .map((column) => `MODIFY COLUMN ${definition(column, to, binding)}`),
    ...to.checks
      .filter((check) => speaking.some((each) => each.name === check.name))
      .map((check) => `ADD ${checkClause(check, to)}`),
  ];
  return `ALTER TABLE ${quoteTable(operation.table)} ${clauses.join(", ")}`;
}
