import { keepShape } from "../util/keep-shape.ts";
import type { Entry } from "./entry.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { Mapper } from "./mapper.ts";

/** Rows that change alike. */
export interface AlikeUpdates {
  readonly mapper: Mapper;
  readonly changed: readonly MappedColumn[];
  readonly entries: readonly Entry[];
}

interface Growing extends AlikeUpdates {
  readonly entries: Entry[];
}

/** Stored objects whose values changed, each once, by the columns that did. */
export class Updates {
  readonly #alike: Growing[] = [];
  /** Where the last one went: the next one most often goes there too. */
  #last: Growing | undefined = undefined;
  size = 0;

  /** With what a map has. */
  static of(byEntry: Iterable<readonly [Entry, readonly MappedColumn[]]>): Updates {
    const updates = new Updates();
    for (const [entry, changed] of byEntry) updates.add(entry, changed);
    return updates;
  }

  add(entry: Entry, changed: readonly MappedColumn[]): void {
    const { mapper } = entry;
    let alike = this.#last;
    if (alike === undefined || alike.mapper !== mapper || !sameColumns(alike.changed, changed)) {
      alike = this.#alike.find((each) => each.mapper === mapper && sameColumns(each.changed, changed));
      if (alike === undefined) {
        alike = { mapper, changed, entries: [] };
        this.#alike.push(alike);
      }
      this.#last = alike;
    }
    alike.entries.push(entry);
    this.size += 1;
  }

  get alike(): readonly AlikeUpdates[] {
    return this.#alike;
  }

  entries(): Entry[] {
    return this.#alike.flatMap(({ entries }) => entries);
  }

  /** The columns by the objects. */
  byEntry(): Map<Entry, readonly MappedColumn[]> {
    return new Map(this.#alike.flatMap(({ entries, changed }) => entries.map((entry) => [entry, changed])));
  }
}

/** Whether two lists are of the same columns. */
export function sameColumns(a: readonly MappedColumn[], b: readonly MappedColumn[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}

keepShape(new Updates());
