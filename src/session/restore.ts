import { leaveOut } from "./deferred.ts";
import type { Entry } from "./entry.ts";
import type { Key } from "./mapper.ts";
import { hasRelations, restoreRelations } from "./relation-value.ts";
import type { Frame, Unit } from "./unit.ts";

/**
 * Takes back what a transaction did to the objects: inserted ones lose their rows and the values the flush gave
 * them, deleted ones have theirs again, and all others hold what they held before. `release` makes an object one
 * that no Session knows.
 */
export function restore(unit: Unit, frame: Frame, release: (entry: Entry) => void): void {
  for (const entry of unit.pending) {
    putBack(entry, entry.prior ?? new Map());
    release(entry);
  }
  unit.pending.clear();
  unit.doomed.clear();
  unit.marked.clear();
  for (const entry of frame.changed.keys()) unit.unregister(entry);
  for (const [entry, prior] of frame.inserted) {
    unit.forget(entry);
    putBack(entry, prior);
    release(entry);
  }
  for (const [entry, { snapshot, key, relations }] of frame.changed) {
    entry.snapshot = snapshot;
    entry.relations = relations === null ? null : new Map(relations);
    if (entry.owner === null)
      entry.key = key; // it was let go
    else unit.register(entry, key as Key);
  }
  for (const entry of frame.deleted) {
    if (frame.inserted.has(entry) || entry.owner === null) continue;
    entry.state = "persistent";
    unit.register(entry, entry.key as Key);
    if (hasRelations(entry.instance)) unit.related.add(entry);
  }
  for (const entry of unit.entries()) {
    entry.doomed = false;
    entry.purged = false;
    restoreEntry(entry);
  }
}

function putBack(entry: Entry, prior: ReadonlyMap<string, unknown>): void {
  entry.prior = null;
  entry.sources = null;
  for (const [property, value] of prior) entry.values[property] = value;
}

/** Puts an object's values and relations back to what its row holds. One that is to be deleted still is. */
export function restoreEntry(entry: Entry): void {
  const { mapper, snapshot, values } = entry;
  entry.flagged = null;
  entry.sources = null;
  for (const column of mapper.columns) {
    const stored = snapshot[column.index];
    if (stored === undefined) leaveOut(entry, [column]);
    else if (!column.isSame(values[column.property], stored)) values[column.property] = column.decode(stored);
  }
  restoreRelations(entry);
}

/** Hands what an inner transaction did over to the one around it. */
export function mergeFrames(outer: Frame, inner: Frame): void {
  for (const [entry, before] of inner.changed) {
    if (!outer.changed.has(entry) && !outer.inserted.has(entry)) outer.changed.set(entry, before);
  }
  for (const [entry, prior] of inner.inserted) outer.inserted.set(entry, prior);
  for (const entry of inner.deleted) outer.deleted.add(entry);
  for (const entry of inner.read) outer.read.add(entry);
}
