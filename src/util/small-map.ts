import { keepShape } from "./keep-shape.ts";

/** One that is read alone. */
export type ReadonlySmallMap<V> = Pick<SmallMap<V>, "size" | "get" | "has" | "copy">;

/**
 * A map that most often has one item, which has a place of its own: a `Map` is made when there are two. An empty `Map`
 * takes as much memory as a dozen properties, which counts where every object has one.
 */
export class SmallMap<V> {
  #key: string | null = null;
  #value: V | undefined = undefined;
  #all: Map<string, V> | null = null;

  get size(): number {
    if (this.#all !== null) return this.#all.size;
    return this.#key === null ? 0 : 1;
  }

  get(key: string): V | undefined {
    if (this.#all !== null) return this.#all.get(key);
    return this.#key === key ? this.#value : undefined;
  }

  has(key: string): boolean {
    return this.#all === null ? this.#key === key : this.#all.has(key);
  }

  set(key: string, value: V): void {
    if (this.#all !== null) this.#all.set(key, value);
    else if (this.#key === null || this.#key === key) {
      this.#key = key;
      this.#value = value;
    } else this.#all = new Map([[this.#key, this.#value as V]]).set(key, value);
  }

  delete(key: string): void {
    if (this.#all !== null) this.#all.delete(key);
    else if (this.#key === key) {
      this.#key = null;
      this.#value = undefined;
    }
  }

  /** Another one with the same items. */
  copy(): SmallMap<V> {
    const other = new SmallMap<V>();
    other.#key = this.#key;
    other.#value = this.#value;
    other.#all = this.#all === null ? null : new Map(this.#all);
    return other;
  }
}

keepShape(new SmallMap());
