import type { DriverValue } from "../dialect/index.ts";
import type { Entry } from "./entry.ts";
import { type MappedRelation, relationsOf } from "./mapped-relation.ts";
import type { EncodedRow } from "./mapper.ts";
import { isReverse, type LinkChange } from "./reconcile.ts";
import { loadRelation, members, relationValue } from "./relation-value.ts";
import type { Unit } from "./unit.ts";

/**
 * Collections that are loaded follow the rows: one whose foreign key was written leaves the object it belonged to,
 * and comes to the one it belongs to now, however the program brought that about. `before` is null of a new row.
 */
export function syncOwners(unit: Unit, entry: Entry, before: EncodedRow | null): void {
  if (unit.related.size === 0) return;
  for (const mapper of unit.mappers()) {
    for (const relation of relationsOf(mapper).values()) {
      if (relation.meta.keyOn !== "remote" || relation.target !== entry.mapper) continue;
      const from = before === null ? null : ownerOf(unit, relation, before);
      const to = ownerOf(unit, relation, entry.snapshot);
      if (from === to) continue;
      if (from !== null) leave(unit, from, relation, entry);
      if (to !== null) come(unit, to, relation, entry);
    }
  }
}

/** The other sides of links that were written follow them as well. */
export function syncLinks(unit: Unit, added: readonly LinkChange[], removed: readonly LinkChange[]): void {
  for (const { relation, own, other } of removed) {
    for (const back of reverses(relation)) leave(unit, other, back, own);
  }
  for (const { relation, own, other } of added) {
    for (const back of reverses(relation)) come(unit, other, back, own);
  }
}

function reverses(relation: MappedRelation): MappedRelation[] {
  return [...relationsOf(relation.target).values()].filter((each) => isReverse(relation, each));
}

/** The entry that a row's foreign key points at, where it is here. */
function ownerOf(unit: Unit, relation: MappedRelation, row: readonly DriverValue[]): Entry | null {
  const { local, remote } = relation;
  const [first] = local;
  if (first === undefined) return null;
  const mapper = relation.owner;
  const values = mapper.key.map((column) => {
    const at = local.indexOf(column);
    return at < 0 ? null : (row[remote[at]?.index ?? -1] ?? null);
  });
  if (values.includes(null) || values.length !== local.length) return null;
  return unit.find(mapper, mapper.keyOfParts(values)) ?? null;
}

function leave(unit: Unit, owner: Entry, relation: MappedRelation, member: Entry): void {
  const held = relationValue(owner.instance, relation.property);
  if (held === undefined || !members(held).includes(member.instance)) return;
  unit.remember(owner);
  const left = Array.isArray(held) ? held.filter((each) => each !== member.instance) : null;
  loadRelation(owner, relation.property, left);
}

function come(unit: Unit, owner: Entry, relation: MappedRelation, member: Entry): void {
  if (!(member.instance instanceof relation.meta.target.model)) return;
  const held = relationValue(owner.instance, relation.property);
  if (held === undefined || members(held).includes(member.instance)) return;
  unit.remember(owner);
  loadRelation(owner, relation.property, Array.isArray(held) ? [...held, member.instance] : member.instance);
}
