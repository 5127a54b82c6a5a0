/** Tables and columns under other names: what is renamed keeps its rows, and what stands on it follows. */
import fc from "fast-check";
import type { Rename } from "../../src/diff/index.ts";
import { applyAll, type Operation } from "../../src/operation/index.ts";
import { findColumn, findTable, type Schema, type Table } from "../../src/schema/index.ts";
import { canonicalOrder } from "../../src/schema/order.ts";

/** A schema with some of its names changed. */
export interface Renamed {
  readonly to: Schema;
  readonly renames: readonly Rename[];
}

/** In a sixth of the cases `to` with other names for a table, a column or both that `from` has too. */
export function withRenames(from: Schema, to: Schema): fc.Arbitrary<Renamed> {
  return fc
    .record({
      any: fc.nat(5),
      what: fc.constantFrom("table", "column", "both"),
      table: fc.nat(7),
      column: fc.nat(7),
    })
    .map((drawn) => {
      const kept = to.tables.filter((table) => findTable(from, table) !== undefined);
      const table = kept[drawn.table % Math.max(kept.length, 1)];
      if (drawn.any !== 0 || table === undefined) return { to, renames: [] };
      const renames = renamesOf(table, findTable(from, table)!, drawn.what, drawn.column);
      return { to: canonicalOrder(applyAll(to, renames.map(operationOf))), renames };
    });
}

function renamesOf(table: Table, old: Table, what: string, at: number): readonly Rename[] {
  const ref = { schema: table.schema, name: table.name };
  const now = { ...ref, name: `${table.name} anew` };
  const both = table.columns.filter(({ name }) => findColumn(old, name) !== undefined);
  const column = both[at % Math.max(both.length, 1)];
  const tables: readonly Rename[] = what === "column" ? [] : [{ kind: "table", from: ref, to: now }];
  if (what === "table" || column === undefined) return tables;
  const to = `${column.name} anew`;
  return [...tables, { kind: "column", table: what === "both" ? now : ref, from: column.name, to }];
}

function operationOf(rename: Rename): Operation {
  return rename.kind === "table"
    ? { kind: "renameTable", from: rename.from, to: rename.to }
    : { kind: "renameColumn", table: rename.table, from: rename.from, to: rename.to };
}

/** The name that a table has after them. */
export function nameAfter(name: string, renames: readonly Rename[]): string {
  const found = renames.find((each) => each.kind === "table" && each.from.name === name);
  return found?.kind === "table" ? found.to.name : name;
}

/** A table of `to` under the names that it had before. */
export function asBefore(table: Table, renames: readonly Rename[]): Table {
  const moved = renames.find((each) => each.kind === "table" && each.to.name === table.name);
  const columns = new Map(
    renames.flatMap((each) =>
      each.kind === "column" && each.table.name === table.name ? [[each.to, each.from]] : [],
    ),
  );
  return {
    ...table,
    name: moved?.kind === "table" ? moved.from.name : table.name,
    columns: table.columns.map((column) => ({ ...column, name: columns.get(column.name) ?? column.name })),
  };
}
