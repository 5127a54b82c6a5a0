import { AthanorError } from "../errors/index.ts";
import type { RelationValue } from "./instance.ts";
import { ModelInstance } from "./instance-base.ts";
import { lazyRelation } from "./lazy-relation.ts";
import type { ModelMetadata, RelationMetadata } from "./metadata.ts";
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
  const relation = relationOf(model, property);
  const held = ModelInstance.peekRelations(instance)?.get(property);
  if (held?.state === "loaded") return held.value;
  if (relation.keyOn === "local" && keyIsNull(instance, relation)) return null;
  if (held === undefined && isNew(instance, relation)) {
    const empty: RelationValue = {
      state: "loaded",
      value: relation.kind === "many" ? collection(model, instance, relation, []) : null,
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
      ? collection(model, instance, relation, value as object[])
      : (value as object | null);
  relations.set(property, { state: "loaded", value: next });
  const gone =
    relation.kind === "many"
      ? listOf(old).filter((item) => !(value as object[]).includes(item))
      : listOf(old === value ? null : old);
  for (const item of gone) leave(relation, instance, item);
  for (const item of listOf(next)) join(relation, instance, item);
  ModelInstance.linkOf(instance)?.relationChanged(instance, property);
}

function listOf(value: object | object[] | null): object[] {
  if (value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The other side comes to know of `instance`; what it has not loaded stays as it is. */
function join(relation: RelationMetadata, instance: object, item: object): void {
  const other = otherSide(relation, item);
  if (other === null) return;
  const { own, back } = other;
  const held = ModelInstance.peekRelations(own)?.get(back.property);
  if (back.kind === "one") {
    if (held?.state === "loaded" && held.value === instance) return;
    const former = held?.state === "loaded" ? held.value : null;
    ModelInstance.relationsOf(own).set(back.property, { state: "loaded", value: instance });
    if (former !== null && !Array.isArray(former)) leave(back, item, former);
    ModelInstance.linkOf(own)?.relationChanged(item, back.property);
    return;
  }
  const list = held?.state === "loaded" ? (held.value as object[]) : newCollection(own, back);
  if (list !== null && !list.includes(instance)) list.push(instance);
}

function leave(relation: RelationMetadata, instance: object, item: object): void {
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

/** An array that keeps the other side equal when the program changes it in place. */
function collection(
  model: ModelMetadata,
  instance: ModelInstance,
  relation: RelationMetadata,
  items: readonly object[],
): object[] {
  const list = [...items];
  return new Proxy(list, {
    set(target, key, value, receiver) {
      const index = typeof key === "string" && /^\d+$/.test(key);
      const old = index ? target[Number(key)] : undefined;
      const shrunk = key === "length" ? target.slice(Number(value)) : [];
      if (index && !(value instanceof relation.target.model)) demandFit(model, relation, [value]);
      const done = Reflect.set(target, key, value, receiver);
      if (index && old !== undefined && old !== value && !target.includes(old))
        leave(relation, instance, old);
      for (const item of shrunk) if (!target.includes(item)) leave(relation, instance, item);
      if (index) join(relation, instance, value as object);
      ModelInstance.linkOf(instance)?.relationChanged(instance, relation.property);
      return done;
    },
    deleteProperty(target, key) {
      const old = typeof key === "string" && /^\d+$/.test(key) ? target[Number(key)] : undefined;
      const done = Reflect.deleteProperty(target, key);
      if (old !== undefined && !target.includes(old)) leave(relation, instance, old);
      return done;
    },
  });
}

/** What a loaded relation is set to by those who load it: nothing is told to the other side. */
export function setLoaded(
  model: ModelMetadata,
  instance: object,
  property: string,
  value: object | object[] | null,
): void {
  const relation = relationOf(model, property);
  const own = instance as ModelInstance;
  const held = Array.isArray(value) ? collection(model, own, relation, value) : value;
  ModelInstance.relationsOf(own).set(property, { state: "loaded", value: held });
}

/** Forgets what a relation held: it is loaded when next asked for. */
export function setUnloaded(instance: object, property: string): void {
  ModelInstance.relationsOf(instance as ModelInstance).set(property, { state: "unloaded" });
}
