import { ModelInstance } from "./instance-base.ts";
import type { RelationMetadata } from "./metadata.ts";

/** The other side comes to know of `instance`; what it has not loaded stays as it is. */
export function joinSides(relation: RelationMetadata, instance: object, item: object): void {
  const other = otherSide(relation, item);
  if (other === null) return;
  const { own, back } = other;
  const held = ModelInstance.peekRelations(own)?.get(back.property);
  if (back.kind === "one") {
    if (held?.state === "loaded" && held.value === instance) return;
    const former = held?.state === "loaded" ? held.value : null;
    ModelInstance.relationsOf(own).set(back.property, { state: "loaded", value: instance });
    if (former !== null && !Array.isArray(former)) leaveSides(back, item, former);
    ModelInstance.linkOf(own)?.relationChanged(item, back.property);
    return;
  }
  const list = held?.state === "loaded" ? (held.value as object[]) : newCollection(own, back);
  if (list !== null && !list.includes(instance)) list.push(instance);
}

/** The other side forgets `instance`, where it is loaded. */
export function leaveSides(relation: RelationMetadata, instance: object, item: object): void {
  const other = otherSide(relation, item);
  if (other === null) return;
  const { own, back } = other;
  const held = ModelInstance.peekRelations(own)?.get(back.property);
  if (held?.state !== "loaded") return;
  if (back.kind === "one") {
    if (held.value !== instance) return;
    ModelInstance.relationsOf(own).set(back.property, { state: "loaded", value: null });
    ModelInstance.linkOf(own)?.relationChanged(item, back.property);
    return;
  }
  const list = held.value as object[];
  const at = list.indexOf(instance);
  if (at >= 0) list.splice(at, 1);
}

/** A collection nobody loaded: that of a new object starts empty, that of a stored one is left alone. */
function newCollection(own: ModelInstance, back: RelationMetadata): object[] | null {
  const isKnown = ModelInstance.peekRelations(own)?.has(back.property) === true;
  if (isKnown || ModelInstance.linkOf(own) !== null) return null;
  return (own as unknown as Readonly<Record<string, object[]>>)[back.property] ?? null;
}

function otherSide(
  relation: RelationMetadata,
  item: object,
): { own: ModelInstance; back: RelationMetadata } | null {
  if (relation.backPopulates === null || !ModelInstance.is(item)) return null;
  const back = relation.target.relations.get(relation.backPopulates);
  return back === undefined ? null : { own: item, back };
}
