import type { DriverValue } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import type { Entry, RelationContent } from "./entry.ts";
import type { EncodedRow, Key, Mapper } from "./mapper.ts";

/** An entry as it was before the transaction changed it. */
export interface Before {
  readonly snapshot: EncodedRow;
  readonly key: Key | null;
  readonly relations: ReadonlyMap<string, RelationContent> | null;
}

/** What one transaction, or one savepoint in it, did to the objects, so that it can be taken back. */
export interface Frame {
  /** The savepoint's name; null for the transaction itself. */
  readonly name: string | null;
  readonly changed: Map<Entry, Before>;
  /** New rows, with the values of the properties that the flush filled in. */
  readonly inserted: Map<Entry, ReadonlyMap<string, unknown>>;
  readonly deleted: Set<Entry>;
}

/** A frame with nothing in it. */
export function newFrame(name: string | null): Frame {
  return { name, changed: new Map(), inserted: new Map(), deleted: new Set() };
}

/** The objects of one Session: one object for each row, what is to be written, what can be taken back. */
export class Unit {
  readonly #identities = new Map<Mapper, Map<Key, Entry>>();
  /** Added, not yet written; in the order in which they were added. */
  readonly pending: Set<Entry> = new Set();
  /** To be deleted. */
  readonly doomed: Set<Entry> = new Set();
  /** Entries with rows that hold loaded relations. */
  readonly related: Set<Entry> = new Set();
  readonly frames: Frame[] = [newFrame(null)];
  /** Counts transactions: what was read in an earlier one is read again when it comes by. */
  epoch = 1;

  /** The entry of a row, if it is here. */
  find(mapper: Mapper, key: Key): Entry | undefined {
    return this.#identities.get(mapper)?.get(normal(key));
  }

  /** Takes an entry in under its key. Throws `SESSION.DUPLICATE_KEY` where another one has it. */
  register(entry: Entry, key: Key): void {
    let entries = this.#identities.get(entry.mapper);
    if (entries === undefined) {
      entries = new Map();
      this.#identities.set(entry.mapper, entries);
    }
    const id = normal(key);
    const other = entries.get(id);
    if (other !== undefined && other !== entry) {
      throw new AthanorError("SESSION.DUPLICATE_KEY", { model: entry.mapper.meta.name, key: entry.keyText });
    }
    entry.key = key;
    entries.set(id, entry);
  }

  /** Takes an entry out of the identity map. */
  unregister(entry: Entry): void {
    if (entry.key === null) return;
    const entries = this.#identities.get(entry.mapper);
    const id = normal(entry.key);
    if (entries?.get(id) === entry) entries.delete(id);
  }

  /** Models that have rows here. */
  mappers(): Iterable<Mapper> {
    return this.#identities.keys();
  }

  /** The entries of one model's rows. */
  entriesOf(mapper: Mapper): Iterable<Entry> {
    return this.#identities.get(mapper)?.values() ?? [];
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
    const relations = entry.relations === null ? null : new Map(entry.relations);
    changed.set(entry, { snapshot: entry.snapshot, key: entry.key, relations });
  }

  /** Forgets an entry altogether. */
  forget(entry: Entry): void {
    this.unregister(entry);
    this.pending.delete(entry);
    this.doomed.delete(entry);
    this.related.delete(entry);
  }

  /** Forgets everything. */
  clear(): void {
    this.#identities.clear();
    this.pending.clear();
    this.doomed.clear();
    this.related.clear();
  }
}

const least = BigInt(Number.MIN_SAFE_INTEGER);
const most = BigInt(Number.MAX_SAFE_INTEGER);

/** One key for one row: a driver may give a small integer as a number or as a bigint, and bytes as new objects. */
function normal(key: Key): DriverValue {
  if (typeof key === "bigint") return key >= least && key <= most ? Number(key) : key;
  return key instanceof Uint8Array ? Buffer.from(key).toString("hex") : key;
}
