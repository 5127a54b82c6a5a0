import type { ConfigRow } from "../config/index.ts";
import type { DoctorDocument, Severity } from "../doctor/index.ts";
import type {
  ApplyDocument,
  CheckDocument,
  CurrentDocument,
  DiffDocument,
  FleetDocument,
  FreshDocument,
  HeadsDocument,
  InspectDocument,
  LintDocument,
  MakeMigrationsDocument,
  ModuleDocument,
  ModulesDocument,
  PlanDocument,
  RebaseDocument,
  RevisionsDocument,
  ShowDocument,
  SqlDocument,
  SquashDocument,
  StampDocument,
  StatusDocument,
  UninstallDocument,
  ValidateDocument,
  VerifyDocument,
} from "../migrate/index.ts";
import type { Template } from "./project-database.ts";
import type { Shell } from "./shells.ts";
import type { WrittenFiles } from "./write-files.ts";

/** What commands print with `--json`: one document on standard output. Fields are only ever added. */

/** `startproject` */
export interface StartprojectDocument extends WrittenFiles {
  /** The new project, absolute; files are named from here. */
  readonly folder: string;
  readonly template: Template;
}

/** `init` */
export interface InitDocument extends WrittenFiles {
  /** The project, absolute; files are named from here. */
  readonly folder: string;
}

/** `config`, secrets masked. */
export interface ConfigDocument {
  /** The project's root, absolute. */
  readonly root: string;
  /** The files that were read, absolute, `.env` files aside. */
  readonly files: readonly string[];
  readonly databaseUrl: string;
  readonly warnings: readonly string[];
  readonly values: readonly ConfigRow[];
}

/** `clean` */
export interface CleanDocument {
  /** Files, from the project's root. */
  readonly removed: readonly string[];
}

/** `completion` */
export interface CompletionDocument {
  readonly shell: Shell;
  readonly script: string;
}

/** `edit`, once the editor was closed. */
export interface EditDocument {
  readonly revision: string;
  /** From the project's root. */
  readonly file: string;
}

/** `doctor --list` */
export interface DoctorChecksDocument {
  readonly checks: readonly {
    readonly code: string;
    readonly rule: string;
    readonly severity: Severity;
    /** What it looks for. */
    readonly about: string;
  }[];
}

/** `module upgrade` */
export interface ModuleUpgradeDocument {
  /** What was applied, module by module. */
  readonly modules: readonly ApplyDocument[];
}

/** What any command prints instead of its document where an error stopped it. */
export interface ErrorDocument {
  readonly error: {
    /** Of docs/errors.md; `INTERNAL` for what is no error of Athanor's. */
    readonly code: string;
    readonly message: string;
    /** What to do about it. */
    readonly remedy?: string;
    /** What the message was made of. */
    readonly fields?: unknown;
  };
}

/** `pull`: what was written, or with `--dry-run` would be. */
export interface PulledDocument {
  readonly created: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
  readonly tables: readonly string[];
  /** What the database has beside the tables, and models do not say. */
  readonly left: readonly string[];
  /** What differs still between database and models; null where that was not asked. */
  readonly differences: readonly string[] | null;
}

/** Each command's document, by the command's name with `_` for a blank. */
export interface CommandDocuments {
  readonly startproject: StartprojectDocument;
  readonly init: InitDocument;
  readonly makemigrations: MakeMigrationsDocument;
  readonly revision: MakeMigrationsDocument;
  readonly merge: MakeMigrationsDocument;
  /** With `--plan` and `--sql` what would be done; with `--targets` what became of each, failures among them. */
  readonly migrate: ApplyDocument | PlanDocument | SqlDocument | FleetDocument;
  readonly rollback: ApplyDocument | PlanDocument | SqlDocument;
  readonly stamp: StampDocument;
  readonly fresh: FreshDocument;
  readonly reset: ApplyDocument;
  readonly squash: SquashDocument;
  readonly rebase: RebaseDocument;
  readonly edit: EditDocument;
  readonly status: StatusDocument;
  readonly current: CurrentDocument;
  readonly history: RevisionsDocument;
  readonly heads: HeadsDocument;
  readonly branches: RevisionsDocument;
  readonly list: RevisionsDocument;
  readonly show: ShowDocument;
  readonly check: CheckDocument;
  readonly validate: ValidateDocument;
  readonly lint: LintDocument;
  readonly verify: VerifyDocument;
  /** With `--list` the checks there are. */
  readonly doctor: DoctorDocument | DoctorChecksDocument;
  readonly inspect: InspectDocument;
  readonly pull: PulledDocument;
  readonly diff: DiffDocument;
  readonly module_list: ModulesDocument;
  readonly module_add: ApplyDocument;
  readonly module_upgrade: ModuleUpgradeDocument;
  readonly module_disable: ModuleDocument;
  readonly module_uninstall: UninstallDocument;
  readonly config: ConfigDocument;
  readonly clean: CleanDocument;
  readonly completion: CompletionDocument;
}
