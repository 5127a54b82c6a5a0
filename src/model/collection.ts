import { keepShape } from "../util/keep-shape.ts";
import { ModelInstance } from "./instance-base.ts";
import type { RelationMetadata } from "./metadata.ts";
import { joinSides, leaveSides } from "./relation-sides.ts";
import { demandFit } from "./relation-value.ts";

/** An array, from now on this collection's own, that keeps the other side equal when the program changes it in place. */
export function collection(instance: ModelInstance, relation: RelationMetadata, items: object[]): object[] {
  return new Proxy(items, new Collection(instance, relation));
}

/**
 * What reads an array and changes nothing goes over the array itself: by way of a proxy, each item would be asked for
 * by name, which takes many times as long. What changes the array is told of each step.
 */
const readers: ReadonlySet<PropertyKey> = new Set<PropertyKey>([
  Symbol.iterator,
  "at",
  "entries",
  "every",
  "filter",
  "find",
  "findIndex",
  "findLast",
  "findLastIndex",
  "flatMap",
  "forEach",
  "includes",
  "indexOf",
  "join",
  "lastIndexOf",
  "map",
  "reduce",
  "reduceRight",
  "slice",
  "some",
  "toSorted",
  "values",
]);

class Collection implements ProxyHandler<object[]> {
  readonly #instance: ModelInstance;
  readonly #relation: RelationMetadata;

  constructor(instance: ModelInstance, relation: RelationMetadata) {
    this.#instance = instance;
    this.#relation = relation;
  }

  get(target: object[], key: PropertyKey): unknown {
    const value: unknown = target[key as never];
    if (typeof value !== "function" || !(key === Symbol.iterator || readers.has(key))) return value;
    return value.bind(target);
  }

  set(target: object[], key: PropertyKey, value: unknown, receiver: unknown): boolean {
    const instance = this.#instance;
    const relation = this.#relation;
    const index = isIndex(key);
    const old = index ? target[Number(key)] : undefined;
    const shrunk = key === "length" ? target.slice(Number(value)) : [];
    if (index && !(value instanceof relation.target.model))
      demandFit(instance.constructor, relation, [value]);
    const done = Reflect.set(target, key, value, receiver);
    if (index && old !== undefined && old !== value && !target.includes(old))
      leaveSides(relation, instance, old);
    for (const item of shrunk) if (!target.includes(item)) leaveSides(relation, instance, item);
    if (index) joinSides(relation, instance, value as object);
    ModelInstance.linkOf(instance)?.relationChanged(instance, relation.property);
    return done;
  }

  deleteProperty(target: object[], key: PropertyKey): boolean {
    const old = isIndex(key) ? target[Number(key)] : undefined;
    const done = Reflect.deleteProperty(target, key);
    if (old !== undefined && !target.includes(old)) leaveSides(this.#relation, this.#instance, old);
    return done;
  }
}

keepShape(new Collection(null as never, null as never));

function isIndex(key: PropertyKey): boolean {
  return typeof key === "string" && /^\d+$/.test(key);
}
