/** What everybody else has to wait with while a statement holds its lock. */
export type Blocks = "nothing" | "schema changes" | "writes" | "reads and writes";

/**
 * How long a statement takes as its table grows: `instant` is the same for any table, `scan` reads every row, `build`
 * reads every row and sorts keys, `rewrite` writes every row, `unknown` is in the hands of whoever wrote it.
 */
export type DurationClass = "instant" | "scan" | "build" | "rewrite" | "unknown";

/** What makes a change of a live table dangerous, in words that belong to no database. */
export type HazardKind =
  | "rewrite"
  | "setNotNull"
  | "foreignKey"
  | "check"
  | "uniqueConstraint"
  | "index"
  | "exclusion";

/** One danger of an operation on a live table. */
export interface Hazard {
  readonly kind: HazardKind;
  /** Why this very operation has it. */
  readonly why: string;
  /** How to do the same without it: lines of SQL and of SQL comments; empty where there is no other way. */
  readonly safe: readonly string[];
  /** The whole table is meant: several operations of one migration share it. */
  readonly ofTable?: true;
  /** Said, but nothing to stop for: others go on working, or this database has no other way. */
  readonly mild?: true;
}

/** What an operation does to a table that is in use. */
export interface LiveEffect {
  /** The lock in the database's own words; empty where it takes none that anybody notices. */
  readonly lock: string;
  readonly blocks: Blocks;
  readonly duration: DurationClass;
  readonly hazards: readonly Hazard[];
}
