import { ModelInstance, setLoaded, setUnloaded } from "../model/index.ts";
import type { Entry, RelationContent } from "./entry.ts";
import { relationsOf } from "./mapped-relation.ts";

/** What a relation of an instance holds; undefined where it is not loaded. */
export function relationValue(instance: object, relation: string): object | object[] | null | undefined {
  const value = ModelInstance.peekRelations(instance as ModelInstance)?.get(relation);
  return value?.state === "loaded" ? value.value : undefined;
}

/** Whether any relation of the instance was ever loaded or assigned. */
export function hasRelations(instance: object): boolean {
  return (ModelInstance.peekRelations(instance as ModelInstance)?.size ?? 0) > 0;
}

/** Gives a relation its content, without anybody being told, and remembers it to compare with later. */
export function loadRelation(entry: Entry, relation: string, value: object | object[] | null): void {
  setLoaded(entry.mapper.meta, entry.instance, relation, value);
  entry.knowRelation(relation, copyContent(value));
}

/** Makes a relation one that was not loaded. */
export function unloadRelation(entry: Entry, relation: string): void {
  entry.relations?.delete(relation);
  if (hasRelations(entry.instance)) setUnloaded(entry.instance, relation);
}

/** Remembers what the loaded relations of an entry hold, which is what the database has. */
export function keepRelations(entry: Entry): void {
  if (!hasRelations(entry.instance)) return;
  for (const relation of relationsOf(entry.mapper).keys()) {
    const value = relationValue(entry.instance, relation);
    if (value === undefined) continue;
    entry.knowRelation(relation, copyContent(value));
  }
}

/** Puts the relations of an entry back to what was remembered; those that were not loaded then are not loaded. */
export function restoreRelations(entry: Entry): void {
  if (!hasRelations(entry.instance)) return;
  for (const relation of relationsOf(entry.mapper).keys()) {
    const value = relationValue(entry.instance, relation);
    const content = entry.relations?.get(relation);
    if (content === undefined) {
      if (value !== undefined) setUnloaded(entry.instance, relation);
    } else if (!sameContent(value, content)) {
      setLoaded(entry.mapper.meta, entry.instance, relation, mutable(content));
    }
  }
}

function mutable(content: RelationContent): object | object[] | null {
  return Array.isArray(content) ? [...(content as object[])] : content;
}

/** Whether a relation holds what it held when it was last equal to the database. */
export function sameContent(
  value: RelationContent | undefined,
  content: RelationContent | undefined,
): boolean {
  if (!Array.isArray(value) || !Array.isArray(content)) return value === content;
  return value.length === content.length && value.every((each, i) => each === content[i]);
}

/** The objects a relation holds. */
export function members(content: RelationContent | undefined): readonly object[] {
  if (content === null || content === undefined) return [];
  return Array.isArray(content) ? (content as readonly object[]) : [content];
}

function copyContent(value: object | object[] | null): RelationContent {
  return Array.isArray(value) ? [...value] : value;
}
