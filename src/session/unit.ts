import type { DriverValue } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import type { ReadonlySmallMap } from "../util/small-map.ts";
import type { Entry, RelationContent } from "./entry.ts";
import { IdentityMap } from "./identity-map.ts";
import type { EncodedRow, Key, Mapper } from "./mapper.ts";
import { Passing } from "./passing.ts";

/** An entry as it was before the transaction changed it. */
export interface Before {
  readonly snapshot: EncodedRow;
  readonly key: Key | null;
  readonly relations: ReadonlySmallMap<RelationContent> | null;
}

/** What one transaction, or one savepoint in it, did to the objects, so that it can be taken back. */
export interface Frame {
  /** The savepoint's name; null for the transaction itself. */
  readonly name: string | null;
  readonly changed: Map<Entry, Before>;
  /** New rows, with the values of the properties that the flush filled in. */
  readonly inserted: Map<Entry, ReadonlyMap<string, unknown>>;
  readonly deleted: Set<Entry>;
  /** Entries that were first read after something had been written: what they hold may be taken back with it. */
  readonly read: Set<Entry>;
  /** Whether anything was written since it began. */
  wrote: boolean;
}

/** A frame with nothing in it. */
export function newFrame(name: string | null): Frame {
  return { name, changed: new Map(), inserted: new Map(), deleted: new Set(), read: new Set(), wrote: false };
}

/** The objects of one Session: one object for each row, what is to be written, what can be taken back. */
export class Unit {
  readonly #passing = new Passing();
  readonly #identities = new Map<Mapper, IdentityMap>();
  /** The model that was asked for last, which most often is asked for next, and its rows. */
  #last: Mapper | null = null;
  #ofLast: IdentityMap | undefined = undefined;
  /** Added, not yet written; in the order in which they were added. */
  readonly pending: Set<Entry> = new Set();
  /** To be deleted. */
  readonly doomed: Set<Entry> = new Set();
  /** Entries that were marked as deleted since the last flush, whose rows stay. */
  readonly marked: Set<Entry> = new Set();
  /** Entries with rows that hold loaded relations. */
  readonly related: Set<Entry> = new Set();
  /** Objects that were let go while the transaction was open that has made their rows. */
  readonly left: Map<object, Entry> = new Map();
  readonly frames: Frame[] = [newFrame(null)];
  /** Counts transactions: what was read in an earlier one is read again when it comes by. */
  epoch = 1;

  /** The entry of a row, if it is here. */
  find(mapper: Mapper, key: Key): Entry | undefined {
    const id = normalKey(key);
    return this.#of(mapper)?.get(id) ?? this.takePassing(mapper, id, key);
  }

  /** The entry of a row that a stream has left behind, if somebody has its object still: it is here again. */
  takePassing(mapper: Mapper, id: Key, key: Key): Entry | undefined {
    if (this.#passing.isEmpty) return undefined;
    const passing = this.#passing.take(mapper, id);
    if (passing !== undefined) this.register(passing, key);
    return passing;
  }

  /** The entries of a model by their keys, as `normalKey` has them. */
  identitiesOf(mapper: Mapper): IdentityMap {
    const known = this.#of(mapper);
    if (known !== undefined) return known;
    const entries = new IdentityMap();
    this.#identities.set(mapper, entries);
    return entries;
  }

  #of(mapper: Mapper): IdentityMap | undefined {
    if (this.#last === mapper) return this.#ofLast;
    const entries = this.#identities.get(mapper);
    if (entries === undefined) return undefined;
    this.#last = mapper;
    this.#ofLast = entries;
    return entries;
  }

  /** Lets entries go once nobody has their objects: a stream has left them behind. They must not be changed. */
  letPass(entries: Iterable<Entry>): void {
    for (const entry of entries) {
      if (entry.key === null || this.#of(entry.mapper)?.get(normalKey(entry.key)) !== entry) continue;
      this.unregister(entry);
      this.related.delete(entry);
      for (const { read } of this.frames) read.delete(entry);
      this.#passing.add(entry, normalKey(entry.key));
    }
  }

  /** Takes back entries that were let go, where `wanted` says so. */
  takeBack(wanted: (entry: Entry) => boolean): void {
    if (this.#passing.isEmpty) return;
    for (const entry of [...this.#passing.living()]) {
      if (wanted(entry)) this.find(entry.mapper, entry.key as Key);
    }
  }

  /** Takes an entry in under its key. Throws `SESSION.DUPLICATE_KEY` where another one has it. */
  register(entry: Entry, key: Key): void {
    const entries = this.identitiesOf(entry.mapper);
    const id = normalKey(key);
    const other = entries.get(id);
    if (other !== undefined && other !== entry) {
      throw new AthanorError("SESSION.DUPLICATE_KEY", { model: entry.mapper.meta.name, key: entry.keyText });
    }
    entry.key = key;
    if (other === undefined) entries.add(id, entry);
  }

  /** Takes an entry out of the identity map. */
  unregister(entry: Entry): void {
    if (entry.key === null) return;
    if (!this.#passing.isEmpty) this.#passing.take(entry.mapper, normalKey(entry.key));
    const entries = this.#of(entry.mapper);
    const id = normalKey(entry.key);
    if (entries?.get(id) === entry) entries.delete(id, entry);
  }

  /** Models that have rows here. */
  mappers(): Iterable<Mapper> {
    return this.#identities.keys();
  }

  /** The entries of one model's rows. */
  entriesOf(mapper: Mapper): Iterable<Entry> {
    return this.#of(mapper)?.values() ?? [];
  }

  /** The entries that have rows, a list for each model, in which those that have gone leave holes. */
  *stored(): Iterable<readonly (Entry | undefined)[]> {
    for (const entries of this.#identities.values()) yield entries.list;
  }

  /** Every entry that has a row. */
  *entries(): Iterable<Entry> {
    for (const entries of this.#identities.values()) yield* entries.values();
  }

  /** The innermost frame. */
  get frame(): Frame {
    return this.frames.at(-1) as Frame;
  }

  /** Remembers an entry as it is, before the open transaction changes its row. */
  remember(entry: Entry): void {
    const { changed, inserted } = this.frame;
    if (changed.has(entry) || inserted.has(entry)) return;
    changed.set(entry, asItIs(entry));
  }

  /** Something is about to be written. */
  markWritten(): void {
    for (const frame of this.frames) frame.wrote = true;
  }

  /** Remembers an entry as it is, before something is read into it that may be taken back. */
  rememberRead(entry: Entry): void {
    if (this.frames[0]?.wrote !== true) return;
    for (const { wrote, changed, inserted } of this.frames.toReversed()) {
      // Before this frame it was not there, or the frame knows already what it was then.
      if (inserted.has(entry) || changed.has(entry)) return;
      if (!wrote) continue;
      changed.set(entry, asItIs(entry));
    }
  }

  /** Notes an entry that was just read for the first time. */
  noteRead(entry: Entry): void {
    if (this.frames[0]?.wrote !== true) return;
    for (const { wrote, read } of this.frames) if (wrote) read.add(entry);
  }

  /** Forgets an entry altogether. */
  forget(entry: Entry): void {
    this.unregister(entry);
    this.pending.delete(entry);
    this.doomed.delete(entry);
    this.marked.delete(entry);
    this.related.delete(entry);
  }

  /** Forgets everything. */
  clear(): void {
    this.#identities.clear();
    this.#last = null;
    this.#ofLast = undefined;
    this.#passing.clear();
    this.pending.clear();
    this.doomed.clear();
    this.marked.clear();
    this.related.clear();
    this.left.clear();
  }
}

function asItIs({ snapshot, key, relations }: Entry): Before {
  return { snapshot, key, relations: relations?.copy() ?? null };
}

const least = BigInt(Number.MIN_SAFE_INTEGER);
const most = BigInt(Number.MAX_SAFE_INTEGER);

/** One key for one row: a driver may give a small integer as a number or as a bigint, and bytes as new objects. */
export function normalKey(key: Key): DriverValue {
  if (typeof key === "bigint") return key >= least && key <= most ? Number(key) : key;
  return key instanceof Uint8Array ? Buffer.from(key).toString("hex") : key;
}
