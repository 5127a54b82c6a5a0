import type { DiffRules } from "../dialect/index.ts";
import type { Operation } from "../operation/index.ts";
import { equal } from "../schema/equal.ts";
import { type ForeignKey, findColumn, findTable, type Schema, type Table } from "../schema/index.ts";

/** Foreign keys that stay, yet have to be out of the way for a while. */
export interface PinnedKeys {
  readonly drop: readonly Operation[];
  readonly add: readonly Operation[];
}

/**
 * A foreign key stands in the way where a column at either end changes to a type that cannot be compared with the
 * other end's, and where the key that it refers to is made anew. Only where the database minds.
 */
export function pinnedKeys(from: Schema, to: Schema, rules: DiffRules): PinnedKeys {
  if (rules.typePinnedByKeys === undefined) return { drop: [], add: [] };
  const pinned = to.tables.flatMap((table) => {
    const old = findTable(from, table);
    const kept = table.foreignKeys.filter((key) => old?.foreignKeys.some((each) => equal(each, key)));
    return kept
      .filter((key) => isPinned(key, table, from, to, rules))
      .map((foreignKey) => ({ table: { schema: table.schema, name: table.name }, foreignKey }));
  });
  return {
    drop: pinned.map(({ table, foreignKey }) => ({
      kind: "dropForeignKey",
      table,
      name: foreignKey.name,
      foreignKey,
    })),
    add: pinned.map(({ table, foreignKey }) => ({ kind: "addForeignKey", table, foreignKey })),
  };
}

function isPinned(key: ForeignKey, table: Table, from: Schema, to: Schema, rules: DiffRules): boolean {
  const retyped = (ref: { readonly schema: string | null; readonly name: string }, name: string): boolean => {
    const before = findTable(from, ref);
    const after = findTable(to, ref);
    const old = before && findColumn(before, name);
    const now = after && findColumn(after, name);
    if (old === undefined || now === undefined || rules.sameType(old.type, now.type)) return false;
    return rules.typePinnedByKeys?.(old.type, now.type) ?? false;
  };
  return (
    key.columns.some((name) => retyped(table, name)) ||
    key.references.columns.some((name) => retyped(key.references, name)) ||
    !equal(keysOver(findTable(from, key.references), key), keysOver(findTable(to, key.references), key))
  );
}

/** Everything that makes the referenced columns unique. */
function keysOver(table: Table | undefined, key: ForeignKey): unknown {
  if (table === undefined) return null;
  const wanted = [...key.references.columns].sort();
  const over = (columns: readonly (string | null)[]): boolean => equal([...columns].sort(), wanted);
  return {
    primaryKey: table.primaryKey !== null && over(table.primaryKey.columns) ? table.primaryKey : null,
    uniques: table.uniques.filter((unique) => over(unique.columns)),
    indexes: table.indexes.filter(
      (index) => index.unique && index.where === null && over(index.parts.map((part) => part.column)),
    ),
  };
}
