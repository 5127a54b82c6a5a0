interface InRevision {
  readonly revision: string;
  /** The file, as people know it. */
  readonly file: string;
  /** `upgrade` or `downgrade`. */
  readonly direction: string;
}

interface Failed extends InRevision {
  /** The operation, in words; null where none had begun. */
  readonly operation: string | null;
  /** The statement that failed; null where none was running. */
  readonly statement: string | null;
  readonly reason: string;
  /** Whether the database is as it was before the revision. */
  readonly undone: boolean;
}

interface Renames {
  /** What goes and what comes, as people know them: `hero.nick` and `hero.name`. */
  readonly pairs: readonly {
    readonly from: string;
    readonly to: string;
    readonly flags: readonly string[];
  }[];
}

interface Unfinished {
  readonly revision: string;
  readonly direction: string;
  readonly startedAt: string;
  /** How many statements are known to have finished, and of how many. */
  readonly finished: number;
  readonly total: number | null;
  /** The statement that was next, which may or may not have run. */
  readonly next: string | null;
}

interface Heads {
  readonly heads: readonly string[];
}

/** Errors of making and applying migrations. */
export const migrateErrors = {
  "MIGRATE.NO_DATABASE": {
    exit: 2 as const,
    message: (f: { readonly command: string }): string =>
      `${f.command} needs a database, and none is configured.`,
    remedy: (_: { readonly command: string }): string =>
      "Set DATABASE_URL, or DB_ENGINE and DB_NAME under [database] in athanor.toml, or pass --url.",
  },
  "MIGRATE.NO_MODELS": {
    exit: 2 as const,
    message: (f: { readonly command: string }): string =>
      `${f.command} compares models, and none were given.`,
    remedy: (_: { readonly command: string }): string =>
      "Set MODEL_DISCOVERY_PATHS under [discovery] in athanor.toml, or give `models` to openEnvironment.",
  },
  "MIGRATE.FAILED": {
    exit: 3 as const,
    message: (f: Failed): string =>
      `${f.direction} of ${f.revision} (${f.file}) failed` +
      `${f.operation === null ? "" : ` at: ${f.operation}`}: ${f.reason}` +
      `${f.statement === null ? "" : `\nStatement: ${f.statement}`}`,
    remedy: (f: Failed): string =>
      f.undone
        ? "The database is as it was before this revision. Mend the file or the data, and run the command again."
        : "This database cannot take schema changes back, so part of the revision stands. `athanor status` says which; finish or undo it by hand, then `athanor stamp`.",
  },
  "MIGRATE.VIOLATION": {
    exit: 3 as const,
    message: (
      f: InRevision & { readonly violation: string; readonly rows: number; readonly example: string },
    ): string =>
      `${f.direction} of ${f.revision} (${f.file}) was taken back: ${f.violation} (${f.rows} ${f.rows === 1 ? "row" : "rows"}, for example ${f.example}).`,
    remedy: (_: InRevision): string =>
      "The database is as it was before this revision. Correct the rows, or have the migration correct them, and run the command again.",
  },
  "MIGRATE.TRANSACTION_ENDED": {
    exit: 3 as const,
    message: (f: InRevision & { readonly step: string }): string =>
      `${f.direction} of ${f.revision} (${f.file}): the step "${f.step}" ended the migration's transaction.`,
    remedy: (_: InRevision): string =>
      "A step must not commit or roll back. What it committed stands: look at the database, correct the step, and stamp the revision if it is complete.",
  },
  "MIGRATE.LOCKED": {
    exit: 3 as const,
    message: (f: { readonly limit: number }): string =>
      `Another process held the migration lock for longer than ${f.limit / 1000} s.`,
    remedy: (_: { readonly limit: number }): string =>
      "Wait for it to end and run the command again, or allow more time with --lock-timeout. Nothing was changed.",
  },
  "MIGRATE.UNFINISHED": {
    exit: 3 as const,
    message: (f: Unfinished): string =>
      `The ${f.direction} of ${f.revision} that began at ${f.startedAt} did not end: ` +
      `${f.finished} of ${f.total ?? "an unknown number of"} statements finished.` +
      `${f.next === null ? "" : `\nNext was, and may or may not have run: ${f.next}`}`,
    remedy: (f: Unfinished): string =>
      `This database cannot take schema changes back. Finish the rest by hand and run \`athanor stamp ${f.revision}\`, or undo what was done and run \`athanor stamp\` with the revision before it.`,
  },
  "MIGRATE.UNKNOWN_REVISION": {
    exit: 3 as const,
    message: (f: { readonly revisions: readonly string[]; readonly table: string }): string =>
      `The database is at ${f.revisions.join(", ")} (table ${f.table}), and there is no file for it: the database is ahead of these files.`,
    remedy: (_: { readonly revisions: readonly string[]; readonly table: string }): string =>
      "Get the missing files (pull, or switch to the branch that holds them). If they are gone for good and the schema is known, `athanor stamp --purge <revision>` says where the database stands.",
  },
  "MIGRATE.NOT_AT_HEAD": {
    exit: 2 as const,
    message: (f: { readonly current: readonly string[]; readonly pending: readonly string[] }): string =>
      `The database is ${f.current.length === 0 ? "empty" : `at ${f.current.join(", ")}`}, and ${f.pending.length} ${f.pending.length === 1 ? "revision is" : "revisions are"} not applied yet: ${f.pending.join(", ")}.`,
    remedy: (_: { readonly current: readonly string[]; readonly pending: readonly string[] }): string =>
      "Run `athanor migrate` first: models are compared with the database as the history leaves it. `--from history` compares without the database.",
  },
  "MIGRATE.SEVERAL_HEADS": {
    exit: 2 as const,
    message: (f: Heads): string => `The history has ${f.heads.length} heads: ${f.heads.join(", ")}.`,
    remedy: (_: Heads): string =>
      "Join them with `athanor merge heads`, or say which one the new revision follows with --head.",
  },
  "MIGRATE.MERGE": {
    exit: 2 as const,
    message: (f: Heads): string =>
      f.heads.length === 0
        ? "There is nothing to merge."
        : `A merge joins two revisions at least; ${f.heads.join(", ")} is one.`,
    remedy: (_: Heads): string => "`athanor heads` shows what could be joined.",
  },
  "MIGRATE.RENAMES": {
    exit: 2 as const,
    message: (f: Renames): string =>
      `It cannot be known whether these were renamed, or dropped and added anew:\n${f.pairs
        .map((pair) => `  ${pair.from} → ${pair.to}`)
        .join("\n")}`,
    remedy: (f: Renames): string =>
      `Say which, by a flag each:\n${f.pairs.map((pair) => `  ${pair.flags.join("  or  ")}`).join("\n")}\nor write \`renamedFrom\` in the model. A renamed column keeps its values; a dropped one loses them.`,
  },
  "MIGRATE.RENAME_FLAG": {
    exit: 2 as const,
    message: (f: { readonly flag: string; readonly problem: string }): string => `${f.flag}: ${f.problem}`,
    remedy: (_: { readonly flag: string; readonly problem: string }): string =>
      "Write --rename table.old:new for a column, --rename old:new for a table, --drop table.column or --drop table.",
  },
  "MIGRATE.HISTORY_UNKNOWN": {
    exit: 2 as const,
    message: (f: { readonly steps: readonly string[] }): string =>
      `The history does not say what these steps do to the schema: ${f.steps.join("; ")}.`,
    remedy: (_: { readonly steps: readonly string[] }): string =>
      "Add `changes` to each of them (`changes: []` where only data changes), or work with a database.",
  },
  "MIGRATE.HISTORY_BROKEN": {
    exit: 2 as const,
    message: (f: { readonly file: string; readonly operation: string; readonly reason: string }): string =>
      `${f.file} does not fit what came before it, at ${f.operation}: ${f.reason}`,
    remedy: (_: { readonly file: string; readonly operation: string; readonly reason: string }): string =>
      "Mend the file. Where an earlier raw statement made what is missing, say so in its `changes`.",
  },
  "MIGRATE.OFFLINE_STEP": {
    exit: 2 as const,
    message: (f: { readonly revision: string; readonly file: string; readonly step: string }): string =>
      `${f.revision} (${f.file}) runs code in the step "${f.step}", which cannot be written as SQL.`,
    remedy: (_: { readonly revision: string; readonly file: string; readonly step: string }): string =>
      "Write the step as op.execute, leave a marked gap with --allow-run, or migrate online.",
  },
  "MIGRATE.OFFLINE_RANGE": {
    exit: 2 as const,
    message: (f: { readonly range: string; readonly problem: string }): string =>
      `"${f.range}" cannot be written as SQL: ${f.problem}`,
    remedy: (_: { readonly range: string; readonly problem: string }): string =>
      "Give both ends as revisions: `migrate --sql a:b`, `rollback --sql b:a`.",
  },
  "MIGRATE.UNSUPPORTED": {
    exit: 2 as const,
    message: (f: { readonly reasons: readonly string[] }): string =>
      `This database cannot hold the models:\n${f.reasons.map((reason) => `  ${reason}`).join("\n")}`,
    remedy: (_: { readonly reasons: readonly string[] }): string =>
      "Change the models, or say what is particular to one database in its own options.",
  },
  "MIGRATE.UNPROVEN": {
    exit: 3 as const,
    message: (f: { readonly direction: string; readonly differences: readonly string[] }): string =>
      `Tried on an empty copy, the ${f.direction} did not lead where it should. Left over:\n${f.differences.map((difference) => `  ${difference}`).join("\n")}`,
    remedy: (_: { readonly direction: string; readonly differences: readonly string[] }): string =>
      "No file was written. This is a fault of Athanor: please report it with the models. `--empty` writes a file to fill by hand.",
  },
  "MIGRATE.WRITE": {
    exit: 3 as const,
    message: (f: { readonly file: string; readonly reason: string }): string =>
      `${f.file} cannot be written: ${f.reason}`,
    remedy: (_: { readonly file: string; readonly reason: string }): string =>
      "Check the folder's permissions and the free space. Nothing was left behind.",
  },
  "MIGRATE.MOVED": {
    exit: 3 as const,
    message: (f: { readonly expected: readonly string[]; readonly found: readonly string[] }): string =>
      `Another process moved the database from ${f.expected.join(", ") || "base"} to ${f.found.join(", ") || "base"} between two revisions.`,
    remedy: (_: { readonly expected: readonly string[]; readonly found: readonly string[] }): string =>
      "Look at `athanor current` and run the command again if it is still wanted.",
  },
};
