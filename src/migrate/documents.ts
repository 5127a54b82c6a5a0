/**
 * What the commands answer, as plain JSON: these are the documents of `--json`, and their shapes are frozen.
 * Fields are only ever added. Times are ISO 8601 in UTC, durations milliseconds, paths as given relative to the
 * project's root.
 */

/** Which way a revision is taken. */
export type Direction = "upgrade" | "downgrade";

/** One revision, as its file's header says it and as the database stands to it. */
export interface RevisionDocument {
  readonly revision: string;
  /** The revisions it follows: none for a base, several for a merge. */
  readonly downRevisions: readonly string[];
  readonly branchLabels: readonly string[];
  readonly dependsOn: readonly string[];
  readonly message: string;
  readonly createdAt: string | null;
  /** The file, relative to the project's root, with `/`. */
  readonly file: string;
  readonly isHead: boolean;
  readonly isBase: boolean;
  /** Several revisions follow it. */
  readonly isBranchPoint: boolean;
  readonly isMerge: boolean;
  /** Whether the database has it; null where no database was asked. */
  readonly applied: boolean | null;
  /** Whether it is one of the database's heads; null where no database was asked. */
  readonly isCurrent: boolean | null;
}

/** What is wrong with a history or its database. */
export type ProblemCode =
  /** An applied file no longer says what it said when it was applied. */
  | "EDITED"
  /** The database has a revision for which there is no file. */
  | "UNKNOWN_REVISION"
  /** The log names an applied revision for which there is no file. */
  | "MISSING_FILE"
  /** More than one revision that nothing follows. */
  | "SEVERAL_HEADS"
  /** A migration began and neither ended nor was undone. */
  | "UNFINISHED";

/** One thing that is wrong, and what mends it. */
export interface ProblemDocument {
  readonly code: ProblemCode;
  /** The revisions it is about. */
  readonly revisions: readonly string[];
  /** The files it is about, relative to the project's root. */
  readonly files: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

/** `status` */
export interface StatusDocument {
  readonly dialect: string;
  /** The database's heads; empty before the first migration. */
  readonly current: readonly string[];
  /** The heads of the files. */
  readonly heads: readonly string[];
  /** Whether the database is at every head. */
  readonly upToDate: boolean;
  readonly applied: number;
  readonly pending: readonly RevisionDocument[];
  readonly problems: readonly ProblemDocument[];
}

/** `current`: the revisions the version table names. Those without a file stand in `unknown`. */
export interface CurrentDocument {
  readonly revisions: readonly RevisionDocument[];
  readonly unknown: readonly string[];
  readonly upToDate: boolean;
}

/** `history`, `heads`, `branches`, `list`: newest first. */
export interface RevisionsDocument {
  readonly revisions: readonly RevisionDocument[];
}

/** `show` */
export interface ShowDocument {
  readonly revision: RevisionDocument;
  /** The file's text. */
  readonly source: string;
}

/** One revision that was applied or undone. */
export interface AppliedDocument {
  readonly revision: string;
  readonly message: string;
  readonly direction: Direction;
  readonly statements: number;
  readonly milliseconds: number;
}

/** `migrate`, `rollback`. An empty list of steps means there was nothing to do. */
export interface ApplyDocument {
  readonly direction: Direction;
  readonly target: string;
  /** The database's heads before and after. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly steps: readonly AppliedDocument[];
  /** What was found wrong and did not stop the run. */
  readonly problems: readonly ProblemDocument[];
}

/** One statement that would run; a data step of code has `run`, its name, and no SQL. */
export interface PlannedStatementDocument {
  readonly sql: string | null;
  readonly run: string | null;
}

/** One revision that would be applied or undone. */
export interface PlannedStepDocument {
  readonly revision: string;
  readonly message: string;
  readonly direction: Direction;
  /** The operations, in words. */
  readonly operations: readonly string[];
  readonly statements: readonly PlannedStatementDocument[];
}

/** `migrate --plan`, `rollback --plan`: what would be done, as far as it can be known before. */
export interface PlanDocument {
  readonly direction: Direction;
  readonly target: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly steps: readonly PlannedStepDocument[];
}

/** `migrate --sql`, `rollback --sql` */
export interface SqlDocument {
  readonly direction: Direction;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly revisions: readonly string[];
  /** The script: statements that end with `;`, comments, the rows of the version and log tables. */
  readonly sql: string;
}

/** `stamp` */
export interface StampDocument {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** One difference between the models and what they are compared with. */
export interface DifferenceDocument {
  /** The kind of the operation that would close it. */
  readonly kind: string;
  /** The table, `schema.name` where it has a schema; null for what belongs to none. */
  readonly table: string | null;
  readonly description: string;
}

/** `check`: whether anything is left to do. */
export interface CheckDocument {
  readonly ok: boolean;
  readonly pending: readonly RevisionDocument[];
  readonly differences: readonly DifferenceDocument[];
  readonly problems: readonly ProblemDocument[];
}

/** `validate`: whether files and database still agree on what was applied. */
export interface ValidateDocument {
  readonly ok: boolean;
  /** How many applied revisions were compared with their files. */
  readonly checked: number;
  readonly problems: readonly ProblemDocument[];
}

/** `makemigrations`, `merge`, `revision` */
export interface MakeMigrationsDocument {
  /** `no changes` wrote nothing because nothing differs; `dry run` wrote nothing because it was told so. */
  readonly outcome: "written" | "no changes" | "dry run";
  /** The new revision; null where there is none. */
  readonly revision: string | null;
  readonly message: string | null;
  /** The file written, or that would be. */
  readonly file: string | null;
  /** The file's text. */
  readonly source: string | null;
  readonly differences: readonly DifferenceDocument[];
}
