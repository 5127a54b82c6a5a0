import type { Entry } from "./entry.ts";
import { relationsOf } from "./mapped-relation.ts";
import { relationNamed } from "./on-demand.ts";
import { relationValue, unloadRelation } from "./relation-value.ts";
import { restoreEntry } from "./restore.ts";

/** Forgets changes and loaded relations of a stored object, so that both are read anew; with names, only relations. */
export function expire(entry: Entry, names: readonly string[]): void {
  const named = names.map((name) => relationNamed(entry.mapper, name).property);
  if (named.length === 0) {
    restoreEntry(entry);
    entry.epoch = 0;
  }
  for (const property of named.length === 0 ? relationsOf(entry.mapper).keys() : named) {
    if (relationValue(entry.instance, property) !== undefined) unloadRelation(entry, property);
  }
}
