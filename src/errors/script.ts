interface Located {
  readonly file: string;
  readonly line: number;
  readonly problem: string;
}

interface InFile {
  readonly file: string;
  readonly reason: string;
}

interface InBody {
  readonly file: string;
  /** `upgrade` or `downgrade`. */
  readonly direction: string;
}

/** Errors of migration files. */
export const scriptErrors = {
  "SCRIPT.SYNTAX": {
    exit: 2 as const,
    message: (f: Located): string => `${f.file}:${f.line}: not valid TypeScript: ${f.problem}`,
    remedy: (_: Located): string => "Mend the file, or take it back from version control.",
  },
  "SCRIPT.HEADER": {
    exit: 2 as const,
    message: (f: Located): string => `${f.file}:${f.line}: ${f.problem}`,
    remedy: (_: Located): string =>
      'A migration file is `export default migration({ revision: "…", downRevision: "…" or null, message: "…", upgrade(op) { … }, downgrade(op) { … } })`, ' +
      "and its header is written in plain literals, since it is read without running the file.",
  },
  "SCRIPT.IMPORT_FAILED": {
    exit: 3 as const,
    message: (f: InFile): string => `${f.file} cannot be imported: ${f.reason}`,
    remedy: (_: InFile): string =>
      "Mend the file or what it imports. A migration should depend on as little of the application as it can.",
  },
  "SCRIPT.DEFINITION": {
    exit: 2 as const,
    message: (f: InFile): string => `${f.file} is not a migration: ${f.reason}`,
    remedy: (_: InFile): string =>
      "Its default export must be what `migration({ …, upgrade(op) { … }, downgrade(op) { … } })` of athanor/migrations gives.",
  },
  "SCRIPT.ARGUMENT": {
    exit: 2 as const,
    message: (f: InBody & { readonly call: string; readonly problem: string }): string =>
      `${f.file}: ${f.direction}: op.${f.call}: ${f.problem}`,
    remedy: (_: InBody & { readonly call: string; readonly problem: string }): string =>
      "Correct the call; the type MigrationOperations of athanor/migrations documents every method.",
  },
  "SCRIPT.ASYNC": {
    exit: 2 as const,
    message: (f: InBody): string => `${f.file}: ${f.direction}() returned a promise.`,
    remedy: (_: InBody): string =>
      '`upgrade` and `downgrade` record operations and are synchronous. Remove `async`; work that needs the database goes into op.run("name", async (db) => { … }).',
  },
  "SCRIPT.TOO_LATE": {
    exit: 2 as const,
    message: (f: InBody & { readonly call: string }): string =>
      `${f.file}: ${f.direction}: op.${f.call} was called after ${f.direction}() had returned.`,
    remedy: (_: InBody & { readonly call: string }): string =>
      "Call `op` before the function returns: not from a timer, a promise or a step of op.run.",
  },
  "SCRIPT.THREW": {
    exit: 3 as const,
    message: (f: InBody & { readonly reason: string }): string =>
      `${f.file}: ${f.direction}() threw: ${f.reason}`,
    remedy: (_: InBody & { readonly reason: string }): string =>
      "Nothing was sent to the database. Mend the function, or take the file back from version control.",
  },
  "SCRIPT.RENDER_ITEM": {
    exit: 2 as const,
    message: (f: { readonly item: string; readonly reason: string }): string =>
      `renderItem of athanor.config.ts gave what cannot stand in a migration, for ${f.item}: ${f.reason}`,
    remedy: (_: { readonly item: string; readonly reason: string }): string =>
      "Give an expression as text, such as `op.createTable(…)` or `t.text()`, and undefined for what Athanor is to write itself.",
  },
  "SCRIPT.TEMPLATE": {
    exit: 2 as const,
    message: (f: InFile): string => `The template ${f.file} gives no readable migration: ${f.reason}`,
    remedy: (_: InFile): string =>
      "Its default export must be a function (file: MigrationFile) => string that puts file.imports, file.header, file.upgrade and file.downgrade in their places; `athanor init` writes one.",
  },
  "SCRIPT.FILE_EXISTS": {
    exit: 2 as const,
    message: (f: { readonly file: string }): string => `${f.file} is already there.`,
    remedy: (_: { readonly file: string }): string =>
      "Choose another message or --rev-id, or remove the file.",
  },
  "SCRIPT.DUPLICATE": {
    exit: 2 as const,
    message: (f: { readonly revision: string; readonly files: readonly string[] }): string =>
      `Revision "${f.revision}" is in ${f.files.join(" and ")}.`,
    remedy: (_: { readonly revision: string; readonly files: readonly string[] }): string =>
      "Give one of the files an id of its own (a copied file keeps its original's), and correct what follows it.",
  },
  "SCRIPT.REVISION_ID": {
    exit: 2 as const,
    message: (f: { readonly revision: string; readonly problem: string }): string =>
      `"${f.revision}" cannot be a revision id: ${f.problem}.`,
    remedy: (_: { readonly revision: string; readonly problem: string }): string =>
      "Use letters, digits and underscores; without --rev-id one is made up.",
  },
  "SCRIPT.LOCATION": {
    exit: 2 as const,
    message: (f: { readonly folder: string; readonly known: readonly string[] }): string =>
      `${f.folder} is not one of the folders of migrations (${f.known.join(", ")}).`,
    remedy: (_: { readonly folder: string; readonly known: readonly string[] }): string =>
      "Name one of them, or add the folder to MIGRATION_VERSIONS_PATH in the configuration.",
  },
};
