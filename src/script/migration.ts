import type { MigrationOperations } from "./operations-api.ts";

/** What a migration file says. The header (all but the two functions) is written in plain literals. */
export interface MigrationDefinition {
  readonly revision: string;
  /** The revision it follows: null for a base, several for a merge. */
  readonly downRevision: string | null | readonly string[];
  readonly branchLabels?: readonly string[];
  /** Revisions of other branches that must be applied before. */
  readonly dependsOn?: readonly string[];
  readonly message: string;
  /** When the file was made, ISO 8601 in UTC. */
  readonly createdAt?: string;
  /**
   * False commits each operation by itself, and notes in the log how far the migration has come: for what would hold
   * locks for too long, and statements that no transaction may hold. Default true.
   */
  readonly transaction?: boolean;
  /** The revisions that `athanor squash` put into this one: a database past it has gone through them. */
  readonly replaces?: readonly string[];
  /** Findings of `athanor lint` that are accepted, each with the reason: `{ LINT102: "nothing reads it" }`. */
  readonly ignore?: { readonly [finding: string]: string };
  /** Records what the migration does. Synchronous. */
  upgrade(op: MigrationOperations): void;
  /** Records what takes it back. Synchronous. */
  downgrade(op: MigrationOperations): void;
}

/** The mark of a migration; registered, so that two copies of the package know each other's. */
const mark: unique symbol = Symbol.for("athanor.migration") as never;

/** What `migration` gives: a migration file's default export. */
export interface Migration extends MigrationDefinition {
  readonly [mark]: true;
}

/** Declares a migration; a migration file's default export. */
export function migration(definition: MigrationDefinition): Migration {
  return Object.freeze({ ...definition, [mark]: true as const });
}

/** Whether `value` is what `migration` gives. */
export function isMigration(value: unknown): value is Migration {
  return typeof value === "object" && value !== null && mark in value;
}
