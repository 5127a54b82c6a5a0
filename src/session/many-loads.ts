/** Loads of one relation, one object at a time, after which a loop is suspected. */
const suspicious = 10;

/** What is said of a relation that was loaded again and again, each time for one object. */
export interface ManyLoads {
  readonly model: string;
  readonly relation: string;
  readonly queries: number;
}

/**
 * Counts queries that loaded a relation for a single object, and says so once for each relation of a Session:
 * objects that came together are loaded together, those that were got one by one are not.
 */
export class LoadCounter {
  readonly #counts = new Map<string, number>();
  readonly #warn: (loads: ManyLoads) => void;

  constructor(warn: (loads: ManyLoads) => void) {
    this.#warn = warn;
  }

  /** One more query for one object. */
  count(model: string, relation: string): void {
    const name = `${model}.${relation}`;
    const queries = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, queries);
    if (queries === suspicious) this.#warn({ model, relation, queries });
  }
}

/** A process warning, in development alone. */
export function warnOfManyLoads({ model, relation, queries }: ManyLoads): void {
  if (process.env["NODE_ENV"] === "production") return;
  process.emitWarning(
    `${model}.${relation} was loaded by ${queries} queries, one for each object. Ask for it with the objects: .with("${relation}").`,
    { code: "ATHANOR_MANY_LOADS" },
  );
}
