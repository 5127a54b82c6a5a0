/** What of a pair of schemas keeps its rows. */
import assert from "node:assert/strict";
import type { Connection, Dialect } from "../../src/dialect/index.ts";
import type { Rename } from "../../src/diff/index.ts";
import { parentsOf } from "../../src/schema/family.ts";
import { findColumn, findTable, type Schema, type Table } from "../../src/schema/index.ts";
import { asBefore } from "./generate-renames.ts";
import { type GeneratedRows, isSteady, type NeverNull } from "./generate-rows.ts";
import { readRows } from "./rows.ts";

/** A table with the columns that are kept, and the same under the names it had before. */
export interface Kept {
  readonly table: Table;
  readonly old: Table;
}

/** Columns that both schemas have, under types that lose nothing on the way there and back. */
export function keptColumns(from: Schema, to: Schema, renames: readonly Rename[]): readonly Kept[] {
  return to.tables.flatMap((table) => {
    const before = asBefore(table, renames);
    const old = findTable(from, before);
    // The rows of a part are those of the whole.
    if (old === undefined || parentsOf(table).length > 0) return [];
    const isKept = (_: unknown, at: number): boolean => {
      const was = findColumn(old, before.columns[at]!.name);
      return was !== undefined && isSteady(was) && isSteady(table.columns[at]!);
    };
    const only = (each: Table): Table => ({ ...each, columns: each.columns.filter(isKept) });
    return [{ table: only(table), old: only(before) }];
  });
}

/** Columns that `to` has without nulls never had one. */
export function neverNullIn(to: Schema): NeverNull {
  return (table, column) =>
    to.tables.some(
      (each) =>
        each.name === table.name && each.columns.some((own) => own.name === column.name && !own.nullable),
    );
}

/** The values of the columns are those that were put in. */
export async function sameRows(
  connection: Connection,
  dialect: Dialect,
  tables: readonly Kept[],
  rows: GeneratedRows,
  when: string,
): Promise<void> {
  for (const { table, old } of tables) {
    const names = (each: Table): readonly string[] => each.columns.map(({ name }) => name);
    const found = await readRows(connection, dialect, table, names(table));
    const expected = (rows[old.name] ?? []).map((each) => names(old).map((name) => each[name] ?? null));
    assert.deepEqual(sorted(found), sorted(expected), `rows of ${table.name} ${when}`);
  }
}

function sorted(rows: readonly (readonly unknown[])[]): readonly string[] {
  return rows.map((each) => JSON.stringify(each)).sort();
}
