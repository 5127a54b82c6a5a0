import type { DiffRules } from "../dialect/index.ts";
import { applyAll, type Operation } from "../operation/index.ts";
import { equal } from "../schema/equal.ts";
import { findColumn, findTable, type Schema, type Table, type TableRef } from "../schema/index.ts";
import { canonicalOrder } from "../schema/order.ts";
import { diffColumns } from "./columns.ts";
import { type ConstraintOperations, diffConstraints } from "./constraints.ts";
import { creationOrder } from "./dependencies.ts";

/** A rename that somebody has said; the differ never guesses one. */
export type Rename =
  | { readonly kind: "table"; readonly from: TableRef; readonly to: TableRef }
  | { readonly kind: "column"; readonly table: TableRef; readonly from: string; readonly to: string };

/**
 * The operations that turn `from` into `to`: pure, deterministic, and empty where the database could not tell the
 * two apart. Both are in canonical form. A rename whose old name is gone, or whose new one is there already, has
 * been done and is passed over. Views, triggers and unmanaged objects are left alone.
 */
export function diff(
  from: Schema,
  to: Schema,
  rules: DiffRules,
  renames: readonly Rename[] = [],
): Operation[] {
  const renamed = renameOperations(from, to, renames);
  const before = canonicalOrder(applyAll(from, renamed));
  const after = canonicalOrder(to);
  const kept = after.tables.flatMap((table) => {
    const old = findTable(before, table);
    return old === undefined ? [] : [diffTable(old, table, rules)];
  });
  const dropped = before.tables.filter((table) => findTable(after, table) === undefined);
  const created = creationOrder(after.tables.filter((table) => findTable(before, table) === undefined));
  return [
    ...namespaces("createNamespace", after, before),
    ...renamed,
    ...kept.flatMap((table) => table.constraints.dropForeignKeys),
    ...dropTables(dropped),
    ...kept.flatMap((table) => table.inside),
    ...created.tables.map((table): Operation => ({ kind: "createTable", table })),
    ...created.later.map(
      ({ table, foreignKey }): Operation => ({ kind: "addForeignKey", table: refOf(table), foreignKey }),
    ),
    ...kept.flatMap((table) => table.constraints.addForeignKeys),
    ...namespaces("dropNamespace", before, after),
  ];
}

function refOf(table: TableRef): TableRef {
  return { schema: table.schema, name: table.name };
}

/** Those of `has` that `lacks` is without. */
function namespaces(kind: "createNamespace" | "dropNamespace", has: Schema, lacks: Schema): Operation[] {
  return has.namespaces.filter((name) => !lacks.namespaces.includes(name)).map((name) => ({ kind, name }));
}

/** Tables first, so that columns are renamed under the table's new name. */
function renameOperations(from: Schema, to: Schema, renames: readonly Rename[]): Operation[] {
  const tables = renames.flatMap((rename): Operation[] => {
    if (rename.kind !== "table") return [];
    const applies =
      findTable(from, rename.from) !== undefined &&
      findTable(from, rename.to) === undefined &&
      findTable(to, rename.to) !== undefined;
    return applies ? [{ kind: "renameTable", from: rename.from, to: rename.to }] : [];
  });
  const moved = applyAll(from, tables);
  const columns = renames.flatMap((rename): Operation[] => {
    if (rename.kind !== "column") return [];
    const old = findTable(moved, rename.table);
    const now = findTable(to, rename.table);
    if (old === undefined || now === undefined) return [];
    const applies =
      findColumn(old, rename.from) !== undefined &&
      findColumn(old, rename.to) === undefined &&
      findColumn(now, rename.to) !== undefined;
    return applies ? [{ kind: "renameColumn", table: rename.table, from: rename.from, to: rename.to }] : [];
  });
  return [...tables, ...columns];
}

/** Foreign keys of a circle first, then the tables, those that reference before what they reference. */
function dropTables(tables: readonly Table[]): Operation[] {
  const order = creationOrder(tables);
  return [
    ...order.later.map(
      ({ table, foreignKey }): Operation => ({
        kind: "dropForeignKey",
        table: refOf(table),
        name: foreignKey.name,
        foreignKey,
      }),
    ),
    ...order.tables
      .toReversed()
      .map((table): Operation => ({ kind: "dropTable", name: refOf(table), table })),
  ];
}

interface TableOperations {
  readonly constraints: ConstraintOperations;
  /** Everything but foreign keys, in the order in which it can be done. */
  readonly inside: readonly Operation[];
}

function diffTable(from: Table, to: Table, rules: DiffRules): TableOperations {
  const table = refOf(to);
  const columns = diffColumns(table, from, to, rules);
  const constraints = diffConstraints(table, from, to, rules);
  return {
    constraints,
    inside: [
      ...constraints.drop,
      ...columns.add,
      ...columns.alter,
      ...columns.drop,
      ...constraints.add,
      ...comment(table, from, to),
      ...options(table, from, to),
    ],
  };
}

function comment(table: TableRef, from: Table, to: Table): Operation[] {
  return from.comment === to.comment
    ? []
    : [{ kind: "setTableComment", table, from: from.comment, to: to.comment }];
}

function options(table: TableRef, from: Table, to: Table): Operation[] {
  const dialects = [...new Set([...Object.keys(from.options), ...Object.keys(to.options)])].sort();
  return dialects
    .filter((dialect) => !equal(from.options[dialect] ?? {}, to.options[dialect] ?? {}))
    .map((dialect) => ({
      kind: "setTableOptions",
      table,
      dialect,
      from: from.options[dialect] ?? {},
      to: to.options[dialect] ?? {},
    }));
}
