import type { ModelDefinition } from "./definition.ts";
import type { ModuleOwner } from "./module-owner.ts";

/** A set of models that make up one database. Every model belongs to the default one unless made by another's. */
export class Registry {
  readonly name: string;
  /** The module whose models these are; null for any other set. */
  readonly module: ModuleOwner | null;
  readonly #definitions: ModelDefinition[] = [];

  constructor(name: string, module: ModuleOwner | null = null) {
    this.name = name;
    this.module = module;
  }

  /** Every model defined so far, in the order in which their modules ran. */
  get definitions(): readonly ModelDefinition[] {
    return this.#definitions;
  }

  /** Takes a model in. */
  add(definition: ModelDefinition): void {
    this.#definitions.push(definition);
  }

  /** Forgets every model: for tests that define models as they go. */
  clear(): void {
    this.#definitions.length = 0;
  }
}

/** The registry that `Model` puts models into. */
export const defaultRegistry: Registry = new Registry("default");
