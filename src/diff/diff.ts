import type { DiffRules } from "../dialect/index.ts";
import { applyAll, type Operation } from "../operation/index.ts";
import { creationOrder } from "../schema/creation-order.ts";
import { inOrder } from "../schema/dependencies.ts";
import { parentsOf } from "../schema/family.ts";
import { findTable, type Schema, sameTable, type Table, type TableRef } from "../schema/index.ts";
import { canonicalOrder } from "../schema/order.ts";
import { diffColumns } from "./columns.ts";
import { type ConstraintOperations, diffConstraints, sameBesides } from "./constraints.ts";
import { withEnumObjects } from "./enums.ts";
import { diffFamilies, optionChanges } from "./families.ts";
import { parting } from "./leaving.ts";
import { diffObjects } from "./objects.ts";
import { pinnedKeys } from "./pinned-keys.ts";
import {
  type Rename,
  type RenameOperation,
  renameOperations,
  underOldNames,
  underRenamed,
} from "./renames.ts";
import { betweenKinds, enumsBetween } from "./type-kinds.ts";

/**
 * The operations that turn `from` into `to`: pure, deterministic, and empty where the database could not tell the
 * two apart. Both are in canonical form. A rename whose old name is gone, or whose new one is there already, has
 * been done and is passed over. Objects that only one side has come and go: what a project does not own is left out of
 * both before. What is not managed is left alone.
 */
export function diff(
  from: Schema,
  to: Schema,
  rules: DiffRules,
  renames: readonly Rename[] = [],
): Operation[] {
  const renamed = renameOperations(from, to, renames);
  const start = applyAll(from, renamed);
  const operations: Operation[] = [];
  let at = from;
  const go = (some: readonly Operation[]): void => {
    operations.push(...some);
    at = applyAll(at, some);
  };
  const stops = betweenKinds(start, to);
  for (const [stop, next] of stops.entries()) {
    go(directly({ from: at, to: next, rules, renamed: stop === 0 ? renamed : [] }));
  }
  if (stops.length > 0) go(enumsBetween(start, to));
  return [...operations, ...directly({ from: at, to, rules, renamed: stops.length === 0 ? renamed : [] })];
}

interface Sides {
  readonly from: Schema;
  readonly to: Schema;
  readonly rules: DiffRules;
  readonly renamed: readonly RenameOperation[];
}

function directly({ from, to, rules, renamed }: Sides): Operation[] {
  const wanted = canonicalOrder(to);
  const families = diffFamilies(canonicalOrder(applyAll(from, renamed)), wanted);
  const { before, after } = families;
  const kept = parentsFirst(after).flatMap((table) => {
    const old = findTable(before, table);
    return old === undefined ? [] : [diffTable(old, table, rules)];
  });
  const dropped = before.tables.filter((table) => findTable(after, table) === undefined);
  const created = after.tables.filter((table) => findTable(before, table) === undefined);
  const altered = kept.filter(({ inside }) => inside.length > 0);
  const [had, wants] = withEnumObjects(before, after);
  const objects = diffObjects(had, wants, {
    dropped,
    created,
    changed: altered.filter(({ inside }) => inside.some(isUnderfoot)).map(({ table }) => table),
    altered: altered.map(({ table }) => table),
    lost: altered.flatMap(({ inside }) => inside.filter((each) => each.kind === "dropColumn")),
    underRenamed: underRenamed(from, renamed),
  });
  const shaken = kept.filter(({ inside }) => inside.some(isUnderfoot)).map(({ table }) => table);
  const partings = kept.map(({ table, inside }) =>
    parting(inside, objects.leaves, takesFrom(table, shaken, before)),
  );
  const making = creationOrder(created, objects.among, after);
  const pinned = pinnedKeys(before, after, rules);
  return [
    ...namespaces("createNamespace", after, before),
    ...underOldNames(objects.drop, from, renamed),
    ...renamed,
    ...families.leave,
    ...objects.free,
    ...kept.flatMap((table) => table.constraints.dropForeignKeys),
    ...pinned.drop,
    ...dropTables(dropped, before),
    ...partings.flatMap(({ leave }) => leave),
    ...objects.vacate,
    ...objects.before,
    ...partings.flatMap(({ rest }) => rest),
    ...making.made.map(
      (each): Operation =>
        each.kind === "table" ? { kind: "createTable", table: each.table } : objects.doneTo(each.object),
    ),
    ...making.later.map(
      ({ table, foreignKey }): Operation => ({ kind: "addForeignKey", table: refOf(table), foreignKey }),
    ),
    ...kept.flatMap((table) => table.constraints.addForeignKeys),
    ...families.join,
    ...pinned.add,
    ...making.rest.map(objects.doneTo),
    ...objects.after,
    ...namespaces("dropNamespace", before, after),
  ];
}

/** The tables of a schema, those that others take columns from before those. */
function parentsFirst(schema: Schema): readonly Table[] {
  return inOrder(schema.tables, (table) => parentsOf(table).flatMap((ref) => findTable(schema, ref) ?? []));
}

/** Whether a table takes columns from one of `tables`, however far above. */
function takesFrom(ref: TableRef, tables: readonly TableRef[], schema: Schema): boolean {
  if (tables.length === 0) return false;
  const table = findTable(schema, ref);
  return (table === undefined ? [] : parentsOf(table)).some(
    (parent) => tables.some((each) => sameTable(each, parent)) || takesFrom(parent, tables, schema),
  );
}

/** Whether an operation changes a column that something may stand on. */
function isUnderfoot(operation: Operation): boolean {
  if (operation.kind === "dropColumn") return true;
  if (operation.kind !== "alterColumn") return false;
  return "type" in operation.to || "collation" in operation.to || "generated" in operation.to;
}

function refOf(table: TableRef): TableRef {
  return { schema: table.schema, name: table.name };
}

/** Those of `has` that `lacks` is without. */
function namespaces(kind: "createNamespace" | "dropNamespace", has: Schema, lacks: Schema): Operation[] {
  return has.namespaces.filter((name) => !lacks.namespaces.includes(name)).map((name) => ({ kind, name }));
}

/** Foreign keys of a circle first, then the tables, those that reference before what they reference. */
function dropTables(tables: readonly Table[], schema: Schema): Operation[] {
  const order = creationOrder(tables, [], schema);
  return [
    ...order.later.map(
      ({ table, foreignKey }): Operation => ({
        kind: "dropForeignKey",
        table: refOf(table),
        name: foreignKey.name,
        foreignKey,
      }),
    ),
    ...order.made
      .toReversed()
      .flatMap((each): Operation[] =>
        each.kind === "table" ? [{ kind: "dropTable", name: refOf(each.table), table: each.table }] : [],
      ),
  ];
}

interface TableOperations {
  readonly table: TableRef;
  readonly constraints: ConstraintOperations;
  /** Everything but foreign keys, in the order in which it can be done. */
  readonly inside: readonly Operation[];
}

function diffTable(from: Table, to: Table, rules: DiffRules): TableOperations {
  const table = refOf(to);
  const columns = diffColumns(table, from, to, rules);
  const constraints = diffConstraints(table, from, to, rules);
  const early = rules.optionsBeforeColumns?.(from, to) ?? from.options;
  return {
    table,
    constraints,
    inside: [
      ...constraints.drop,
      ...optionChanges(from, { ...to, options: early }),
      ...columns.dropGenerated,
      ...columns.add,
      ...columns.alter,
      ...columns.addGenerated,
      ...columns.drop,
      ...constraints.add,
      ...comment(table, from, to),
      ...(sameBesides(early, to.options, rules) ? [] : optionChanges({ ...from, options: early }, to)),
    ],
  };
}

function comment(table: TableRef, from: Table, to: Table): Operation[] {
  return from.comment === to.comment
    ? []
    : [{ kind: "setTableComment", table, from: from.comment, to: to.comment }];
}
