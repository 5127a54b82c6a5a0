import { ModelInstance } from "../model/index.ts";
import { leaveOut } from "./deferred.ts";
import type { Entry, EntryOwner } from "./entry.ts";
import type { Key } from "./mapper.ts";
import { hasRelations, restoreRelations } from "./relation-value.ts";
import type { Before, Frame, Unit } from "./unit.ts";

/** Whose objects they are. */
interface Owner extends EntryOwner {
  /** Makes an object one that no Session knows: its row never was. */
  forgetRow(entry: Entry): void;
}

/**
 * Takes back what a transaction did to the objects of `owner`: inserted ones lose their rows and the values the flush
 * gave them, deleted ones have theirs again, and all others hold what they held before. An object that was let go
 * meanwhile, and has another Session now, is left to that one.
 */
export function restore(unit: Unit, frame: Frame, owner: Owner): void {
  for (const entry of unit.pending) {
    putBack(entry, entry.prior ?? new Map());
    owner.forgetRow(entry);
  }
  unit.pending.clear();
  unit.doomed.clear();
  unit.marked.clear();
  for (const entry of frame.changed.keys()) if (isOf(entry, owner)) unit.unregister(entry);
  for (const [entry, prior] of frame.inserted) {
    if (isTaken(unit, entry)) continue;
    unit.forget(entry);
    putBack(entry, prior);
    owner.forgetRow(entry);
  }
  for (const [entry, before] of frame.changed) {
    if (!isOf(entry, owner)) continue;
    know(entry, before);
    if (entry.owner === null)
      entry.key = before.key; // it was let go
    else unit.register(entry, before.key as Key);
  }
  for (const entry of frame.deleted) {
    if (frame.inserted.has(entry) || entry.owner !== owner) continue;
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

/**
 * What a Session that is closed leaves of a transaction that was not committed: objects keep what they hold, but for
 * what the flush gave them, and know again what their rows hold, so that another Session writes the difference.
 */
export function abandon(unit: Unit, frame: Frame, owner: Owner): void {
  for (const entry of unit.pending) putBack(entry, entry.prior ?? new Map());
  for (const [entry, prior] of frame.inserted) {
    if (isTaken(unit, entry)) continue;
    putBack(entry, prior);
    owner.forgetRow(entry);
  }
  for (const [entry, before] of frame.changed) {
    if (!isOf(entry, owner)) continue;
    know(entry, before);
    entry.key = before.key;
  }
  for (const entry of frame.deleted) {
    if (frame.inserted.has(entry) || entry.owner !== owner) continue;
    entry.state = "detached";
    entry.owner = null;
  }
}

/** Whether an entry is the owner's, or nobody's since it was let go. */
function isOf(entry: Entry, owner: Owner): boolean {
  return entry.owner === owner || entry.owner === null;
}

/** Whether an object that was let go has another entry by now. */
function isTaken(unit: Unit, entry: Entry): boolean {
  const instance = entry.instance as ModelInstance;
  unit.left.delete(instance);
  const link = ModelInstance.linkOf(instance);
  return link !== null && link !== entry;
}

function know(entry: Entry, { snapshot, relations }: Before): void {
  entry.snapshot = snapshot;
  entry.relations = relations?.copy() ?? null;
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

/** What a transaction and the savepoints in it did, as one. */
export function wholeOf(frames: readonly Frame[]): Frame {
  return frames.reduceRight((inner, outer) => {
    mergeFrames(outer, inner);
    return outer;
  });
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
