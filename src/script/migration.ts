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
