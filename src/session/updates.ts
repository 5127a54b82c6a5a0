import { keepShape } from "../util/keep-shape.ts";
import type { Entry } from "./entry.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { Mapper } from "./mapper.ts";

/** Rows that change alike. */
export interface AlikeUpdates {
  readonly mapper: Mapper;
  readonly changed: readonly MappedColumn[];
  readonly entries: Entry[];
}

/** Stored objects whose values changed, each once, with the columns that did. */
export class Updates {
  /** In the order in which they came. */
  readonly entries: Entry[] = [];
  readonly #changed: (readonly MappedColumn[])[] = [];
  #alike: readonly AlikeUpdates[] | null = null;

  /** With what a map has. */
  static of(byEntry: Iterable<readonly [Entry, readonly MappedColumn[]]>): Updates {
    const updates = new Updates();
    for (const [entry, changed] of byEntry) updates.add(entry, changed);
    return updates;
  }

  get size(): number {
    return this.entries.length;
  }

  /** Another one, before anybody has asked for those that are alike. */
  add(entry: Entry, changed: readonly MappedColumn[]): void {
    this.entries.push(entry);
    this.#changed.push(changed);
  }

  /** Those that change the same columns of one model, together. */
  get alike(): readonly AlikeUpdates[] {
    this.#alike ??= groupsOf(this.entries, this.#changed);
    return this.#alike;
  }

  /** The columns by the objects. */
  byEntry(): Map<Entry, readonly MappedColumn[]> {
    return new Map(this.entries.map((entry, at) => [entry, this.#changed[at] as readonly MappedColumn[]]));
  }
}

keepShape(new Updates());

function groupsOf(
  entries: readonly Entry[],
  lists: readonly (readonly MappedColumn[])[],
): readonly AlikeUpdates[] {
  const groups: AlikeUpdates[] = [];
  let last: AlikeUpdates | undefined;
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at] as Entry;
    const changed = lists[at] as readonly MappedColumn[];
    const { mapper } = entry;
    if (last === undefined || last.mapper !== mapper || !sameColumns(last.changed, changed)) {
      last = groups.find((group) => group.mapper === mapper && sameColumns(group.changed, changed));
      if (last === undefined) {
        last = { mapper, changed, entries: [] };
        groups.push(last);
      }
    }
    last.entries.push(entry);
  }
  return groups;
}

/** Whether two lists are of the same columns. */
export function sameColumns(a: readonly MappedColumn[], b: readonly MappedColumn[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
