import type { ConnectionSource, ConnectOptions, Dialect } from "../dialect/index.ts";
import type { Rename } from "../diff/index.ts";
import type { NamingConvention, Schema, TableRef } from "../schema/index.ts";
import type { MigrationListener } from "./events.ts";
import type { MigrationHooks } from "./hooks.ts";
import type { ModuleBranch } from "./module-branch.ts";

/** The models of a project, as data. */
export interface ModelSource {
  readonly schema: Schema;
  /** The renames that models say themselves (`renamedFrom`), under the tables' new names. */
  readonly renames?: readonly Rename[];
}

/** How an environment is opened. */
export interface EnvironmentOptions {
  /** The project's root, absolute: file names are shown relative to it, and paths of user types start here. */
  readonly root: string;
  /** Left out, the one that `url` names; needed where there is no URL. */
  readonly dialect?: Dialect;
  /** The database. Null for work that needs none: making migrations from history, offline SQL, the graph. */
  readonly url: string | null;
  /** Connections that the program already has, instead of `url`. They are not closed with the environment. */
  readonly source?: ConnectionSource;
  readonly connect?: ConnectOptions;
  /** The server on which the history is tried, where there is no database in process that will do (see `ThrowawayOptions`). */
  readonly shadowUrl?: string | null;
  /** Folders that hold migration files, absolute; new files go to the first unless told otherwise. */
  readonly versionLocations: readonly string[];
  /** Default `athanor_version`. */
  readonly versionTable?: string | TableRef;
  /** Default `athanor_log`. */
  readonly logTable?: string | TableRef;
  /** The file that new migrations are rendered from (see `script/template.ts`), absolute; built in without it. */
  readonly template?: string | null;
  /** How files are named: tokens `{revision} {slug} {year} {month} {day} {hour} {minute} {second} {epoch}`. Default `{revision}_{slug}`. */
  readonly fileTemplate?: string;
  /** Longest slug in a file's name. Default 40. */
  readonly slugLength?: number;
  /** The zone of times in new files and their names, by its IANA name. Default UTC. */
  readonly timeZone?: string;
  readonly naming?: NamingConvention;
  /** What the lock is about, where one database holds several histories in schemas of their own. */
  readonly lockName?: string;
  /** The modules of the project, each after those it depends on: each has a branch of the history. */
  readonly modules?: readonly ModuleBranch[];
  /** Where it is kept which modules are installed. Default `athanor_module`. */
  readonly moduleTable?: string | TableRef;
  /** `prefix` keeps the tables of modules in the default schema, though the database has schemas. Default `schema`. */
  readonly moduleNaming?: "schema" | "prefix";
  /** The models, in logical types, constraints named: what `toSchema` gives. Asked for only when needed. */
  readonly models?: () => Promise<ModelSource>;
  readonly hooks?: MigrationHooks;
  /** Whether types are compared, where no hook says so. Default true. */
  readonly compareType?: boolean;
  /** Whether defaults of the database are compared, where no hook says so. Default true. */
  readonly compareServerDefault?: boolean;
  readonly onEvent?: MigrationListener;
  /** How runs behave that do not say it themselves. */
  readonly run?: RunSettings;
  /** The clock, for tests. */
  readonly now?: () => Date;
}

/**
 * What of a run is one transaction: each revision, all of them, or nothing, where each operation is committed by itself
 * and the log says how far the run has come.
 */
export type TransactionMode = "each" | "all" | "none";

/** How runs wait, and what of them is one transaction. */
export interface RunSettings {
  /** How long a run waits for another run to end, in milliseconds. Default 60 000. */
  readonly waitTimeout?: number;
  /**
   * How long a statement waits for a lock that somebody else holds, in milliseconds, before it is taken back and tried
   * again. Default 5000; 0 leaves it as the server is set.
   */
  readonly lockTimeout?: number;
  /**
   * How often a revision is tried again that a lock or a deadlock was in the way of, with growing pauses. Default 8.
   * Its data steps of code run again then, after what they did in the database was taken back.
   */
  readonly lockRetries?: number;
  /** How long one statement may work, in milliseconds. Default 0: as the server is set. */
  readonly statementTimeout?: number;
  /** Default `each`. A file that says `transaction: false` is run as `none`. */
  readonly transaction?: TransactionMode;
}

/** How a run behaves. What is not given is as the environment says. */
export interface RunOptions extends RunSettings {
  /**
   * What becomes of the statement at which a revision was broken off, where it cannot be told whether it took effect:
   * `retry` runs it again, `skip` goes on after it.
   */
  readonly resume?: "retry" | "skip";
  /** Handed to `onVersionApply`. */
  readonly tag?: string;
  /**
   * For a downgrade that names a branch (`label@base`): undo as well what is of other branches and depends on it. Without
   * it such a downgrade is refused with `MIGRATE.DEPENDENTS`, before anything is done. Default false.
   */
  readonly dependents?: boolean;
}

/** How a database is made anew. */
export interface FreshOptions extends RunOptions {
  /** Only tell what would be dropped. */
  readonly dryRun?: boolean;
}

/** Something that goes and something that comes, which could be the same under a new name. */
export interface RenameCandidate {
  readonly kind: Rename["kind"];
  readonly rename: Rename;
  /** As people know them: `hero.nick` and `hero.name`, or the tables. */
  readonly from: string;
  readonly to: string;
  /** What `--rename` takes to say so: `hero.nick:name`. */
  readonly flag: string;
  /** How much speaks for it, from 0 to 1. */
  readonly score: number;
}

/** An answer to a rename question; `abort` stops with the error that lists the flags. */
export type RenameAnswer = "rename" | "drop" | "abort";

/** What models are compared with. */
export type ComparisonSource = "database" | "history" | "shadow";

/** What `check` looks at. */
export interface CheckOptions extends ThrowawayOptions {
  /**
   * What the models are compared with. Default `database`; with the others no database is asked, and nothing is said of
   * what is applied.
   */
  readonly from?: ComparisonSource;
}

/** What a new migration is made of. */
export interface MakeMigrationsOptions {
  readonly message?: string;
  /**
   * Write what a table that stands goes through in the form that lets others go on meanwhile, where the database has one
   * (`concurrently` of PostgreSQL). Default true.
   */
  readonly safe?: boolean;
  /** No comparison: a file with empty bodies. */
  readonly empty?: boolean;
  /** The revision it follows; default the only head. `base` starts a new base. */
  readonly head?: string;
  /** Allow a `head` that is not a head. */
  readonly splice?: boolean;
  readonly branchLabel?: string;
  /** Where the file goes: one of `versionLocations`, absolute. */
  readonly versionPath?: string;
  readonly revId?: string;
  readonly dependsOn?: readonly string[];
  /** `hero.nick:name` (a column) or `hero:person` (a table), schemas as `schema.table…`. */
  readonly renames?: readonly string[];
  /** `hero.nick`, `hero`: really dropped, not renamed. */
  readonly drops?: readonly string[];
  /**
   * What the models are compared with: the database (the default), the history folded in memory, or a throwaway
   * database that the history is run on for real, raw steps and all.
   */
  readonly from?: ComparisonSource;
  /** For `shadow`: where (see `ThrowawayOptions`). */
  readonly on?: string;
  readonly dryRun?: boolean;
  /** Only what this module owns; a blank file is one of its branch. */
  readonly module?: string;
  /** Asks a person at a terminal about one possible rename. */
  readonly answer?: (candidate: RenameCandidate) => Promise<RenameAnswer>;
}

/** What a merge is made of. */
export interface MergeOptions {
  readonly message?: string;
  /** Allow revisions that are no heads. */
  readonly splice?: boolean;
  readonly branchLabel?: string;
  readonly revId?: string;
  readonly versionPath?: string;
  readonly dryRun?: boolean;
}

/** How revisions become one. */
export interface SquashOptions extends ThrowawayOptions {
  readonly message?: string;
  /** Steps of code (`op.run`) that a new database need not go through, by name: they are left out. */
  readonly leaveOut?: readonly string[];
  readonly dryRun?: boolean;
}

/** Which revision goes where. */
export interface RebaseOptions {
  /** The head whose branch is moved. */
  readonly revision: string;
  /** What it is to follow; default the only other head. */
  readonly onto?: string;
  readonly dryRun?: boolean;
}

/** Which part of the history is told. */
export interface HistoryOptions {
  /** `a:b`, with either end left out; ends may be relative, `head`, `base`, `current`. */
  readonly range?: string;
}

/** Which heads are told. */
export interface HeadsOptions {
  /** Dependencies count as lines of the graph: a head that another revision depends on is none. Default false. */
  readonly resolveDependencies?: boolean;
}

/** Where a history is tried: on a database that is made for it and dropped afterwards. */
export interface ThrowawayOptions {
  /**
   * The URL of a server on which a database may be made; `server` is the configured one. Default: the environment's
   * `shadowUrl`, else a database in process: SQLite in memory, or PGlite for PostgreSQL where it is installed.
   */
  readonly on?: string;
}

/** What a stamp does. */
export interface StampOptions {
  /** Empty the version table first, whatever it says. */
  readonly purge?: boolean;
  readonly tag?: string;
}

/** What a script of SQL covers. */
export interface SqlOptions {
  /**
   * `a:b`, or a target alone, which starts at base. A downgrade needs both ends. Where the database stands at several
   * heads, they are listed: `a1,x1:heads`.
   */
  readonly range: string;
  /** As in `RunOptions`. */
  readonly dependents?: boolean;
  /** Write a marked gap for data steps of code instead of refusing. */
  readonly allowRun?: boolean;
}

/** What of a database is told. */
export interface InspectDatabaseOptions {
  /** Only these schemas; the default one goes by its own name. */
  readonly schemas?: readonly string[];
  /** Only these tables and views, `name` or `schema.name`, with what hangs on them. */
  readonly tables?: readonly string[];
}

/** How models are made of a database. */
export interface PullDatabaseOptions extends InspectDatabaseOptions {
  /** A file for each model, or one for each schema of the database. Default `model`. */
  readonly layout?: "model" | "schema";
  /** What roles may do with things is written too. Default no: roles are the server's, not the database's. */
  readonly grants?: boolean;
}

/**
 * What is compared with what. A side is a database URL, `database` (the configured one), `models`, `history` (all
 * revisions, folded in memory), `shadow` (all revisions, run on a throwaway database) or the identifier of a revision (the history up to it).
 */
export interface DiffOptions extends ThrowawayOptions {
  /** Default `database`. */
  readonly from?: string;
  /** Default `models`. */
  readonly to?: string;
  /** Write the script as well. */
  readonly sql?: boolean;
  /** Between two databases: what roles may do with things is compared too. Default false: models speak of it, or nobody. */
  readonly grants?: boolean;
  /** As in `MakeMigrationsOptions`; what nobody settles is told as gone and come. */
  readonly renames?: readonly string[];
}
