import { AthanorError } from "../errors/index.ts";
import { collection } from "./collection.ts";
import type { RelationValue } from "./instance.ts";
import { ModelInstance } from "./instance-base.ts";
import { lazyRelation } from "./lazy-relation.ts";
import type { ModelMetadata, RelationMetadata } from "./metadata.ts";
import { joinSides, leaveSides } from "./relation-sides.ts";
import { demandFit } from "./relation-value.ts";
import type { ResolvedModel } from "./resolve.ts";

/** Puts the relations of a model on the prototype of its instances, out of sight of enumeration. */
export function defineRelations(model: ResolvedModel, prototype: object): void {
  for (const property of model.relationNames) {
    Object.defineProperty(prototype, property, {
      configurable: true,
      enumerable: false,
      get(this: ModelInstance) {
        return readRelation(model, this, property);
      },
      set(this: ModelInstance, value: unknown) {
        assignRelation(model, this, property, value);
      },
    });
  }
}

function relationOf(model: ModelMetadata, property: string): RelationMetadata {
  const relation = model.relations.get(property);
  if (relation !== undefined) return relation;
  throw new AthanorError("MODEL.UNKNOWN_PROPERTY", { model: model.name, property });
}

/** What a relation holds; an empty collection of a new object is loaded, since nothing can be stored for it. */
function readRelation(model: ResolvedModel, instance: ModelInstance, property: string): unknown {
  const held = ModelInstance.peekRelations(instance)?.get(property);
  if (held?.state === "loaded") return held.value;
  const relation = relationOf(model, property);
  if (relation.keyOn === "local" && keyIsNull(instance, relation)) return null;
  if (held === undefined && isNew(instance, relation)) {
    const empty: RelationValue = {
      state: "loaded",
      value: relation.kind === "many" ? collection(instance, relation, []) : null,
    };
    ModelInstance.relationsOf(instance).set(property, empty);
    return empty.value;
  }
  return lazyRelation({
    model: model.name,
    property,
    load: async () => {
      const link = ModelInstance.linkOf(instance);
      if (link === null) throw new AthanorError("MODEL.DETACHED", { model: model.name, property });
      return link.load(instance, property);
    },
  });
}

function keyIsNull(instance: object, relation: RelationMetadata): boolean {
  const values = instance as Readonly<Record<string, unknown>>;
  return relation.pairs.some(({ local }) => values[local] === null || values[local] === undefined);
}

/** An object that came from no Session and holds no foreign key has nothing to load. */
function isNew(instance: ModelInstance, relation: RelationMetadata): boolean {
  return relation.keyOn !== "local" && ModelInstance.linkOf(instance) === null;
}

/** Assigns a relation and, where it has one, keeps the other side equal. */
export function assignRelation(
  model: ResolvedModel,
  instance: ModelInstance,
  property: string,
  value: unknown,
): void {
  const relation = relationOf(model, property);
  demandFit(model, relation, value);
  const relations = ModelInstance.relationsOf(instance);
  const before = relations.get(property);
  const old = before?.state === "loaded" ? before.value : null;
  const next =
    relation.kind === "many"
      ? collection(instance, relation, [...(value as object[])])
      : (value as object | null);
  relations.set(property, { state: "loaded", value: next });
  const gone =
    relation.kind === "many"
      ? listOf(old).filter((item) => !(value as object[]).includes(item))
      : listOf(old === value ? null : old);
  for (const item of gone) leaveSides(relation, instance, item);
  for (const item of listOf(next)) joinSides(relation, instance, item);
  ModelInstance.linkOf(instance)?.relationChanged(instance, property);
}

function listOf(value: object | object[] | null): object[] {
  if (value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** What a loaded relation is set to by those who load it, an array for good: nothing is told to the other side. */
export function setLoaded(
  model: ModelMetadata,
  instance: object,
  property: string,
  value: object | object[] | null,
): void {
  const relation = relationOf(model, property);
  const own = instance as ModelInstance;
  const held = Array.isArray(value) ? collection(own, relation, value) : value;
  ModelInstance.relationsOf(own).set(property, { state: "loaded", value: held });
}

/** Forgets what a relation held: it is loaded when next asked for. */
export function setUnloaded(instance: object, property: string): void {
  ModelInstance.relationsOf(instance as ModelInstance).set(property, { state: "unloaded" });
}
