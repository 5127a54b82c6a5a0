import type { Operation } from "../../operation/operation.ts";
import { findColumn, findTable, type Schema, type Table, type TableRef } from "../../schema/index.ts";
import { indexClauses, nameList, option } from "./ddl-clauses.ts";
import { quoteName, quoteTable } from "./quote.ts";

/** Whether an operation says that it is done so: `{ options: { postgresql: { concurrently: true } } }`. */
export function isConcurrent(operation: Operation): boolean {
  const options = optionsOf(operation);
  if (options === null || option(options, "concurrently") !== true) return false;
  // A constraint is found again by its name.
  if (operation.kind === "addForeignKey") return operation.foreignKey.name !== null;
  if (operation.kind === "addCheck") return operation.check.name !== null;
  return operation.kind !== "addUnique" || operation.unique.name !== null;
}

function optionsOf(operation: Operation): Table["options"] | null {
  switch (operation.kind) {
    case "createIndex":
      return operation.index.options;
    case "dropIndex":
      return operation.options ?? operation.index?.options ?? {};
    case "addForeignKey":
      return operation.foreignKey.options;
    case "addCheck":
      return operation.check.options;
    case "addUnique":
      return operation.unique.options;
    default:
      return null;
  }
}

/** A constraint that holds for new rows at once, and for the old ones once they were looked at in peace. */
export function validatedLater(table: TableRef, clause: string, name: string): readonly string[] {
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  return [`${alter} ADD ${clause} NOT VALID`, `${alter} VALIDATE CONSTRAINT ${quoteName(name)}`];
}

/** A key whose index is built first; what a build that was broken off has left behind goes before that. */
export function uniqueByIndex(table: TableRef, unique: Table["uniques"][number]): readonly string[] {
  const name = quoteName(unique.name ?? "");
  const nulls = unique.nullsNotDistinct ? " NULLS NOT DISTINCT" : "";
  const when = unique.deferrable === null ? "" : ` DEFERRABLE INITIALLY ${unique.deferrable.toUpperCase()}`;
  return [
    `DROP INDEX CONCURRENTLY IF EXISTS ${quoteTable({ schema: table.schema, name: unique.name ?? "" })}`,
    `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${quoteTable(table)} ${nameList(unique.columns)}${nulls}${indexClauses(unique.options)}`,
    `ALTER TABLE ${quoteTable(table)} ADD CONSTRAINT ${name} UNIQUE USING INDEX ${name}${when}`,
  ];
}

const options = { postgresql: { concurrently: true } };

/** See `DesignDialect.gentle`. */
export function gentle(operation: Operation, state: Schema): readonly Operation[] | null {
  const table =
    "table" in operation && operation.table !== null
      ? findTable(state, operation.table as TableRef)
      : undefined;
  // On a table with partitions the server builds nothing beside others, and validates nothing later.
  if (table === undefined || option(table.options, "partitionBy") !== undefined) return null;
  switch (operation.kind) {
    case "createIndex":
      return [
        { ...operation, index: { ...operation.index, options: withConcurrently(operation.index.options) } },
      ];
    case "dropIndex":
      return [{ ...operation, options }];
    case "addForeignKey": {
      const { foreignKey } = operation;
      if (foreignKey.name === null || Object.keys(foreignKey.options).length > 0) return null;
      return [{ ...operation, foreignKey: { ...foreignKey, options } }];
    }
    case "addCheck": {
      const { check } = operation;
      if (check.name === null || Object.keys(check.options).length > 0) return null;
      return [{ ...operation, check: { ...check, options } }];
    }
    case "addUnique": {
      const { unique } = operation;
      if (unique.name === null || Object.keys(unique.options).length > 0) return null;
      return [{ ...operation, unique: { ...unique, options } }];
    }
    case "alterColumn":
      return notNull(operation, table);
    default:
      return null;
  }
}

function withConcurrently(own: Table["options"]): Table["options"] {
  return { ...own, postgresql: { ...own["postgresql"], concurrently: true } };
}

/** A check that is validated in peace proves what SET NOT NULL would read the table for. */
function notNull(
  operation: Extract<Operation, { kind: "alterColumn" }>,
  table: Table,
): readonly Operation[] | null {
  const { to, name } = operation;
  const column = findColumn(table, name);
  if (to.nullable !== false || Object.keys(to).length > 1 || column?.nullable !== true) return null;
  const ref = { schema: operation.table.schema, name: operation.table.name };
  const check = {
    name: `${ref.name}_${name}_not_null`.slice(0, 63),
    expression: `${quoteName(name)} IS NOT NULL`,
    options,
  };
  const here = (inner: Operation): Operation => ({
    kind: "onDialect",
    dialect: "postgresql",
    operations: [inner],
  });
  return [
    here({ kind: "addCheck", table: ref, check }),
    operation,
    here({ kind: "dropCheck", table: ref, name: check.name, check: null }),
  ];
}
