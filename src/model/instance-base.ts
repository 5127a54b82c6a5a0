import { type ReadonlySmallMap, SmallMap } from "../util/small-map.ts";
import type { InstanceLink, RelationValue } from "./instance.ts";

/** Given as a constructor's second argument by those who read rows: the first is then what fills the object. */
export const fromRow: unique symbol = Symbol("athanor.fromRow");

/** What gives an object made of a row its values, as they are; every field gets one, in the order of the fields. */
export interface RowFiller {
  fill(target: object): void;
}

/** What every model's instances are: their private state stays out of sight of JSON, spreading and inspection. */
export class ModelInstance {
  #link: InstanceLink | null = null;
  #relations: SmallMap<RelationValue> | null = null;
  #checked: Readonly<Record<string, unknown>> | null = null;

  /** What ties an instance to a Session; null where nothing does. */
  static linkOf(instance: ModelInstance): InstanceLink | null {
    return instance.#link;
  }

  /** Ties an instance to a Session, or unties it. */
  static tie(instance: ModelInstance, link: InstanceLink | null): void {
    instance.#link = link;
  }

  /** The relations of an instance; made when first asked for, since most instances never have any. */
  static relationsOf(instance: ModelInstance): SmallMap<RelationValue> {
    instance.#relations ??= new SmallMap();
    return instance.#relations;
  }

  /** The relations of an instance, where it has any. */
  static peekRelations(instance: ModelInstance): ReadonlySmallMap<RelationValue> | null {
    return instance.#relations;
  }

  /** The values of the fields that the constructor found valid, until they are written; null of any other instance. */
  static checkedOf(instance: ModelInstance): Readonly<Record<string, unknown>> | null {
    return instance.#checked;
  }

  /** Remembers the values that were found valid, or forgets them. */
  static setChecked(instance: ModelInstance, values: Readonly<Record<string, unknown>> | null): void {
    instance.#checked = values;
  }

  /** Whether a value is an instance of some model. */
  static is(value: unknown): value is ModelInstance {
    return typeof value === "object" && value !== null && #link in value;
  }
}
