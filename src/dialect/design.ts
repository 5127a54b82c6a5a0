import type { Operation } from "../operation/operation.ts";
import type { ColumnType, DefaultValue, Schema, Table, TableRef } from "../schema/index.ts";
import type { Connection } from "./connection.ts";

/** Reads a database back as a schema, in a handful of queries whatever the number of tables. */
export interface Inspector {
  /**
   * Everything that is there, in canonical form. With `tables`, only those tables (missing ones are left out)
   * and what hangs on them.
   */
  inspect(connection: Connection, options?: InspectOptions): Promise<Schema>;
}

/** What of a database is read. */
export interface InspectOptions {
  readonly tables?: readonly TableRef[];
  readonly namespaces?: readonly string[];
}

/** The small questions the differ asks. Both sides are in canonical form. */
export interface DiffRules {
  /** Whether the database cannot tell these types apart. */
  sameType(a: ColumnType, b: ColumnType): boolean;
  sameDefault(a: DefaultValue | null, b: DefaultValue | null, type: ColumnType): boolean;
  /** Whether two SQL expressions are one to the database. */
  sameExpression(a: string, b: string): boolean;
  /** How a type reads to people, in this database's words. */
  describeType(type: ColumnType): string;
}

/** One thing a plan does. */
export type PlanStep =
  | {
      readonly kind: "statement";
      readonly sql: string;
      readonly params: readonly unknown[];
      /** The place in the list of operations it comes from. */
      readonly operation: number;
      /** Given where the statement is a check on the way: what an answer means (see `PlanCheck`). */
      readonly violation?: string;
    }
  | { readonly kind: "run"; readonly operation: number };

/**
 * A query that answers no row where all is well. Otherwise it answers one: how many rows of the database offend, and
 * an example for people.
 */
export interface PlanCheck {
  readonly sql: string;
  /** What an answer means, for the error. */
  readonly violation: string;
}

/** What is to be run, in order, and what has to stand around it. */
export interface Plan {
  /** Run outside the transaction, before it. */
  readonly before: readonly string[];
  readonly steps: readonly PlanStep[];
  /** Run in the transaction, after the last step. */
  readonly checks: readonly PlanCheck[];
  /** Run outside the transaction, after it, whatever became of it. */
  readonly after: readonly string[];
  /** The schema once the plan is done, as far as it is known. */
  readonly to: Schema;
}

/** Turns operations into statements. `state` is the schema just before the operation, as the database has it. */
export interface DdlWriter {
  /** Whether the operation needs the table made anew. */
  needsRebuild(operation: Operation, table: Table): boolean;
  /** The statements of one operation that needs no rebuild. */
  statements(operation: Operation, state: Schema): readonly string[];
  /**
   * The statements that make `table` anew as `to`, rows kept. `columns` says where each column of `to` comes
   * from: a column of the old table, or null for its default; `using` gives SQL over the old row in place of the
   * plain conversion. `state` has the table as it will be, and everything that hangs on it.
   */
  rebuild(
    from: Table,
    to: Table,
    columns: ReadonlyMap<string, string | null>,
    state: Schema,
    using?: ReadonlyMap<string, string>,
  ): RebuildStatements;
  /**
   * The statements that do all these operations on one table where it stands, though one of them alone would need
   * a rebuild; null where only a rebuild will do.
   */
  inPlace?(operations: readonly Operation[], from: Table, to: Table): readonly string[] | null;
  /** What has to stand around an operation done in place, so that it harms no other table; null for nothing. */
  surroundings?(operation: Operation, state: Schema): Surroundings | null;
  /** A statement that fails where the check answers a row: for scripts, whose answers nobody waits for. */
  assertion?(check: PlanCheck): string;
  /** What has to be said of running a script, in a comment. */
  readonly scriptNote?: string;
  /** What has to hold at the end where statements of the user's own ran inside surroundings. */
  integrityChecks?(state: Schema): readonly PlanCheck[];
  quote(name: string): string;
}

/** What has to stand around the transaction that a statement runs in. */
export interface Surroundings {
  readonly before: readonly string[];
  /** Run in the transaction, at its end. */
  readonly checks: readonly PlanCheck[];
  readonly after: readonly string[];
}

/** A rebuild. A check among the statements has to hold before the next one runs. */
export interface RebuildStatements extends Surroundings {
  readonly statements: readonly (string | PlanCheck)[];
}

/** The half of a dialect that an application which only queries never loads. */
export interface DesignDialect {
  readonly inspector: Inspector;
  readonly rules: DiffRules;
  readonly ddl: DdlWriter;
  /**
   * `schema` as the inspector would read it back once made: types the database stands in for, names it gives,
   * expressions in its own form. Canonical form of a canonical schema is itself. Where only the database knows,
   * it is asked over `connection`, and nothing is left behind.
   */
  canonical(schema: Schema, connection: Connection | null): Promise<Schema>;
  /**
   * Takes a lock under `name` that the connection holds across transactions, so that one process migrates at a
   * time; answers what releases it, or null while somebody else holds it. Absent where beginning a transaction
   * with `immediate` is such a lock.
   */
  readonly tryLock?: (connection: Connection, name: string) => Promise<(() => Promise<void>) | null>;
  /** Reasons why this database cannot hold `schema`, for people; empty where it can. */
  unsupported(schema: Schema): readonly string[];
}
