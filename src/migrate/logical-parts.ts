import type { Index, Table, Unique } from "../schema/index.ts";

/** What of a table has a name of its own. */
export type Parts = Pick<
  Table,
  "primaryKey" | "foreignKeys" | "uniques" | "checks" | "exclusions" | "indexes"
>;

/** The lists among them. */
export type PartList = Exclude<keyof Parts, "primaryKey">;

/** Whether a part is what was said under its name. */
export type Agrees = <K extends PartList>(list: K, item: Table[K][number]) => boolean;

/** The item of that name; null has none. */
export function findByName<T extends { readonly name: string | null }>(
  list: readonly T[],
  name: string | null,
): T | undefined {
  return name === null ? undefined : list.find((item) => item.name === name);
}

/**
 * The parts of a table as `said` has them, wherever both are one. Some databases know no difference between a unique
 * index and a unique constraint: what was said of the two goes.
 */
export function partsAsSaid(own: Table, said: Table, agrees: Agrees): Parts {
  const as = <K extends "foreignKeys" | "checks" | "exclusions">(list: K): readonly Table[K][number][] =>
    own[list].map((item) =>
      agrees(list, item) ? (findByName<Table[K][number]>(said[list], item.name) ?? item) : item,
    );
  const keys = [
    ...own.uniques.map((unique) => (agrees("uniques", unique) ? keyAsSaid(unique, said) : { unique })),
    ...own.indexes.map((index) => (agrees("indexes", index) ? indexAsSaid(index, said) : { index })),
  ];
  return {
    primaryKey: own.primaryKey,
    foreignKeys: as("foreignKeys"),
    uniques: keys.flatMap((each) => ("unique" in each ? [each.unique] : [])),
    checks: as("checks"),
    exclusions: as("exclusions"),
    indexes: keys.flatMap((each) => ("index" in each ? [each.index] : [])),
  };
}

/** A unique constraint, or the unique index that is meant by it. */
export function keyAsSaid(
  unique: Unique,
  said: Table | undefined,
): { readonly unique: Unique } | { readonly index: Index } {
  const constraint = findByName(said?.uniques ?? [], unique.name);
  const index = findByName(said?.indexes ?? [], unique.name);
  return constraint === undefined && index !== undefined ? { index } : { unique: constraint ?? unique };
}

/** The same of an index. */
export function indexAsSaid(
  index: Index,
  said: Table | undefined,
): { readonly unique: Unique } | { readonly index: Index } {
  const same = findByName(said?.indexes ?? [], index.name);
  const unique = findByName(said?.uniques ?? [], index.name);
  return same === undefined && unique !== undefined && index.unique ? { unique } : { index: same ?? index };
}
