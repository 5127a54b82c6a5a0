import { type ForeignKey, sameTable, type Table, tableKey } from "../schema/index.ts";

/** Tables in an order in which each can be made, and the foreign keys that have to wait until all stand. */
export interface CreationOrder {
  /** The tables, without the foreign keys that wait. */
  readonly tables: readonly Table[];
  readonly later: readonly { readonly table: Table; readonly foreignKey: ForeignKey }[];
}

/**
 * Referenced tables before those that reference them; among equals in the order given. Where tables reference
 * each other in a circle, the foreign keys that close it wait.
 */
export function creationOrder(tables: readonly Table[]): CreationOrder {
  const open = new Map(tables.map((table) => [tableKey(table), table]));
  const ordered: Table[] = [];
  const later: { table: Table; foreignKey: ForeignKey }[] = [];
  const waitsFor = (table: Table): ForeignKey[] =>
    table.foreignKeys.filter(
      (key) => !sameTable(key.references, table) && open.has(tableKey(key.references)),
    );
  while (open.size > 0) {
    const table =
      [...open.values()].find((each) => waitsFor(each).length === 0) ?? leastBound(open, waitsFor);
    const waiting = waitsFor(table);
    later.push(...waiting.map((foreignKey) => ({ table, foreignKey })));
    ordered.push({ ...table, foreignKeys: table.foreignKeys.filter((key) => !waiting.includes(key)) });
    open.delete(tableKey(table));
  }
  return { tables: ordered, later };
}

/** The table of a circle that fewest foreign keys hold back; the first of several. */
function leastBound(
  open: ReadonlyMap<string, Table>,
  waitsFor: (table: Table) => readonly ForeignKey[],
): Table {
  return [...open.values()].reduce((best, table) =>
    waitsFor(table).length < waitsFor(best).length ? table : best,
  );
}
