/**
 * How a model's instances and the Session speak to each other. An instance has plain own properties for its
 * columns; relations are accessors on the prototype that read and write the instance's `Relations`. A Session
 * ties itself to an instance by its `InstanceLink`.
 */

/** What a relation of one instance holds. */
export type RelationValue =
  /** Not loaded: reading gives an awaitable. */
  | { readonly state: "unloaded" }
  /** Loaded, or given: an object, null, or an array that the program may change in place. */
  | { readonly state: "loaded"; value: object | object[] | null };

/** What a Session does for an instance that belongs to it. */
export interface InstanceLink {
  /** Loads a relation that was not loaded; the awaitable's `then` ends here. */
  load(instance: object, relation: string): Promise<object | object[] | null>;
  /** Loads a column that was left out. */
  loadColumn(instance: object, property: string): Promise<unknown>;
  /** Told when a relation is assigned, so that both sides stay equal and new objects are picked up. */
  relationChanged(instance: object, relation: string): void;
}
