import type { Schema } from "../schema/index.ts";

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
  /** As the file says it, in ISO 8601 with the offset of the zone it was written in. */
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

/** `history`, `branches`, `list`: newest first. */
export interface RevisionsDocument {
  readonly revisions: readonly RevisionDocument[];
}

/** `heads` */
export interface HeadsDocument extends RevisionsDocument {
  /** Where there are more of them than there ought to be: one for the history, and one for each module. */
  readonly problems: readonly ProblemDocument[];
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
  /** How many of the statements an earlier run had finished that was broken off; null where there was none. */
  readonly resumedAfter: number | null;
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
  /** How many statements a run had finished that was broken off, and that are left out; null where there was none. */
  readonly resumedAfter: number | null;
}

/** `migrate --plan`, `rollback --plan`: what would be done, as far as it can be known before. */
export interface PlanDocument {
  readonly direction: Direction;
  readonly target: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly steps: readonly PlannedStepDocument[];
  /** Of the steps down a branch, those of other branches: the run refuses them unless told otherwise. */
  readonly dependents: readonly string[];
}

/** `fresh` */
export interface FreshDocument {
  readonly outcome: "done" | "dry run";
  /** What was dropped, or would be: `table hero`, `view active_hero`. */
  readonly dropped: readonly string[];
  /** What is there and not managed: left as it is. */
  readonly kept: readonly string[];
  /** The history, applied from its beginning; null for a dry run. */
  readonly applied: ApplyDocument | null;
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
  /** Every file, where several modules changed; the fields above are those of the first. */
  readonly files: readonly WrittenFileDocument[];
}

/** One new file. */
export interface WrittenFileDocument {
  /** Whose branch it is of; null is the host's. */
  readonly module: string | null;
  readonly revision: string;
  readonly message: string;
  readonly file: string;
  readonly source: string;
}

/** `squash` */
export interface SquashDocument {
  readonly outcome: "written" | "dry run";
  /** The revision that is left: the last of those it takes the place of. */
  readonly revision: string;
  readonly message: string;
  readonly file: string;
  readonly source: string;
  /** All revisions that are in it, in order. */
  readonly replaces: readonly string[];
  /** The files that went. */
  readonly removed: readonly string[];
  /** Whether tables are made as they are in the end, rather than step by step. */
  readonly simplified: boolean;
  /** Steps of code that were left out, by name. */
  readonly leftOut: readonly string[];
  /** The database that it was proven on. */
  readonly place: string;
}

/** `rebase` */
export interface RebaseDocument {
  readonly outcome: "written" | "dry run";
  /** The revision that follows another one now, and its file. */
  readonly revision: string;
  readonly file: string;
  readonly source: string;
  readonly from: readonly string[];
  readonly onto: string;
  /** All revisions that moved with it, in order. */
  readonly moved: readonly string[];
}

/** `inspect`: a database as data. */
export interface InspectDocument {
  readonly dialect: string;
  /** The server's product and version. */
  readonly server: string;
  /** The name of the schema that objects without one are in; null where there are no schemas. */
  readonly defaultSchema: string | null;
  /** Which of the tables keep the record of migrations, as people know them. */
  readonly versionTables: readonly string[];
  /** Everything that was asked for, in canonical form; what is not managed stands in `unmanaged`. */
  readonly schema: Schema;
}

/** `pull`: models for what a database has. */
export interface PullDocument {
  /** From the folder of the models, with slashes. */
  readonly files: readonly { readonly path: string; readonly source: string }[];
  /** The tables that they say. */
  readonly tables: readonly string[];
  /** What the database has beside them, and models do not say. */
  readonly left: readonly string[];
}

/** One side of `diff`. */
export interface DiffSideDocument {
  readonly kind: "database" | "models" | "history" | "revision";
  /** As people know it: a URL without its password, the identifier that was given. */
  readonly name: string;
  /** The dialect of a database; null for what has none of its own. */
  readonly dialect: string | null;
  /** The heads that the history was folded up to; null for a database and for models. */
  readonly revisions: readonly string[] | null;
}

/** `diff`: what turns `from` into `to`. */
export interface DiffDocument {
  readonly from: DiffSideDocument;
  readonly to: DiffSideDocument;
  /** The dialect in whose words both sides were compared. */
  readonly dialect: string;
  /** Whether nothing differs, as far as both could be compared. */
  readonly same: boolean;
  readonly differences: readonly DifferenceDocument[];
  /** What goes and what comes and could be one thing under a new name: told apart here, for nobody said. */
  readonly possibleRenames: readonly { readonly from: string; readonly to: string }[];
  /** What could not be compared, or belongs to nobody, and why. */
  readonly leftOut: readonly string[];
  /** The script that turns `from` into `to`; null where it was not asked for. */
  readonly sql: string | null;
}
