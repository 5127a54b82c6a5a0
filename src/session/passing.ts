import type { Entry } from "./entry.ts";
import type { Key, Mapper } from "./mapper.ts";

/** Entries that pass before those whose objects are gone are looked for; a look costs little against it. */
const atLeast = 10_000;

/**
 * Entries that a stream has left behind: here as long as the program keeps their objects, and gone with them. What
 * is found here again is the same object, so that a row never has two.
 */
export class Passing {
  readonly #entries = new Map<Mapper, Map<Key, WeakRef<Entry>>>();
  #size = 0;
  /** The size at which what is gone is thrown out. */
  #most = atLeast;

  /** Whether there is nothing. */
  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** Keeps an entry for as long as somebody has its object. */
  add(entry: Entry, key: Key): void {
    let entries = this.#entries.get(entry.mapper);
    if (entries === undefined) {
      entries = new Map();
      this.#entries.set(entry.mapper, entries);
    }
    entries.set(key, new WeakRef(entry));
    this.#size += 1;
    if (this.#size > this.#most) this.#sweep();
  }

  #sweep(): void {
    this.#size = 0;
    for (const entries of this.#entries.values()) {
      for (const [key, reference] of entries) if (reference.deref() === undefined) entries.delete(key);
      this.#size += entries.size;
    }
    this.#most = Math.max(atLeast, this.#size * 2);
  }

  /** The entry of a row, which is no longer passing. */
  take(mapper: Mapper, key: Key): Entry | undefined {
    const entries = this.#entries.get(mapper);
    const entry = entries?.get(key)?.deref();
    if (entry !== undefined) entries?.delete(key);
    return entry;
  }

  /** Those whose objects somebody still has. */
  *living(): Iterable<Entry> {
    for (const entries of this.#entries.values()) {
      for (const reference of entries.values()) {
        const entry = reference.deref();
        if (entry !== undefined) yield entry;
      }
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}
