import type { Dialect } from "../dialect/index.ts";
import type { DiagnosisDocument } from "./diagnose.ts";
import type {
  ApplyDocument,
  CheckDocument,
  CurrentDocument,
  DiffDocument,
  FreshDocument,
  HeadsDocument,
  InspectDocument,
  MakeMigrationsDocument,
  PlanDocument,
  PullDocument,
  RebaseDocument,
  RevisionsDocument,
  ShowDocument,
  SqlDocument,
  SquashDocument,
  StampDocument,
  StatusDocument,
  ValidateDocument,
} from "./documents.ts";
import type { ConflictsDocument, LintDocument, LintOptions } from "./lint-document.ts";
import type {
  ModuleDocument,
  ModulesDocument,
  UninstallDocument,
  UninstallOptions,
} from "./module-documents.ts";
import type {
  CheckOptions,
  DiffOptions,
  FreshOptions,
  HeadsOptions,
  HistoryOptions,
  InspectDatabaseOptions,
  MakeMigrationsOptions,
  MergeOptions,
  PullDatabaseOptions,
  RebaseOptions,
  RunOptions,
  SqlOptions,
  SquashOptions,
  StampOptions,
} from "./options.ts";
import type { VerifyDocument, VerifyOptions } from "./verify-document.ts";

/**
 * A project's history together with a database. Everything here answers a plain JSON document, prints nothing
 * and never ends the process. Files are read anew by each call, so that a long process sees edits.
 */
export interface Environment extends AsyncDisposable {
  readonly dialect: Dialect;

  /** Where the database stands. */
  status(): Promise<StatusDocument>;
  /** The revisions that the version table names. */
  current(): Promise<CurrentDocument>;
  /** Revisions, newest first; marked as applied where there is a database. */
  history(options?: HistoryOptions): Promise<RevisionsDocument>;
  /** The heads of the files. */
  heads(options?: HeadsOptions): Promise<HeadsDocument>;
  /** The revisions that several others follow. */
  branches(): Promise<RevisionsDocument>;
  /** Every revision, or those pending or applied alone, in the order in which they are applied. */
  list(only?: "pending" | "applied"): Promise<RevisionsDocument>;
  /** One revision's header and source. */
  show(identifier: string): Promise<ShowDocument>;

  /** What `upgrade` would do. Nothing is changed. */
  planUpgrade(target?: string): Promise<PlanDocument>;
  /** What `downgrade` would do. Nothing is changed. */
  planDowngrade(target?: string): Promise<PlanDocument>;
  /** Applies revisions up to `target` (default `heads`). */
  upgrade(target?: string, options?: RunOptions): Promise<ApplyDocument>;
  /** Undoes revisions down to `target` (default `-1`), which stays applied. */
  downgrade(target?: string, options?: RunOptions): Promise<ApplyDocument>;
  /**
   * Drops what the database has, the version table included, and applies the history from its beginning. What the
   * project's hooks leave out (`includeName`, `includeObject`) and what is in other schemas stays.
   */
  fresh(options?: FreshOptions): Promise<FreshDocument>;
  /** The same as a script, from the history alone: no database is asked. */
  upgradeSql(options: SqlOptions): Promise<SqlDocument>;
  downgradeSql(options: SqlOptions): Promise<SqlDocument>;
  /** What `stamp` writes as a script: `to` from base, or `from:to`. */
  stampSql(range: string): Promise<SqlDocument>;
  /** Writes the version table without running anything. */
  stamp(targets: string | readonly string[], options?: StampOptions): Promise<StampDocument>;

  /** Whether revisions are pending, models differ, or applied files were edited. */
  check(options?: CheckOptions): Promise<CheckDocument>;
  /** Whether files and database agree on what was applied. */
  validate(): Promise<ValidateDocument>;

  /** What migrations would do to a system that is running. Nothing is changed. */
  lint(options?: LintOptions): Promise<LintDocument>;
  /** Where heads (default all) are in each other's way, before they are merged. */
  conflicts(identifiers?: readonly string[]): Promise<ConflictsDocument>;

  /**
   * Tries every migration up, down and up again on a throwaway database with generated rows. Neither the configured
   * database nor a file is touched.
   */
  verify(options?: VerifyOptions): Promise<VerifyDocument>;

  /** What the database has, whoever made it. */
  inspect(options?: InspectDatabaseOptions): Promise<InspectDocument>;

  /** Model files for what the database has. Nothing is written. */
  pull(options?: PullDatabaseOptions): Promise<PullDocument>;

  /** What turns one of two sources into the other: databases, models, the history, revisions. */
  diff(options?: DiffOptions): Promise<DiffDocument>;

  /** Compares the models with the database (or the history) and writes the migration that closes the difference. */
  makeMigrations(options?: MakeMigrationsOptions): Promise<MakeMigrationsDocument>;
  /** Writes a migration that joins several heads. */
  merge(identifiers: readonly string[], options?: MergeOptions): Promise<MakeMigrationsDocument>;

  /** What the database says is wrong with itself, and which of its tables are nobody's. */
  diagnose(): Promise<DiagnosisDocument>;

  /** The modules of the project, and those that the database has beside them. */
  modules(): Promise<ModulesDocument>;
  /** Installs a module, or brings it up to date, with those it depends on; takes up again what was laid aside. */
  addModule(name: string): Promise<ApplyDocument>;
  /** Lays a module aside: its tables stay, nothing more is applied or proposed for it. */
  disableModule(name: string): Promise<ModuleDocument>;
  /** Drops the tables of a module, and nothing else. */
  uninstallModule(name: string, options?: UninstallOptions): Promise<UninstallDocument>;

  /** Puts the revisions of a range into one file, proven on throwaway databases to do what they do. */
  squash(range: string, options?: SquashOptions): Promise<SquashDocument>;
  /** Lets one's own branch, which nobody else has, follow another head. */
  rebase(options: RebaseOptions): Promise<RebaseDocument>;

  /** Ends the connections the environment opened. */
  close(): Promise<void>;
}
