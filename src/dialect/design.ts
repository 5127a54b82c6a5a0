import type { Operation } from "../operation/operation.ts";
import type { ColumnType, DefaultValue, DialectOptions, Schema, Table, TableRef } from "../schema/index.ts";
import type { Ailment } from "./ailment.ts";
import type { Connection } from "./connection.ts";
import type { LiveEffect } from "./hazards.ts";
import type { RunLimits } from "./run-limits.ts";
import type { NameLimit } from "./short-name.ts";

/** Reads a database back as a schema, in a handful of queries whatever the number of tables. */
export interface Inspector {
  /**
   * Everything that is there, in canonical form. With `tables`, only those tables (missing ones are left out)
   * and what hangs on them.
   */
  inspect(connection: Connection, options?: InspectOptions): Promise<Schema>;
  /**
   * What goes by one of these names, in lower case, or hangs on a table that does. Absent where a statement may name a
   * part of a table without the table, so that everything has to be looked at.
   */
  inspectNamed?(connection: Connection, names: readonly string[]): Promise<Schema>;
}

/** What of a database is read. */
export interface InspectOptions {
  readonly tables?: readonly TableRef[];
  readonly namespaces?: readonly string[];
  /** Only the default schema is looked into: there may be thousands of others, one for each tenant. */
  readonly alone?: boolean;
  /**
   * Also what makes no difference to anybody and what only the statement tells that made a table, one query for each table:
   * for models that shall say what is there to the letter.
   */
  readonly asMade?: boolean;
}

/** Which server answers, for people. */
export interface ServerDescription {
  /** The product and its version: `PostgreSQL 16.2`. */
  readonly product: string;
  /** The name of the schema that objects without one are in; null where there are no schemas. */
  readonly namespace: string | null;
}

/** The small questions the differ asks. Both sides are in canonical form. */
export interface DiffRules {
  /** Whether the database cannot tell these types apart. */
  sameType(a: ColumnType, b: ColumnType): boolean;
  /** Whether foreign keys on a column have to go while its type changes so; absent is never. */
  typePinnedByKeys?(from: ColumnType, to: ColumnType): boolean;
  /** Whether a column with the options `from` is as `to` wants it; absent is plain equality. */
  sameOptions?(from: DialectOptions, to: DialectOptions): boolean;
  /**
   * Whether the options of two tables, keys or indexes are one, where what one says and the other does not makes no
   * difference; absent is plain equality.
   */
  sameBesides?(a: DialectOptions, b: DialectOptions): boolean;
  /** The options of `from`, with those of `to` that the table has to have before its columns change; absent is none. */
  optionsBeforeColumns?(from: Table, to: Table): DialectOptions;
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
      /** The statement runs outside any transaction: what came before it is committed first. */
      readonly alone?: boolean;
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
  /**
   * Whether the statements of an operation, a raw one included, may only run outside a transaction; absent is never.
   * Those of an operation on the schema may be run again from the first when they were broken off.
   */
  alone?(operation: Operation): boolean;
  /** Whether a raw statement leaves things as they are where it has run before; absent is never. */
  repeatable?(sql: string): boolean;
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
  /**
   * Statements of the plan for `operations` that have to be committed before its transaction begins, and the schema
   * that the rest of the plan then starts from. Running them and nothing else must harm nobody.
   */
  early?(
    operations: readonly Operation[],
    state: Schema,
  ): { readonly statements: readonly string[]; readonly state: Schema };
  /**
   * The statements that do a run of adjacent operations on one table, where one statement for all of them saves
   * the table being copied again and again; null where each is done alone. `state` is the schema before the first.
   */
  combined?(operations: readonly Operation[], state: Schema): readonly string[] | null;
  /**
   * What has to hold just before a run of operations on one table, where the database would fill rows with values of
   * its own, or stop halfway. `state` is the schema before the first.
   */
  preconditions?(operations: readonly Operation[], state: Schema): readonly PlanCheck[];
  /** What has to stand around an operation done in place, so that it harms no other table; null for nothing. */
  surroundings?(operation: Operation, state: Schema): Surroundings | null;
  /** A statement that fails where the check answers a row: for scripts, whose answers nobody waits for. */
  assertion?(check: PlanCheck): string;
  /** A literal of text or bytes in a script; absent where the standard's will do: `'it''s'`, `X'00'`. */
  literal?(value: string | Uint8Array): string;
  /** Statements that make the session of a script what this dialect's own sessions are. */
  readonly scriptSettings?: readonly string[];
  /** What has to be said of running a script, in a comment. */
  readonly scriptNote?: string;
  /**
   * An error inside a transaction does not end it: a client that goes on would commit the rest. The note then counts
   * for every script.
   */
  readonly errorsLeaveTransactions?: boolean;
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
  /** Which of these tables are there. Absent where the inspector tells as fast. */
  readonly present?: (connection: Connection, tables: readonly TableRef[]) => Promise<readonly TableRef[]>;
  /** Asks the server what it is. */
  readonly describeServer: (connection: Connection) => Promise<ServerDescription>;
  readonly rules: DiffRules;
  readonly ddl: DdlWriter;
  /**
   * `schema` as the inspector would read it back once made: types the database stands in for, names it gives,
   * expressions in its own form. Canonical form of a canonical schema is itself. Where only the database knows,
   * it is asked over `connection`, and nothing is left behind. `standing` is what the database has, where somebody has
   * read it already: what stands there word for word needs no asking.
   */
  canonical(schema: Schema, connection: Connection | null, standing?: Schema): Promise<Schema>;
  /** How long names may be, beyond which those of constraints and indexes are shortened. Absent without a limit. */
  readonly nameLimit?: NameLimit;
  /** Making and dropping a whole database, where a URL names one of many on a server. */
  readonly databases?: {
    create(name: string): string;
    drop(name: string): string;
    /** A query for the databases whose names begin so. */
    named(prefix: string): string;
    /** A query for what tells the server and database apart in which a lock of `tryLock` holds. */
    readonly server: string;
  };
  /**
   * Takes a lock under `name` that the connection holds across transactions, so that one process migrates at a
   * time; answers what releases it, or null while somebody else holds it. Absent where beginning a transaction
   * with `immediate` is such a lock.
   */
  readonly tryLock?: (connection: Connection, name: string) => Promise<(() => Promise<void>) | null>;
  /** The same for work of several transactions, where one of them is such a lock; present where `tryLock` is not. */
  readonly tryLockAcross?: (connection: Connection, name: string) => Promise<(() => Promise<void>) | null>;
  /** Who holds the lock of that name, for people; null where nobody does. Absent where it cannot be known. */
  readonly lockHolder?: (connection: Connection, name: string) => Promise<string | null>;
  /** Sessions in the way of a statement that names these tables, for people. Absent where they cannot be known. */
  readonly blockers?: (connection: Connection, names: readonly string[]) => Promise<readonly string[]>;
  /** Sets limits for the session; answers what sets them back. Absent where there are none to set. */
  readonly limit?: (connection: Connection, limits: RunLimits) => Promise<() => Promise<void>>;
  /** Whether a limit for statements that change the schema can be set. */
  readonly limitsStatements?: boolean;
  /**
   * An operation as this database takes it, given what stands: where two things that operations tell apart are one to
   * it, the one that the inspector speaks of. Absent where there are none.
   */
  readonly adapted?: (operation: Operation, state: Schema) => Operation;
  /**
   * What an operation does to a table that is in use; `state` is the schema just before it, as far as it is known.
   * Absent where nobody has looked into it.
   */
  readonly liveEffect?: (operation: Operation, state: Schema) => LiveEffect;
  /** What the database says is wrong with itself. Absent where there is nothing to ask. */
  readonly diagnose?: (connection: Connection) => Promise<readonly Ailment[]>;
  /**
   * The same as operations that let others go on reading and writing a table that stands; `state` has it. Null where
   * there is no gentler way. Absent where there never is.
   */
  readonly gentle?: (operation: Operation, state: Schema) => readonly Operation[] | null;
  /** Reasons why this database cannot hold `schema`, for people; empty where it can. */
  unsupported(schema: Schema): readonly string[];
}
