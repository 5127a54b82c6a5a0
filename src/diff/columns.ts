import type { DiffRules } from "../dialect/index.ts";
import type { ColumnChange, Operation } from "../operation/index.ts";
import { equal } from "../schema/equal.ts";
import { type Column, findColumn, type Table, type TableRef } from "../schema/index.ts";

/** What of a table's columns has to be done, by the kind of change. The order of columns does not count. */
export interface ColumnOperations {
  readonly add: readonly Operation[];
  readonly alter: readonly Operation[];
  /** Computed columns that come: once those they are computed from are what they shall be. */
  readonly addGenerated: readonly Operation[];
  readonly drop: readonly Operation[];
  /** Computed columns that go: first of all, so that those they are computed from are free to change. */
  readonly dropGenerated: readonly Operation[];
}

/**
 * The operations that make the columns of `from` those of `to`. Generated columns come after those they may be
 * computed from, and go before them, the last ones first.
 */
export function diffColumns(table: TableRef, from: Table, to: Table, rules: DiffRules): ColumnOperations {
  const come = to.columns.filter((column) => findColumn(from, column.name) === undefined);
  const add = (column: Column): Operation => ({ kind: "addColumn", table, column });
  const gone = from.columns.filter((column) => findColumn(to, column.name) === undefined).toReversed();
  const drop = (column: Column): Operation => ({ kind: "dropColumn", table, name: column.name, column });
  return {
    add: come.filter((column) => column.generated === null).map(add),
    addGenerated: come.filter((column) => column.generated !== null).map(add),
    alter: to.columns.flatMap((column) => {
      const old = findColumn(from, column.name);
      return old === undefined ? [] : alter(table, old, column, rules);
    }),
    drop: gone.filter((column) => column.generated === null).map(drop),
    dropGenerated: gone.filter((column) => column.generated !== null).map(drop),
  };
}

/** One operation for everything of a column that differs; none where nothing does. */
function alter(table: TableRef, from: Column, to: Column, rules: DiffRules): readonly Operation[] {
  const keys = changedKeys(from, to, rules);
  if (keys.length === 0) return [];
  const pick = (column: Column): ColumnChange =>
    Object.fromEntries(keys.map((key) => [key, column[key]])) as ColumnChange;
  return [{ kind: "alterColumn", table, name: to.name, from: pick(from), to: pick(to), using: null }];
}

const plainKeys = ["nullable", "autoIncrement", "identity", "collation", "comment", "options"] as const;

/** What of a column differs, as the database sees it. */
export function changedKeys(from: Column, to: Column, rules: DiffRules): readonly (keyof ColumnChange)[] {
  const keys: (keyof ColumnChange)[] = [];
  if (!rules.sameType(from.type, to.type)) keys.push("type");
  if (!rules.sameDefault(from.default, to.default, to.type)) keys.push("default");
  if (!sameGenerated(from.generated, to.generated, rules)) keys.push("generated");
  // Options belong to how a column is numbered: where that changes, they count.
  const numbering = from.autoIncrement !== to.autoIncrement || !equal(from.identity, to.identity);
  const sameOptions = !numbering && (rules.sameOptions?.(from.options, to.options) ?? false);
  return [
    ...keys,
    ...plainKeys.filter((key) => !equal(from[key], to[key]) && !(key === "options" && sameOptions)),
  ];
}

function sameGenerated(a: Column["generated"], b: Column["generated"], rules: DiffRules): boolean {
  if (a === null || b === null) return a === b;
  return a.stored === b.stored && rules.sameExpression(a.expression, b.expression);
}
