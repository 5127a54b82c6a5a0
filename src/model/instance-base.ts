import type { InstanceState } from "./instance.ts";

/** Given as a constructor's second argument by those who read rows: values are taken as they are. */
export const fromRow: unique symbol = Symbol("athanor.fromRow");

/** What every model's instances are: their private state stays out of sight of JSON, spreading and inspection. */
export class ModelInstance {
  #state: InstanceState | undefined;

  /** The private state of an instance; made when first asked for. */
  static state(instance: ModelInstance): InstanceState {
    instance.#state ??= { relations: new Map(), link: null };
    return instance.#state;
  }

  /** The private state of an instance, where it has one already. */
  static peek(instance: ModelInstance): InstanceState | undefined {
    return instance.#state;
  }

  /** Whether a value is an instance of some model. */
  static is(value: unknown): value is ModelInstance {
    return typeof value === "object" && value !== null && #state in value;
  }
}
