/** Errors of looking for models. Any of them stops what asked for models: nothing is generated from half of them. */
export const discoveryErrors = {
  "DISCOVERY.PATH_MISSING": {
    exit: 2 as const,
    message: (f: { readonly path: string }): string =>
      `The path ${f.path} of MODEL_DISCOVERY_PATHS does not exist.`,
    remedy: (_: { readonly path: string }): string =>
      "Paths count from the project's root; create it or change the key.",
  },
  "DISCOVERY.NO_MODELS": {
    exit: 2 as const,
    message: (f: { readonly paths: readonly string[] }): string =>
      `No model was found in ${f.paths.join(", ")}.`,
    remedy: (_: { readonly paths: readonly string[] }): string =>
      "A model is an exported class that extends Model(…). Set MODEL_DISCOVERY_PATHS in [discovery] to where they are.",
  },
  "DISCOVERY.SYNTAX": {
    exit: 2 as const,
    message: (f: { readonly file: string; readonly line: number; readonly problem: string }): string =>
      `${f.file}:${f.line}: ${f.problem}`,
    remedy: (_: { readonly file: string; readonly line: number; readonly problem: string }): string =>
      "Mend the file; no migration is made while a model file cannot be read.",
  },
  "DISCOVERY.IMPORT": {
    exit: 2 as const,
    message: (f: { readonly file: string; readonly line: number | null; readonly problem: string }): string =>
      `${f.file}${f.line === null ? "" : `:${f.line}`} cannot be imported: ${f.problem}`,
    remedy: (_: { readonly file: string; readonly line: number | null; readonly problem: string }): string =>
      "Mend the file, or install what it imports; no migration is made while a model file does not import.",
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
