import type { DriverValue } from "../dialect/index.ts";
import { ModelInstance } from "../model/index.ts";
import { leaveOut } from "./deferred.ts";
import { type Cohort, Entry, type EntryOwner } from "./entry.ts";
import type { IdentityMap } from "./identity-map.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { Key, Mapper } from "./mapper.ts";
import { renew } from "./renew.ts";
import { normalKey, type Unit } from "./unit.ts";

type Row = readonly DriverValue[];

/**
 * Takes in rows that were read. The entry of a row is the one that is here, brought up to date where it is old or
 * `always`, or a new one. `missing` are columns that were not read.
 */
export class Absorber {
  readonly #unit: Unit;
  readonly #owner: EntryOwner;
  /** Entries made since somebody began to note them. */
  #noted: Entry[] | null = null;

  constructor(unit: Unit, owner: EntryOwner) {
    this.#unit = unit;
    this.#owner = owner;
  }

  one(
    mapper: Mapper,
    row: Row,
    cohort: Cohort | null,
    always: boolean,
    missing: readonly MappedColumn[],
  ): Entry {
    const entry = this.#take(mapper, row, this.#unit.identitiesOf(mapper), always, missing);
    if (cohort === null) return entry;
    entry.cohort = cohort;
    cohort.entries.push(entry);
    return entry;
  }

  /** Many rows of one model, which `cohort` then has the entries of; what they have in common is looked up once. */
  all(
    mapper: Mapper,
    rows: readonly Row[],
    cohort: Cohort,
    always: boolean,
    missing: readonly MappedColumn[],
  ): void {
    const identities = this.#unit.identitiesOf(mapper);
    identities.expect(rows.length);
    // An array of the right size takes a third of the memory that one takes which grows.
    const start = cohort.entries.length;
    if (start === 0) cohort.entries = new Array<Entry>(rows.length);
    const { entries } = cohort;
    for (let at = 0; at < rows.length; at += 1) {
      const entry = this.#take(mapper, rows[at] as Row, identities, always, missing);
      entry.cohort = cohort;
      entries[start + at] = entry;
    }
  }

  #take(
    mapper: Mapper,
    row: Row,
    identities: IdentityMap,
    always: boolean,
    missing: readonly MappedColumn[],
  ): Entry {
    const unit = this.#unit;
    const key = mapper.keyOf(row) as Key;
    const id = normalKey(key);
    const known = identities.get(id) ?? unit.takePassing(mapper, id, key);
    if (known === undefined) {
      const entry = this.#make(mapper, row, key, missing);
      identities.add(id, entry);
      return entry;
    }
    if (always || known.epoch !== unit.epoch || known.unloaded !== null) renew(unit, known, row, false);
    return known;
  }

  #make(mapper: Mapper, row: Row, key: Key, missing: readonly MappedColumn[]): Entry {
    const unit = this.#unit;
    const instance = mapper.instantiate(row) as ModelInstance;
    const entry = new Entry(instance, mapper, this.#owner, "persistent", mapper.keep(row));
    ModelInstance.tie(instance, entry);
    entry.epoch = unit.epoch;
    entry.key = key;
    if (missing.length > 0) leaveOut(entry, missing);
    unit.noteRead(entry);
    this.#noted?.push(entry);
    return entry;
  }

  /** Begins to note the entries that are made; answers what ends it and gives them. */
  noteNew(): () => readonly Entry[] {
    const made: Entry[] = [];
    this.#noted = made;
    return () => {
      this.#noted = null;
      return made;
    };
  }
}
