import type { Dialect } from "../dialect/index.ts";
import type {
  ApplyDocument,
  CheckDocument,
  CurrentDocument,
  MakeMigrationsDocument,
  PlanDocument,
  RevisionsDocument,
  ShowDocument,
  SqlDocument,
  StampDocument,
  StatusDocument,
  ValidateDocument,
} from "./documents.ts";
import type {
  HistoryOptions,
  MakeMigrationsOptions,
  MergeOptions,
  RunOptions,
  SqlOptions,
  StampOptions,
} from "./options.ts";

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
  heads(): Promise<RevisionsDocument>;
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
  /** The same as a script, from the history alone: no database is asked. */
  upgradeSql(options: SqlOptions): Promise<SqlDocument>;
  downgradeSql(options: SqlOptions): Promise<SqlDocument>;
  /** Writes the version table without running anything. */
  stamp(targets: string | readonly string[], options?: StampOptions): Promise<StampDocument>;

  /** Whether revisions are pending, models differ, or applied files were edited. */
  check(): Promise<CheckDocument>;
  /** Whether files and database agree on what was applied. */
  validate(): Promise<ValidateDocument>;

  /** Compares the models with the database (or the history) and writes the migration that closes the difference. */
  makeMigrations(options?: MakeMigrationsOptions): Promise<MakeMigrationsDocument>;
  /** Writes a migration that joins several heads. */
  merge(identifiers: readonly string[], options?: MergeOptions): Promise<MakeMigrationsDocument>;

  /** Ends the connections the environment opened. */
  close(): Promise<void>;
}
