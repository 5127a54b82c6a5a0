import { AthanorError, InternalError } from "../../errors/index.ts";
import { apply } from "../../operation/apply.ts";
import { describe } from "../../operation/describe.ts";
import type { AddUnique, CreateIndex, Operation } from "../../operation/operation.ts";
import {
  type Column,
  findTable,
  type Schema,
  type Table,
  type TableRef,
  tableLabel,
} from "../../schema/index.ts";
import type { DdlWriter, Surroundings } from "../design.ts";
import { isConcurrent, uniqueByIndex, validatedLater } from "./concurrent.ts";
import { alterColumn } from "./ddl-alter.ts";
import { withGeneratedAside } from "./ddl-aside.ts";
import {
  addColumnStatements,
  checkClause,
  constraintComments,
  createIndexStatements,
  exclusionClause,
  foreignKeyClause,
  option,
  primaryKeyClause,
  uniqueClause,
} from "./ddl-clauses.ts";
import { recollated } from "./ddl-collation.ts";
import { earlyEnumValues } from "./ddl-early.ts";
import { enumsAfter, enumsBefore, renamedEnums } from "./ddl-enum.ts";
import { isOurs, objectStatements } from "./ddl-object.ts";
import { asideFor, inTheWay, withoutObjects } from "./ddl-object-aside.ts";
import { scripts } from "./ddl-script.ts";
import { renamedSerials } from "./ddl-serial.ts";
import { createTable, dropTable, tableOptions } from "./ddl-table.ts";
import { withPhysicalType, withPhysicalTypes } from "./physical.ts";
import { quoteName, quoteString, quoteTable } from "./quote.ts";
import { alone, repeatable } from "./run.ts";
import { refuseUnsupported } from "./unsupported.ts";
import type { Version } from "./version.ts";

/** PostgreSQL alters everything where it stands: no table is ever made anew. */
export function ddlFor(version: Version): DdlWriter {
  const statements = (operation: Operation, state: Schema): readonly string[] =>
    statementsOf(operation, state, version);
  return {
    quote: quoteName,
    needsRebuild: () => false,
    rebuild: () => {
      throw new InternalError("PostgreSQL needs no rebuild");
    },
    statements,
    alone,
    repeatable,
    early: earlyEnumValues,
    ...scripts,
    surroundings: (operation) => (makesRoutine(operation) ? unchecked : null),
    combined: (operations, state) => withObjectsAside(operations, state, statements),
  };
}

/**
 * The statements of an operation, with the enum types that it needs, and those that nothing needs after it. Throws
 * `PLAN.UNSUPPORTED` where the version cannot do it.
 */
function statementsOf(operation: Operation, state: Schema, version: Version): readonly string[] {
  refuseUnsupported(operation, version);
  const objects = inTheWay([operation], state);
  const aside = asideFor(objects);
  const free = objects.length === 0 ? state : withoutObjects(state, objects);
  return [
    ...aside.before,
    ...enumsBefore(operation, free),
    ...ownStatements(operation, free, version),
    ...enumsAfter(operation, free),
    ...aside.after,
  ];
}

/** Several changes of one table: what stands on its columns goes once, and comes once. */
function withObjectsAside(
  operations: readonly Operation[],
  state: Schema,
  statements: (operation: Operation, state: Schema) => readonly string[],
): readonly string[] | null {
  const objects = inTheWay(operations, state);
  if (objects.length === 0) return withGeneratedAside(operations, state, statements);
  const aside = asideFor(objects);
  let open = withoutObjects(state, objects);
  const inside =
    withGeneratedAside(operations, open, statements) ??
    operations.flatMap((operation) => {
      const list = statements(operation, open);
      open = apply(open, operation);
      return list;
    });
  return [...aside.before, ...inside, ...aside.after];
}

/** Bodies of routines may speak of what comes after them. */
const unchecked: Surroundings = {
  before: ["SET check_function_bodies = off"],
  checks: [],
  after: ["RESET check_function_bodies"],
};

function makesRoutine(operation: Operation): boolean {
  const object =
    operation.kind === "createObject"
      ? operation.object
      : operation.kind === "replaceObject"
        ? operation.to
        : null;
  return object !== null && isOurs(object) && (object.kind === "function" || object.kind === "procedure");
}

function ownStatements(operation: Operation, state: Schema, version: Version): readonly string[] {
  switch (operation.kind) {
    case "createTable":
      return createTable(withPhysicalTypes(operation.table), state);
    case "dropTable":
      return dropTable(operation.name, state);
    case "renameTable":
      return [
        ...renameTable(operation.from, operation.to),
        ...tableEnums(operation.from, operation.to, state),
        ...renamedSerials(state, operation.from, operation.to),
      ];
    case "setTableComment":
      return [`COMMENT ON TABLE ${quoteTable(operation.table)} IS ${commentText(operation.to)}`];
    case "setTableOptions":
      return operation.dialect === "postgresql"
        ? tableOptions(operation.table, operation.from, operation.to)
        : [];
    case "addColumn":
      return addColumn(operation.table, withPhysicalType(operation.column, operation.table));
    case "dropColumn":
      return alter(operation.table, `DROP COLUMN ${quoteName(operation.name)}`);
    case "renameColumn":
      return [
        ...alter(operation.table, `RENAME COLUMN ${quoteName(operation.from)} TO ${quoteName(operation.to)}`),
        ...renamedEnums(state, operation.table, [operation], operation.table),
        ...renamedSerials(state, operation.table, operation.table, (name) =>
          name === operation.from ? operation.to : name,
        ),
      ];
    case "alterColumn":
      return alterColumn(operation, state, version);
    case "createIndex":
      return createIndex(operation, state);
    case "dropIndex":
      return [dropIndex(operation)];
    case "createNamespace":
      return [`CREATE SCHEMA ${quoteName(operation.name)}`];
    case "dropNamespace":
      return [`DROP SCHEMA ${quoteName(operation.name)}`];
    case "replaceObject":
      return (
        recollated(operation, state, (each, at) => statementsOf(each, at, version)) ??
        objectStatements(operation, state)
      );
    case "createObject":
    case "dropObject":
      return objectStatements(operation, state);
    case "execute":
    case "run":
    case "onDialect":
      return [];
    default:
      return constraintStatements(operation, state);
  }
}

type ConstraintOperation = Extract<
  Operation,
  { kind: `${"add" | "drop"}${"PrimaryKey" | "ForeignKey" | "Unique" | "Check" | "Exclusion"}` }
>;

function constraintStatements(operation: ConstraintOperation, state: Schema): readonly string[] {
  switch (operation.kind) {
    case "addPrimaryKey":
      return added(operation.table, primaryKeyClause(operation.primaryKey), operation.primaryKey);
    case "addForeignKey":
      if (isConcurrent(operation))
        return later(operation.table, foreignKeyClause(operation.foreignKey), operation.foreignKey);
      return added(operation.table, foreignKeyClause(operation.foreignKey), operation.foreignKey);
    case "addUnique":
      if (isConcurrent(operation)) {
        refuseTaken(operation, operation.unique.name ?? "", state);
        return uniqueByIndex(operation.table, operation.unique);
      }
      return added(operation.table, uniqueClause(operation.unique), operation.unique);
    case "addCheck":
      if (isConcurrent(operation))
        return later(operation.table, checkClause(operation.check), operation.check);
      return added(operation.table, checkClause(operation.check), operation.check);
    case "addExclusion":
      return added(operation.table, exclusionClause(operation.exclusion), operation.exclusion);
    case "dropPrimaryKey":
      return dropConstraint(operation.table, operation.name ?? primaryKeyName(operation.table, state));
    default:
      return dropConstraint(operation.table, operation.name);
  }
}

function primaryKeyName(ref: TableRef, state: Schema): string {
  return findTable(state, ref)?.primaryKey?.name ?? `${ref.name}_pkey`;
}

function alter(table: TableRef, action: string): readonly string[] {
  return [`ALTER TABLE ${quoteTable(table)} ${action}`];
}

function added(
  table: TableRef,
  clause: string,
  constraint: { readonly name: string | null; readonly options: Table["options"] },
): readonly string[] {
  return [...alter(table, `ADD ${clause}`), ...constraintComments(table, constraint)];
}

function later(
  table: TableRef,
  clause: string,
  constraint: { readonly name: string | null; readonly options: Table["options"] },
): readonly string[] {
  return [...validatedLater(table, clause, constraint.name ?? ""), ...constraintComments(table, constraint)];
}

function dropConstraint(table: TableRef, name: string | null): readonly string[] {
  if (name === null) throw new InternalError(`a constraint of ${table.name} has no name`);
  return alter(table, `DROP CONSTRAINT ${quoteName(name)}`);
}

function commentText(comment: string | null): string {
  return comment === null ? "NULL" : quoteString(comment);
}

/** An index that is built beside writers drops by its name what an earlier try has left, and nobody else's. */
function createIndex(operation: CreateIndex, state: Schema): readonly string[] {
  const { table, index } = operation;
  const made = createIndexStatements(table, index);
  if (option(index.options, "concurrently") !== true) return made;
  refuseTaken(operation, index.name, state);
  const name = quoteTable({ schema: table.schema, name: index.name });
  return [`DROP INDEX CONCURRENTLY IF EXISTS ${name}`, ...made];
}

/** Throws `PLAN.UNSUPPORTED` where what is dropped by name before a build would be somebody else's. */
function refuseTaken(operation: CreateIndex | AddUnique, name: string, state: Schema): void {
  const other = state.tables.find((each) => each.schema === operation.table.schema && hasKey(each, name));
  if (other === undefined) return;
  const reason = `An index of that name is there already, of table "${tableLabel(other)}".`;
  throw new AthanorError("PLAN.UNSUPPORTED", { operation: describe(operation), reason });
}

function hasKey(table: Table, name: string): boolean {
  const { primaryKey, uniques, exclusions, indexes } = table;
  return [primaryKey, ...uniques, ...exclusions, ...indexes].some((key) => key?.name === name);
}

function dropIndex(operation: Extract<Operation, { kind: "dropIndex" }>): string {
  const concurrently = isConcurrent(operation) ? "CONCURRENTLY " : "";
  return `DROP INDEX ${concurrently}${quoteTable({ schema: operation.table.schema, name: operation.name })}`;
}

function tableEnums(from: TableRef, to: TableRef, state: Schema): readonly string[] {
  const columns = findTable(state, from)?.columns ?? [];
  return renamedEnums(
    state,
    from,
    columns.map(({ name }) => ({ from: name, to: name })),
    to,
  );
}

function renameTable(from: TableRef, to: TableRef): readonly string[] {
  const moved = { schema: to.schema, name: from.name };
  return [
    ...(from.schema === to.schema ? [] : alter(from, `SET SCHEMA ${quoteName(to.schema ?? "public")}`)),
    ...(from.name === to.name ? [] : alter(moved, `RENAME TO ${quoteName(to.name)}`)),
  ];
}

function addColumn(table: TableRef, column: Column): readonly string[] {
  return addColumnStatements(table, column);
}
