import type { DriverValue } from "../dialect/index.ts";
import type { Entry } from "./entry.ts";
import { linkedEntries } from "./groups.ts";
import type { Loader } from "./loader.ts";
import type { MappedColumn } from "./mapped-column.ts";
import { type MappedRelation, relationsOf } from "./mapped-relation.ts";
import type { Mapper } from "./mapper.ts";
import { sourceId } from "./reconcile.ts";
import { keepsDeleted, timeOfDeletion } from "./stamp.ts";
import type { Unit } from "./unit.ts";

/** Foreign keys of rows that stay, to be set to NULL since the rows they hold the keys of are about to go. */
export interface Clearing {
  readonly mapper: Mapper;
  readonly columns: readonly MappedColumn[];
  /** The rows that go, each with its key. */
  readonly owners: readonly Entry[];
  readonly keys: readonly (readonly DriverValue[])[];
}

/** What deleting rows brings with it. */
export interface Consequences {
  readonly clearings: readonly Clearing[];
  /** The database deletes or changes these rows by itself; objects of them follow. */
  readonly byDatabase: readonly (Clearing & { readonly action: "cascade" | "set null" })[];
}

type Doom = (entry: Entry, along?: Entry) => void;

/**
 * Follows the relations of entries to be deleted: what is cascaded to is to be deleted as well (`doom`), rows that
 * stay lose their foreign key, and where the database acts by itself, it is left to it. Where the row of an entry really
 * goes, what is cascaded to really goes too, what was marked as deleted before included: it cannot stay alone. What the
 * program gave to another owner stays with that one; `sourced` are entries whose foreign keys are yet to be filled.
 */
export async function cascade(
  unit: Unit,
  loader: Loader,
  doom: Doom,
  sourced: readonly Entry[],
): Promise<Consequences> {
  await cascadeMarks(unit, loader, doom);
  const clearings: Clearing[] = [];
  const byDatabase: (Clearing & { action: "cascade" | "set null" })[] = [];
  const done = new Set<Entry>();
  for (let wave = [...unit.doomed]; wave.length > 0; wave = [...unit.doomed].filter((e) => !done.has(e))) {
    for (const entry of wave) done.add(entry);
    for (const [mapper, entries] of Map.groupBy(wave, (entry) => entry.mapper)) {
      for (const relation of relationsOf(mapper).values()) {
        const { cascadeDelete, passiveDeletes, keyOn } = relation.meta;
        if (cascadeDelete && !passiveDeletes) {
          const found = await loader.fetch(entries, relation, true);
          for (const [at, owner] of found.entries.entries()) {
            const members = linkedEntries(found.members[at] as object[]);
            for (const member of belonging(owner, members, relation, sourced)) {
              member.purged = true;
              if (member.state === "pending") forgo(member, doom, sourced);
              else doom(member);
            }
          }
        } else if (keyOn === "remote") {
          const clearing = clearingOf(relation, entries);
          const { onDelete } = relation;
          if (onDelete === "cascade" || onDelete === "set null")
            byDatabase.push({ ...clearing, action: onDelete });
          else if (!passiveDeletes && onDelete !== "set default" && canBeNull(relation))
            clearings.push(clearing);
        }
      }
    }
  }
  return { clearings, byDatabase };
}

/**
 * What was marked as deleted marks what its relations cascade to, with the same time. Rows that cannot be marked stay:
 * what can be brought back is brought back whole. The database does nothing of it, `passiveDeletes` or not.
 */
async function cascadeMarks(unit: Unit, loader: Loader, doom: Doom): Promise<void> {
  if (unit.marked.size === 0) return;
  const done = new Set<Entry>();
  const next = (): Entry[] =>
    [...unit.marked].filter((entry) => !done.has(entry) && timeOfDeletion(entry) !== null);
  for (let wave = next(); wave.length > 0; wave = next()) {
    for (const entry of wave) done.add(entry);
    for (const [mapper, entries] of Map.groupBy(wave, (entry) => entry.mapper)) {
      for (const relation of relationsOf(mapper).values()) {
        if (!relation.meta.cascadeDelete) continue;
        const found = await loader.fetch(entries, relation);
        for (const [at, owner] of found.entries.entries())
          for (const member of linkedEntries(found.members[at] as object[]))
            if (keepsDeleted(member) && !hasLeft(member, owner, relation)) doom(member, owner);
      }
    }
  }
  unit.marked.clear();
}

/** Those of an owner's rows that are still its own, and those that are about to become so. */
function belonging(
  owner: Entry,
  members: readonly Entry[],
  relation: MappedRelation,
  sourced: readonly Entry[],
): readonly Entry[] {
  if (relation.meta.keyOn !== "remote") return members;
  return [
    ...members.filter((member) => !hasLeft(member, owner, relation)),
    ...arriving(owner, relation, sourced),
  ];
}

function arriving(owner: Entry, relation: MappedRelation, sourced: readonly Entry[]): readonly Entry[] {
  const id = sourceId(relation, false);
  return sourced.filter(
    ({ mapper, sources }) => mapper === relation.target && sources?.get(id)?.parent === owner,
  );
}

/** A new row that its owner takes with it is never written, nor are the new ones that would have been its own. */
function forgo(entry: Entry, doom: Doom, sourced: readonly Entry[]): void {
  doom(entry);
  for (const relation of relationsOf(entry.mapper).values()) {
    if (!relation.meta.cascadeDelete || relation.meta.keyOn !== "remote") continue;
    for (const member of arriving(entry, relation, sourced)) {
      if (member.state !== "pending") doom(member);
      else if (member.owner !== null) forgo(member, doom, sourced);
    }
  }
}

/** Whether the program has given a row to another owner, or to none, which the database does not know yet. */
function hasLeft({ values, snapshot, sources }: Entry, owner: Entry, relation: MappedRelation): boolean {
  if (relation.meta.keyOn !== "remote") return false;
  const source = sources?.get(sourceId(relation, false));
  if (source !== undefined) return source.parent !== owner;
  return relation.remote.some((column, i) => {
    const value = values[column.property];
    const own = owner.snapshot[relation.local[i]?.index ?? -1] as DriverValue;
    return !column.isSame(value, snapshot[column.index] as DriverValue) && !column.isSame(value, own);
  });
}

function canBeNull({ remote }: MappedRelation): boolean {
  return remote.every(({ field }) => field.nullable);
}

function clearingOf(relation: MappedRelation, entries: readonly Entry[]): Clearing {
  return {
    mapper: relation.target,
    columns: relation.remote,
    owners: entries,
    keys: entries.map(({ snapshot }) => relation.local.map(({ index }) => snapshot[index] as DriverValue)),
  };
}

/** The same for some of the rows that go. */
export function partOf<C extends Clearing>(clearing: C, isMeant: (owner: Entry) => boolean): C {
  const { owners, keys } = clearing;
  return {
    ...clearing,
    owners: owners.filter(isMeant),
    keys: keys.filter((_, at) => isMeant(owners[at] as Entry)),
  };
}

/** The entries that are here whose rows hold one of the keys. */
export function holders(unit: Unit, { mapper, columns, keys }: Clearing): Entry[] {
  const wanted = new Set(keys.map(idOf));
  return [...unit.entriesOf(mapper)].filter((entry) =>
    wanted.has(idOf(columns.map(({ index }) => entry.snapshot[index] as DriverValue))),
  );
}

function idOf(values: readonly DriverValue[]): string {
  return values.map((value) => (value === null ? "" : `${typeof value}:${String(value)}`)).join("\n");
}
