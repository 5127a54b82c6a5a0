import { AthanorError } from "../errors/index.ts";
import { keepShape } from "../util/keep-shape.ts";
import { SmallMap } from "../util/small-map.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { EncodedRow, Key, Mapper } from "./mapper.ts";

/**
 * Where an object stands with its Session: `pending` was added and has no row yet, `persistent` has one,
 * `deleted` had one until a flush of the open transaction. An object without an entry is transient or detached.
 */
export type EntryState = "pending" | "persistent" | "deleted" | "detached";

/** What a relation held when it was last equal to the database. */
export type RelationContent = object | null | readonly object[];

/** Where a foreign key of an entry gets its values: from another entry's key, or NULL from nobody's. */
export interface KeySource {
  /** The properties to fill, and those of the parent they are filled from. */
  readonly pairs: readonly { readonly local: string; readonly remote: string }[];
  readonly parent: Entry | null;
}

/** Objects that one query brought: what is loaded for one of them on demand is loaded for all. */
export interface Cohort {
  entries: Entry[];
}

/** What belongs to entries, which know no more of it. */
export interface EntryOwner {
  load(entry: Entry, relation: string): Promise<object | object[] | null>;
  loadColumn(entry: Entry, property: string): Promise<unknown>;
  relationChanged(entry: Entry, relation: string): void;
}

class Rare {
  doomed = false;
  purged = false;
  relations: SmallMap<RelationContent> | null = null;
  sources: Map<string, KeySource> | null = null;
  prior: Map<string, unknown> | null = null;
  flagged: Set<string> | null = null;
  unloaded: Set<MappedColumn> | null = null;
}

/** What a Session knows of one object. */
export class Entry {
  readonly instance: object;
  readonly mapper: Mapper;
  owner: EntryOwner | null;
  state: EntryState;
  /** The row as the database has it, in encoded form; empty until there is one. */
  snapshot: EncodedRow;
  key: Key | null = null;
  /** Where it stands among the objects of its model; -1 where it has no row there. */
  place = -1;
  /** The transaction in which the row was last read; in a later one it is read again when it comes by. */
  epoch = 0;
  cohort: Cohort | null = null;
  /** What most entries never have, since there are tens of thousands of them. */
  #rare: Rare | null = null;

  constructor(
    instance: object,
    mapper: Mapper,
    owner: EntryOwner,
    state: EntryState,
    snapshot: EncodedRow = [],
  ) {
    this.instance = instance;
    this.mapper = mapper;
    this.owner = owner;
    this.state = state;
    this.snapshot = snapshot;
  }

  #own(): Rare {
    this.#rare ??= new Rare();
    return this.#rare;
  }

  /** To be deleted by the next flush. */
  get doomed(): boolean {
    return this.#rare?.doomed === true;
  }
  set doomed(value: boolean) {
    if (value || this.#rare !== null) this.#own().doomed = value;
  }

  /** It is deleted for good, whatever its model keeps. */
  get purged(): boolean {
    return this.#rare?.purged === true;
  }
  set purged(value: boolean) {
    if (value || this.#rare !== null) this.#own().purged = value;
  }

  /** Relations that are loaded, as they were when they were last equal to the database. */
  get relations(): SmallMap<RelationContent> | null {
    return this.#rare === null ? null : this.#rare.relations;
  }
  set relations(value: SmallMap<RelationContent> | null) {
    if (value !== null || this.#rare !== null) this.#own().relations = value;
  }

  /** Foreign keys to be filled by the next flush, by the properties they stand in. */
  get sources(): Map<string, KeySource> | null {
    return this.#rare === null ? null : this.#rare.sources;
  }
  set sources(value: Map<string, KeySource> | null) {
    if (value !== null || this.#rare !== null) this.#own().sources = value;
  }

  /** Properties that the running flush filled in, with what they held before. */
  get prior(): Map<string, unknown> | null {
    return this.#rare === null ? null : this.#rare.prior;
  }
  set prior(value: Map<string, unknown> | null) {
    if (value !== null || this.#rare !== null) this.#own().prior = value;
  }

  /** Properties to be written whatever they hold. */
  get flagged(): Set<string> | null {
    return this.#rare === null ? null : this.#rare.flagged;
  }
  set flagged(value: Set<string> | null) {
    if (value !== null || this.#rare !== null) this.#own().flagged = value;
  }

  /** Columns that were not read; the snapshot has undefined for them. */
  get unloaded(): Set<MappedColumn> | null {
    return this.#rare === null ? null : this.#rare.unloaded;
  }
  set unloaded(value: Set<MappedColumn> | null) {
    if (value !== null || this.#rare !== null) this.#own().unloaded = value;
  }

  /** It has a row, which is not to be deleted. */
  get stays(): boolean {
    return this.state === "persistent" && !this.doomed;
  }

  /** Remembers what a relation holds, which is what the database has. */
  knowRelation(relation: string, content: RelationContent): void {
    this.relations ??= new SmallMap();
    this.relations.set(relation, content);
  }

  /** The object's values by property. */
  get values(): Record<string, unknown> {
    return this.instance as Record<string, unknown>;
  }

  /** Loads a relation of the instance; asked by the awaitable that stands in its place. */
  async load(_: object, relation: string): Promise<object | object[] | null> {
    if (this.owner !== null) return this.owner.load(this, relation);
    throw new AthanorError("SESSION.DETACHED", { model: this.mapper.meta.name, relation });
  }

  /** Loads a column that was left out; asked by the awaitable that stands in its place. */
  async loadColumn(_: object, property: string): Promise<unknown> {
    if (this.owner !== null) return this.owner.loadColumn(this, property);
    throw new AthanorError("SESSION.DETACHED", { model: this.mapper.meta.name, relation: property });
  }

  /** Told by the instance when a relation of it was assigned. */
  relationChanged(_: object, relation: string): void {
    this.owner?.relationChanged(this, relation);
  }

  /** The key for people. */
  get keyText(): string {
    return this.mapper.key.map((column) => String(this.values[column.property])).join(", ");
  }
}

keepShape(new Rare());
keepShape(new Entry({}, null as never, null as never, "detached"));
