/** What is said of a relation. Columns are the properties' names. */
export interface RelationOptions {
  /** The other side's property: both are kept equal in memory. */
  readonly backPopulates?: string;
  /**
   * The model of the table between the two, or the table's name: it then needs no model, and both sides give the same
   * name. It has the keys of both (`hero_id`, `power_id`), which together are its own, ON DELETE CASCADE.
   */
  readonly through?: unknown;
  /**
   * The property or properties that hold the foreign key, where more than one could: of a table between the two,
   * those that hold this side's key.
   */
  readonly foreignKey?: string | readonly string[];
  /** Objects on the other side are deleted with this one. */
  readonly cascadeDelete?: boolean;
  /** Leave the other side to the database's own ON DELETE. */
  readonly passiveDeletes?: boolean;
  /** Objects taken out of the collection are deleted. */
  readonly deleteOrphan?: boolean;
  /** How a collection is sorted: properties of the other side, `-` before one turns it round. */
  readonly orderBy?: string | readonly string[];
}

/** A relation to one object or to many of another model. */
export interface Relation<C, K extends "one" | "many"> {
  readonly kind: "relation";
  readonly target: C;
  readonly cardinality: K;
  readonly options: RelationOptions;
}

// The target is a bare type parameter on purpose: a constraint would make TypeScript resolve the other model at
// once, and two models that name each other would no longer infer (TS2506).

/** One object of another model, or null. */
export function one<C>(target: C, options: RelationOptions = {}): Relation<C, "one"> {
  return { kind: "relation", target, cardinality: "one", options };
}

/** Many objects of another model. */
export function many<C>(target: C, options: RelationOptions = {}): Relation<C, "many"> {
  return { kind: "relation", target, cardinality: "many", options };
}
