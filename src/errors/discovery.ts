interface ImportFailure {
  readonly file: string;
  readonly line: number | null;
  readonly problem: string;
  /** The package that is not installed, where that is the cause. */
  readonly missing: string | null;
}

/** Errors of looking for models. Any of them stops what asked for models: nothing is generated from half of them. */
export const discoveryErrors = {
  "DISCOVERY.PATH_MISSING": {
    exit: 2 as const,
    message: (f: { readonly path: string; readonly source: string | null }): string =>
      `The path ${f.path} of MODEL_DISCOVERY_PATHS${f.source === null ? "" : ` (${f.source})`} leads to no source file.`,
    remedy: (_: { readonly path: string; readonly source: string | null }): string =>
      "Paths and globs count from the project's root, and EXCLUDE_PATHS is passed over; create it or change the key.",
  },
  "DISCOVERY.NO_MODELS": {
    exit: 2 as const,
    message: (f: { readonly paths: readonly string[]; readonly files: number }): string =>
      `No model was found in ${f.paths.join(", ")} (${f.files} source files).`,
    remedy: (_: { readonly paths: readonly string[]; readonly files: number }): string =>
      "A model is an exported class that extends Model(…). Set MODEL_DISCOVERY_PATHS in [discovery] to where they are.",
  },
  "DISCOVERY.SYNTAX": {
    exit: 2 as const,
    message: (f: { readonly file: string; readonly line: number; readonly problem: string }): string =>
      `${f.file}:${f.line}: ${f.problem}`,
    remedy: (_: { readonly file: string; readonly line: number; readonly problem: string }): string =>
      "Mend the file; no migration is made while a model file cannot be read.",
  },
  "DISCOVERY.UNREADABLE": {
    exit: 2 as const,
    message: (f: { readonly file: string; readonly reason: string }): string =>
      `${f.file} cannot be read: ${f.reason}`,
    remedy: (_: { readonly file: string; readonly reason: string }): string =>
      "Mend the file, or leave it out with EXCLUDE_PATHS; no migration is made while a file cannot be read.",
  },
  "DISCOVERY.NOT_EXPORTED": {
    exit: 2 as const,
    message: (f: { readonly file: string; readonly tables: readonly string[] }): string =>
      `${f.file} defines ${f.tables.length === 1 ? "the table" : "the tables"} ${f.tables.join(", ")} and exports no model of ${f.tables.length === 1 ? "it" : "them"}.`,
    remedy: (_: { readonly file: string; readonly tables: readonly string[] }): string =>
      "Export the class; see also that the file imports the same copy of athanor as the project's root.",
  },
  "DISCOVERY.IMPORT": {
    exit: 2 as const,
    message: (f: ImportFailure): string =>
      `${f.file}${f.line === null ? "" : `:${f.line}`} cannot be imported: ${f.problem}`,
    remedy: (f: ImportFailure): string =>
      f.missing === null
        ? "Mend the file, or install what it imports; no migration is made while a model file does not import."
        : `npm install ${f.missing}; no migration is made while a model file does not import.`,
  },
  "DISCOVERY.MODEL": {
    exit: 2 as const,
    message: (f: { readonly code: string; readonly problem: string; readonly todo: string }): string =>
      f.problem,
    remedy: (f: { readonly code: string; readonly problem: string; readonly todo: string }): string => f.todo,
  },
  "DISCOVERY.TIMEOUT": {
    exit: 2 as const,
    message: (f: { readonly seconds: number; readonly file: string | null }): string =>
      `Importing the models took longer than ${f.seconds} s${f.file === null ? "" : ` (at ${f.file})`}.`,
    remedy: (_: { readonly seconds: number; readonly file: string | null }): string =>
      "A model file must not wait or loop while it is imported. DISCOVERY_TIMEOUT sets the limit.",
  },
  "DISCOVERY.EXITED": {
    exit: 2 as const,
    message: (f: { readonly file: string | null; readonly code: number | null }): string =>
      `${f.file ?? "A model file"} ended the process while it was imported (exit ${f.code ?? "by signal"}).`,
    remedy: (_: { readonly file: string | null; readonly code: number | null }): string =>
      "A model file must not call process.exit when imported.",
  },
  "DISCOVERY.NOT_IMPORTED": {
    exit: 2 as const,
    message: (f: { readonly files: readonly string[] }): string =>
      `This program has not imported every model of the project: ${f.files.join(", ")}.`,
    remedy: (_: { readonly files: readonly string[] }): string =>
      "Import these files before createAll or dropAll, or give the models you mean: createAll(engine, [Hero, Team]).",
  },
  "DISCOVERY.NO_PACKAGE": {
    exit: 2 as const,
    message: (f: { readonly root: string }): string =>
      `The package "athanor" cannot be found from ${f.root}.`,
    remedy: (_: { readonly root: string }): string => "npm install athanor zod",
  },
};
