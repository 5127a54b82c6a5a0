import type { ConnectionSource, ConnectOptions, Dialect } from "../dialect/index.ts";
import type { Rename } from "../diff/index.ts";
import type { Operation } from "../operation/index.ts";
import type { NamingConvention, Schema, TableRef } from "../schema/index.ts";
import type { Direction } from "./documents.ts";
import type { MigrationListener } from "./events.ts";

/** What of a database has a name that a project may leave out of autogenerate. */
export type NamedKind =
  | "namespace"
  | "table"
  | "column"
  | "index"
  | "unique"
  | "foreignKey"
  | "check"
  | "primaryKey"
  | "exclusion";

/** One named thing that autogenerate looks at. */
export interface NamedObject {
  readonly kind: NamedKind;
  readonly name: string;
  /** The table it belongs to; for a table or namespace null. */
  readonly table: TableRef | null;
  readonly schema: string | null;
  /** Whether the database has it, and whether the models have it. */
  readonly inDatabase: boolean;
  readonly inModels: boolean;
}

/** What a project may say about how migrations are made and applied. All are optional. */
export interface MigrationHooks {
  /** False leaves out what the database has under this name, before anything is compared. */
  readonly includeName?: (object: Omit<NamedObject, "inModels" | "inDatabase">) => boolean;
  /** False leaves the object out of the comparison, on both sides. */
  readonly includeObject?: (object: NamedObject) => boolean;
  /** The operations of a new migration as they are to be written; return them changed, or as they are. */
  readonly processOperations?: (
    operations: readonly Operation[],
    direction: Direction,
  ) => readonly Operation[] | Promise<readonly Operation[]>;
  /** Called inside the transaction after the version table was written, once per revision. */
  readonly onVersionApply?: (step: VersionStep) => void | Promise<void>;
}

/** One step of the version table. */
export interface VersionStep {
  readonly revision: string;
  readonly direction: Direction | "stamp";
  readonly heads: readonly string[];
  readonly tag: string | null;
}

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
  readonly naming?: NamingConvention;
  /** The models, in logical types, constraints named: what `toSchema` gives. Asked for only when needed. */
  readonly models?: () => Promise<ModelSource>;
  readonly hooks?: MigrationHooks;
  readonly onEvent?: MigrationListener;
  /** How long a run waits for another's lock, in milliseconds. Default 60 000. */
  readonly lockTimeout?: number;
  /** The clock, for tests. */
  readonly now?: () => Date;
}

/** How a run behaves. */
export interface RunOptions {
  /** Handed to `onVersionApply`. */
  readonly tag?: string;
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

/** What a new migration is made of. */
export interface MakeMigrationsOptions {
  readonly message?: string;
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
  /** What the models are compared with. Default `database`. */
  readonly from?: "database" | "history";
  readonly dryRun?: boolean;
  /** Asks a person at a terminal about one possible rename. */
  readonly answer?: (candidate: RenameCandidate) => Promise<RenameAnswer>;
}

/** What a merge is made of. */
export interface MergeOptions {
  readonly message?: string;
  readonly branchLabel?: string;
  readonly revId?: string;
  readonly versionPath?: string;
  readonly dryRun?: boolean;
}

/** Which part of the history is told. */
export interface HistoryOptions {
  /** `a:b`, with either end left out; ends may be relative, `head`, `base`, `current`. */
  readonly range?: string;
}

/** What a stamp does. */
export interface StampOptions {
  /** Empty the version table first, whatever it says. */
  readonly purge?: boolean;
  readonly tag?: string;
}

/** What a script of SQL covers. */
export interface SqlOptions {
  /** `a:b`, or a target alone, which starts at base. A downgrade needs both ends. */
  readonly range: string;
  /** Write a marked gap for data steps of code instead of refusing. */
  readonly allowRun?: boolean;
}
