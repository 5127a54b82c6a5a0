import { AthanorError } from "../errors/index.ts";
import { keepShape } from "../util/keep-shape.ts";
import type { Entry } from "./entry.ts";
import { type MappedRelation, relationsOf } from "./mapped-relation.ts";
import { hasRelations, members, relationValue } from "./relation-value.ts";
import type { Unit } from "./unit.ts";

/** A row of a link's table that is to come or to go. */
export interface LinkChange {
  readonly relation: MappedRelation;
  readonly own: Entry;
  readonly other: Entry;
}

/** What relations say is to be done, beyond the values of the objects themselves. */
export interface Reconciled {
  /** Entries that have foreign keys to be filled. */
  readonly sourced: readonly Entry[];
  readonly linksAdded: readonly LinkChange[];
  readonly linksRemoved: readonly LinkChange[];
}

/** A collection that was replaced without having been loaded: what it held is not known. */
export interface UnknownContent {
  readonly entry: Entry;
  readonly relation: MappedRelation;
}

type Track = (instance: object) => Entry;

/**
 * Finds every object that hangs on the Session's objects, through relations of any depth, and takes new ones in.
 * Answers the entries whose relations are to be compared.
 */
export function collect(unit: Unit, track: Track): Entry[] {
  const list = [...unit.pending, ...unit.related].filter((entry) => !entry.doomed && isRelated(entry));
  const seen = new Set(list);
  for (const entry of list) {
    for (const relation of relationsOf(entry.mapper).values()) {
      for (const member of members(relationValue(entry.instance, relation.property))) {
        const other = track(member);
        if (other.state !== "pending" || seen.has(other) || !isRelated(other)) continue;
        seen.add(other);
        list.push(other);
      }
    }
  }
  return list;
}

/** Whether an entry holds relations, or did. Most new objects of a great many do not. */
function isRelated({ instance, relations }: Entry): boolean {
  return relations !== null || hasRelations(instance);
}

/** Collections of stored objects whose content before is not known, and is needed to see what was taken out. */
export function unknownContents(entries: readonly Entry[]): UnknownContent[] {
  const related = entries.filter(({ state, instance }) => state === "persistent" && hasRelations(instance));
  return related.flatMap((entry) => {
    return [...relationsOf(entry.mapper).values()].flatMap((relation) => {
      const assigned = relationValue(entry.instance, relation.property) !== undefined;
      const known = entry.relations?.has(relation.property) === true;
      return assigned && !known && relation.meta.keyOn !== "local" ? [{ entry, relation }] : [];
    });
  });
}

/** Compares relations with what they held before, and turns the differences into keys to fill and links to write. */
export function reconcile(
  entries: readonly Entry[],
  entryOf: (instance: object) => Entry | undefined,
  doom: (entry: Entry) => void,
): Reconciled {
  return entries.length === 0 ? nothing : new Reconciler(entries, entryOf, doom).run();
}

const nothing: Reconciled = { sourced: [], linksAdded: [], linksRemoved: [] };

class Reconciler {
  readonly #entries: readonly Entry[];
  readonly #sourced = new Set<Entry>();
  readonly #entryOf: (instance: object) => Entry | undefined;
  readonly #doom: (entry: Entry) => void;
  readonly #added = new LinkSet();
  readonly #removed = new LinkSet();

  constructor(
    entries: readonly Entry[],
    entryOf: (instance: object) => Entry | undefined,
    doom: (entry: Entry) => void,
  ) {
    this.#entries = entries.filter(({ instance }) => hasRelations(instance));
    this.#entryOf = entryOf;
    this.#doom = doom;
  }

  run(): Reconciled {
    this.#each("link", (entry, relation) => this.#compareLinks(entry, relation));
    this.#each("remote", (entry, relation) => this.#addMembers(entry, relation));
    this.#each("local", (entry, relation) => this.#compareKey(entry, relation));
    this.#each("remote", (entry, relation) => this.#removeMembers(entry, relation));
    return {
      sourced: [...this.#sourced],
      linksAdded: this.#added.changes(),
      linksRemoved: this.#removed.changes(),
    };
  }

  #each(keyOn: "link" | "remote" | "local", visit: (entry: Entry, relation: MappedRelation) => void): void {
    for (const entry of this.#entries) {
      if (entry.doomed) continue;
      for (const relation of relationsOf(entry.mapper).values()) {
        if (relation.meta.keyOn !== keyOn) continue;
        if (relationValue(entry.instance, relation.property) !== undefined) visit(entry, relation);
      }
    }
  }

  #before(entry: Entry, relation: MappedRelation): readonly object[] {
    return members(entry.relations?.get(relation.property));
  }

  #now(entry: Entry, relation: MappedRelation): readonly object[] {
    return members(relationValue(entry.instance, relation.property));
  }

  #compareLinks(entry: Entry, relation: MappedRelation): void {
    const before = this.#before(entry, relation);
    const now = this.#now(entry, relation);
    for (const member of without(now, before)) {
      const other = this.#living(member, relation);
      this.#added.add({ relation, own: entry, other });
    }
    for (const member of without(before, now)) {
      const other = this.#entryOf(member);
      if (other === undefined || other.doomed || other.state !== "persistent") continue;
      this.#removed.add({ relation, own: entry, other });
    }
  }

  #addMembers(entry: Entry, relation: MappedRelation): void {
    for (const member of without(this.#now(entry, relation), this.#before(entry, relation))) {
      const child = this.#living(member, relation);
      this.#setSource(child, relation, entry, false);
    }
  }

  #compareKey(entry: Entry, relation: MappedRelation): void {
    const value = relationValue(entry.instance, relation.property) as object | null;
    const before = entry.relations?.get(relation.property);
    if (before === value) return;
    if (before === undefined && value === null && entry.state === "pending") return;
    const parent = value === null ? null : this.#living(value, relation);
    this.#setSource(entry, relation, parent, true);
  }

  #removeMembers(entry: Entry, relation: MappedRelation): void {
    for (const member of without(this.#before(entry, relation), this.#now(entry, relation))) {
      const child = this.#entryOf(member);
      if (child === undefined || child.doomed || child.state === "deleted") continue;
      const source = child.sources?.get(sourceId(relation, false));
      if (source !== undefined ? source.parent !== null : !this.#pointsAt(child, relation, entry)) continue;
      if (relation.meta.deleteOrphan) this.#doom(child);
      else this.#setSource(child, relation, null, false);
    }
  }

  /** Whether the child's own key still says that it belongs to the parent. */
  #pointsAt(child: Entry, relation: MappedRelation, parent: Entry): boolean {
    return relation.remote.every((column, i) => {
      const own = relation.local[i];
      return own !== undefined && child.values[column.property] === parent.values[own.property];
    });
  }

  /** Has the next flush fill the child's foreign key from the parent. `isLocal`: the relation stands on the child. */
  #setSource(child: Entry, relation: MappedRelation, parent: Entry | null, isLocal: boolean): void {
    const pairs = isLocal
      ? relation.meta.pairs
      : relation.meta.pairs.map(({ local, remote }) => ({ local: remote, remote: local }));
    this.#sourced.add(child);
    child.sources ??= new Map();
    child.sources.set(sourceId(relation, isLocal), { pairs, parent });
  }

  #living(member: object, relation: MappedRelation): Entry {
    const entry = this.#entryOf(member);
    if (entry === undefined || entry.doomed || entry.state === "deleted") {
      throw new AthanorError("SESSION.DELETED", { model: relation.target.meta.name });
    }
    return entry;
  }
}

/** What is in `all` and not in `others`. */
function without(all: readonly object[], others: readonly object[]): readonly object[] {
  if (others.length === 0) return all;
  const set = new Set(others);
  return all.filter((each) => !set.has(each));
}

/** Names a foreign key by the properties it stands in. */
export function sourceId({ meta }: MappedRelation, isLocal: boolean): string {
  return meta.pairs.map((pair) => (isLocal ? pair.local : pair.remote)).join(",");
}

/** Links, each once, whichever of its two sides tells of it. */
class LinkSet {
  readonly #byOwn = new Map<Entry, LinkChange[]>();

  add(change: LinkChange): void {
    if (this.#has(change.own, change) || this.#has(change.other, change)) return;
    const list = this.#byOwn.get(change.own);
    if (list === undefined) this.#byOwn.set(change.own, [change]);
    else list.push(change);
  }

  #has(entry: Entry, { relation, own, other }: LinkChange): boolean {
    const mapper = relation.link?.mapper;
    return (this.#byOwn.get(entry) ?? []).some((each) => {
      if (each.relation.link?.mapper !== mapper) return false;
      if (each.relation === relation) return each.own === own && each.other === other;
      return isReverse(each.relation, relation) && each.own === other && each.other === own;
    });
  }

  changes(): LinkChange[] {
    return [...this.#byOwn.values()].flat();
  }
}

/** Whether two relations are the two sides of one link: what is local to one is remote to the other. */
export function isReverse(a: MappedRelation, b: MappedRelation): boolean {
  const [x, y] = [a.link, b.link];
  if (x === null || y === null) return false;
  return x.local.length === y.remote.length && x.local.every((pair, i) => pair.link === y.remote[i]?.link);
}

keepShape(
  new Reconciler(
    [],
    () => undefined,
    () => undefined,
  ),
);
