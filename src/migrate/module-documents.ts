/** One module, as the project and the database stand to it. */
export interface ModuleDocument {
  readonly name: string;
  /** The version of the code; null where there is none, or it says none. */
  readonly version: string | null;
  /** The version whose migrations the database has; null where it has none of it. */
  readonly installedVersion: string | null;
  /**
   * `available` is in the project and not in the database; `orphaned` is in the database and no longer in the project;
   * `pending` has migrations that are not applied.
   */
  readonly state: "available" | "installed" | "pending" | "disabled" | "uninstalled" | "orphaned";
  readonly dependsOn: readonly string[];
  readonly dependents: readonly string[];
  readonly revisions: { readonly applied: number; readonly pending: number };
  /** Its tables in the database, as the database calls them. */
  readonly tables: readonly string[];
}

/** `module list` */
export interface ModulesDocument {
  readonly modules: readonly ModuleDocument[];
}

/** A table that goes with its module. */
export interface DoomedTableDocument {
  readonly module: string;
  readonly table: string;
  readonly rows: number;
}

/** `module uninstall`: what goes, or would go. */
export interface UninstallDocument {
  /** In the order in which they go: what needs others goes before them. */
  readonly modules: readonly string[];
  readonly tables: readonly DoomedTableDocument[];
  /** In words. */
  readonly operations: readonly string[];
  readonly statements: readonly string[];
  /** What stays though it is in the namespace of a module, and why. */
  readonly left: readonly string[];
  /** Whether it was done. */
  readonly done: boolean;
  /** The files that rows were written to first. */
  readonly dumped: readonly string[];
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** How a module is uninstalled. */
export interface UninstallOptions {
  /** With the modules that need it. */
  readonly cascade?: boolean;
  /** Show what would be done, and do nothing. */
  readonly plan?: boolean;
  /** Write the rows of the tables to files in this folder first, one JSON object a line. */
  readonly dump?: string;
}
