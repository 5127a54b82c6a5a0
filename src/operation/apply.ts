import { AthanorError } from "../errors/index.ts";
import { equal } from "../schema/equal.ts";
import { attached, childrenOf, detached, parentsOf } from "../schema/family.ts";
import { findTable, type Schema, sameTable, type Table, type TableRef, tableLabel } from "../schema/index.ts";
import { canonicalOrder, withTable } from "../schema/order.ts";
import {
  addColumn,
  alterColumn,
  dropColumn,
  renameColumn,
  renameMentions,
  renameReferencedColumn,
} from "./apply-column.ts";
import { addConstraint, dropConstraint } from "./apply-constraint.ts";
import { followEnums } from "./apply-enum.ts";
import { applyToObjects, withoutHung } from "./apply-object.ts";
import { renameTable } from "./apply-rename.ts";
import { followRename } from "./follow-rename.ts";
import type { Operation, RenameColumn } from "./operation.ts";

/** Which `op.on` blocks count: those of the first of these ids that has one. */
export interface ApplyOptions {
  readonly dialects?: readonly string[];
}

/**
 * The schema after an operation. Pure: the schema given is left as it was. Throws `OPERATION.MISSING` or
 * `OPERATION.EXISTS` where the operation does not fit, `OPERATION.IN_USE` where something stands on a column that
 * goes. A raw statement or data step counts by its `changes` alone.
 */
export function apply(schema: Schema, operation: Operation, options: ApplyOptions = {}): Schema {
  return followEnums(schema, applied(schema, operation, options));
}

function applied(schema: Schema, operation: Operation, options: ApplyOptions): Schema {
  switch (operation.kind) {
    case "createTable":
      return createTable(schema, operation.table);
    case "dropTable":
      return dropTable(schema, operation.name);
    case "renameTable":
      return canonicalOrder(followRename(renameTable(schema, operation.from, operation.to), operation));
    case "renameColumn":
      return canonicalOrder(
        followRename(renameReferencedColumn(renameInFamily(schema, operation), operation), operation),
      );
    case "createNamespace":
      return addNamespace(schema, operation.name);
    case "dropNamespace":
      return dropNamespace(schema, operation.name);
    case "createObject":
    case "dropObject":
    case "replaceObject":
      return applyToObjects(schema, operation);
    case "execute":
    case "run":
      return applyAll(schema, operation.changes ?? [], options);
    case "onDialect":
      return (options.dialects ?? []).includes(operation.dialect)
        ? applyAll(schema, operation.operations, options)
        : schema;
    default:
      return changeTable(schema, operation.table, (table) => applyToTable(table, operation, schema));
  }
}

/** The schema after a list of operations, in order. */
export function applyAll(
  schema: Schema,
  operations: readonly Operation[],
  options: ApplyOptions = {},
): Schema {
  return operations.reduce((state, operation) => apply(state, operation, options), schema);
}

/** The operations that change one table where it stands. */
export type TableOperation = Exclude<
  Operation,
  {
    kind:
      | "createTable"
      | "dropTable"
      | "renameTable"
      | "renameColumn"
      | "createNamespace"
      | "dropNamespace"
      | "createObject"
      | "dropObject"
      | "replaceObject"
      | "execute"
      | "run"
      | "onDialect";
  }
>;

function applyToTable(table: Table, operation: TableOperation, schema: Schema): Table {
  switch (operation.kind) {
    case "setTableComment":
      return { ...table, comment: operation.to };
    case "setTableOptions":
      return withFamily(table, withOptions(table.options, operation.dialect, operation.to), schema);
    case "addColumn":
      return addColumn(table, operation.column);
    case "dropColumn":
      return dropColumn(table, operation.name, schema);
    case "alterColumn":
      return alterColumn(table, operation.name, operation.to);
    case "createIndex":
      refuseTakenIndex(table, operation.index.name);
      return { ...table, indexes: [...table.indexes, operation.index] };
    case "dropIndex":
      return { ...table, indexes: without(table, "index", table.indexes, operation.name) };
    case "addPrimaryKey":
    case "addForeignKey":
    case "addUnique":
    case "addCheck":
    case "addExclusion":
      return addConstraint(table, operation);
    default:
      return dropConstraint(table, operation);
  }
}

/** A table with other options: where they say that its columns come from elsewhere, they do. */
function withFamily(table: Table, options: Table["options"], schema: Schema): Table {
  if (equal(parentsOf(table), parentsOf({ options }))) return { ...table, options };
  return attached(detached(table, schema), options, schema);
}

function withOptions(
  options: Table["options"],
  dialect: string,
  to: Table["options"][string],
): Table["options"] {
  const { [dialect]: _, ...others } = options;
  return Object.keys(to).length === 0 ? others : { ...others, [dialect]: to };
}

function without<T extends { readonly name: string | null }>(
  table: Table,
  kind: string,
  list: readonly T[],
  name: string,
): readonly T[] {
  if (list.some((item) => item.name === name)) return list.filter((item) => item.name !== name);
  throw new AthanorError("OPERATION.MISSING", { kind, name, table: tableLabel(table) });
}

/** Where names of indexes are unique in a whole schema, the database says so: not everywhere are they. */
function refuseTakenIndex(table: Table, name: string): void {
  if (!table.indexes.some((index) => index.name === name)) return;
  throw new AthanorError("OPERATION.EXISTS", { kind: "index", name, table: tableLabel(table) });
}

function createTable(schema: Schema, table: Table): Schema {
  if (findTable(schema, table) !== undefined) {
    throw new AthanorError("OPERATION.EXISTS", { kind: "table", name: tableLabel(table), table: null });
  }
  return withTable(schema, table);
}

function dropTable(schema: Schema, ref: TableRef): Schema {
  demandTable(schema, ref);
  return withoutHung({ ...schema, tables: schema.tables.filter((table) => !sameTable(table, ref)) }, ref);
}

/** A column under another name, where it is and where it is inherited. */
function renameInFamily(schema: Schema, { table: ref, from, to }: RenameColumn): Schema {
  const renamed = changeTable(schema, ref, (table) => renameColumn(table, from, to));
  const heirs = childrenOf(ref, schema);
  return heirs.reduce(
    (state, heir) => changeTable(state, heir, (table) => renameMentions(table, from, to)),
    renamed,
  );
}

function demandTable(schema: Schema, ref: TableRef): Table {
  const table = findTable(schema, ref);
  if (table !== undefined) return table;
  throw new AthanorError("OPERATION.MISSING", { kind: "table", name: tableLabel(ref), table: null });
}

function changeTable(schema: Schema, ref: TableRef, change: (table: Table) => Table): Schema {
  const changed = change(demandTable(schema, ref));
  return canonicalOrder({
    ...schema,
    tables: schema.tables.map((table) => (sameTable(table, ref) ? changed : table)),
  });
}

function addNamespace(schema: Schema, name: string): Schema {
  if (schema.namespaces.includes(name)) {
    throw new AthanorError("OPERATION.EXISTS", { kind: "schema", name, table: null });
  }
  return canonicalOrder({ ...schema, namespaces: [...schema.namespaces, name] });
}

function dropNamespace(schema: Schema, name: string): Schema {
  if (!schema.namespaces.includes(name)) {
    throw new AthanorError("OPERATION.MISSING", { kind: "schema", name, table: null });
  }
  return { ...schema, namespaces: schema.namespaces.filter((each) => each !== name) };
}
