import type { Entry } from "./entry.ts";
import { type MappedRelation, relationsOf } from "./mapped-relation.ts";
import { members, relationValue } from "./relation-value.ts";
import type { Unit } from "./unit.ts";

/**
 * What assigning one side of a relation means for the other where that side was not loaded, so that the model alone
 * could not know of it: the last word of the program counts, whichever side it was said on.
 */
export function followAssignment(unit: Unit, entry: Entry, name: string): void {
  const relation = relationsOf(entry.mapper).get(name);
  const back = relation?.meta.backPopulates ?? null;
  if (relation === undefined || back === null) return;
  if (relation.meta.keyOn === "local") leaveOwner(unit, entry, relation, back);
  else if (entry.relations?.has(name) !== true) dismiss(unit, entry, relation, back);
}

/** An object that is given to another owner leaves the one its key names, where that has loaded it. */
function leaveOwner(unit: Unit, entry: Entry, relation: MappedRelation, back: string): void {
  const parts = relation.target.key.map((column) => {
    const own = relation.local[relation.remote.indexOf(column)];
    return own === undefined ? null : own.encode(entry.values[own.property]);
  });
  if (parts.includes(null)) return;
  const owner = unit.find(relation.target, relation.target.keyOfParts(parts));
  if (owner === undefined || owner.instance === relationValue(entry.instance, relation.property)) return;
  takeOut(owner.instance, back, entry.instance);
}

/** What was replaced without having been loaded: objects that say they belong there, and were not named, do not. */
function dismiss(unit: Unit, entry: Entry, relation: MappedRelation, back: string): void {
  const held = relationValue(entry.instance, relation.property);
  if (held === undefined) return;
  const named = new Set(members(held));
  for (const other of [...unit.pending, ...unit.related]) {
    if (other.mapper !== relation.target || named.has(other.instance)) continue;
    const own = relationValue(other.instance, back);
    if (members(own).includes(entry.instance)) takeOut(other.instance, back, entry.instance);
  }
}

function takeOut(owner: object, property: string, member: object): void {
  const held = relationValue(owner, property);
  if (Array.isArray(held)) {
    const at = held.indexOf(member);
    if (at >= 0) held.splice(at, 1);
  } else if (held === member) (owner as Record<string, unknown>)[property] = null;
}
