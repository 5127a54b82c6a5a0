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
  /** How often it was tried; more than once where a lock was in the way. */
  readonly attempts?: number;
  /** Sessions that may be in the way of the statement, for people. */
  readonly blockers?: readonly string[];
  /** What an administrator types where the user lacks a privilege for the statement; null where that is not known. */
  readonly grant?: string | null;
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
  /** Whether the log says what is left to do. */
  readonly resumable: boolean;
}

interface Undecided {
  readonly revision: string;
  readonly file: string;
  readonly direction: string;
  readonly finished: number;
  readonly total: number;
  readonly statement: string | null;
}

function command(f: Undecided): string {
  return f.direction === "upgrade" ? `migrate ${f.revision}` : "rollback";
}

interface Missing {
  readonly kind: "schema" | "table";
  readonly name: string;
  /** What is there and spelled much like it. */
  readonly nearest: string | null;
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
      `${f.statement === null ? "" : `\nStatement: ${f.statement}`}` +
      `${(f.attempts ?? 1) > 1 ? `\nIt was tried ${f.attempts} times.` : ""}` +
      `${(f.blockers ?? []).map((session) => `\nIn the way: ${session}`).join("")}`,
    remedy: (f: Failed): string => {
      if ((f.grant ?? null) !== null)
        return `Have an administrator run: ${f.grant}\nand run the command again. ${f.undone ? "The database is as it was before this revision." : "It goes on from here: the statements before it stand."}`;
      if ((f.blockers ?? []).length > 0 || (f.attempts ?? 1) > 1)
        return "Let the sessions that hold the locks end, or end them, and run the command again; --lock-timeout and --lock-retries allow more time.";
      return f.undone
        ? "The database is as it was before this revision. Mend the file or the data, and run the command again."
        : "The statements before it stand, and the log says which: mend the data, or the file from this operation on, and run the command again. It goes on from here. What is done by hand instead is noted with `athanor stamp`.";
    },
  },
  "MIGRATE.VIOLATION": {
    exit: 3 as const,
    message: (
      f: InRevision & {
        readonly violation: string;
        readonly rows: number;
        readonly example: string;
        readonly undone: boolean;
      },
    ): string =>
      `${f.direction} of ${f.revision} (${f.file}) was ${f.undone ? "taken back" : "stopped"}: ${f.violation} (${f.rows} ${f.rows === 1 ? "row" : "rows"}, for example ${f.example}).`,
    remedy: (f: InRevision & { readonly undone: boolean }): string =>
      `${f.undone ? "The database is as it was before this revision." : "What came before stands, and the log says so: the run goes on from here."} Correct the rows, or have the migration correct them, and run the command again.`,
  },
  "MIGRATE.TRANSACTION_ENDED": {
    exit: 3 as const,
    message: (f: InRevision & { readonly step: string }): string =>
      `${f.direction} of ${f.revision} (${f.file}): the step "${f.step}" ended the migration's transaction.`,
    remedy: (_: InRevision): string =>
      "A step must not commit or roll back, nor change the schema on a database that commits then. What it committed stands: look at the database, correct the step, and stamp the revision if it is complete.",
  },
  "MIGRATE.LOCKED": {
    exit: 3 as const,
    message: (f: { readonly limit: number; readonly holder: string | null }): string =>
      `Another process held the migration lock for longer than ${f.limit / 1000} s${f.holder === null ? "" : `: ${f.holder}`}.`,
    remedy: (_: { readonly limit: number; readonly holder: string | null }): string =>
      "Wait for it to end and run the command again, or allow more time with --wait-timeout. Where its program is gone and the server has not noticed yet, end that session on the server.",
  },
  "MIGRATE.UNFINISHED": {
    exit: 3 as const,
    message: (f: Unfinished): string =>
      `The ${f.direction} of ${f.revision} that began at ${f.startedAt} did not end: ` +
      `${f.finished} of ${f.total ?? "an unknown number of"} statements finished.` +
      `${f.next === null ? "" : `\nNext is: ${f.next}`}`,
    remedy: (f: Unfinished): string =>
      `${f.resumable ? `Run \`athanor ${f.direction === "upgrade" ? `migrate ${f.revision}` : "rollback"}\` first: it goes on from there. Or finish` : "Finish"} the rest by hand and run \`athanor stamp ${f.direction === "upgrade" ? f.revision : "<the revision before it>"}\`, or undo what was done and run \`athanor stamp ${f.direction === "upgrade" ? "<the revision before it>" : f.revision}\`.`,
  },
  "MIGRATE.UNDECIDED": {
    exit: 3 as const,
    message: (f: Undecided): string =>
      `The ${f.direction} of ${f.revision} (${f.file}) was broken off at statement ${f.finished + 1} of ${f.total}, and it cannot be told whether that took effect:\n${f.statement}`,
    remedy: (f: Undecided): string =>
      `Look at the database. If the statement did not take effect, \`athanor ${command(f)} --resume retry\` runs it again; if it did, \`athanor ${command(f)} --resume skip\` goes on after it. If it is half done, finish or undo it by hand first.`,
  },
  "MIGRATE.CHANGED": {
    exit: 3 as const,
    message: (f: Undecided): string =>
      `The ${f.direction} of ${f.revision} was broken off after ${f.finished} of ${f.total} statements, and ${f.file} no longer says what those did.${f.statement === null ? "" : `\nNext was: ${f.statement}`}`,
    remedy: (f: Undecided): string =>
      `Put back into the file what is done already, and run \`athanor ${command(f)}\` again: what comes after may be changed. Or finish or undo the rest by hand, and note with \`athanor stamp\` where the database stands.`,
  },
  "MIGRATE.NOTHING_TO_RESUME": {
    exit: 2 as const,
    message: (_: { readonly resume: string }): string => "No revision was broken off in this database.",
    remedy: (f: { readonly resume: string }): string => `Leave --resume ${f.resume} out.`,
  },
  "MIGRATE.TRANSACTION": {
    exit: 2 as const,
    message: (f: { readonly revision: string | null; readonly reason: string }): string =>
      `The run cannot be one transaction: ${f.revision === null ? "" : `${f.revision} `}${f.reason}.`,
    remedy: (_: { readonly revision: string | null; readonly reason: string }): string =>
      "Leave `--transaction all` out, or migrate up to that revision first and go on from there without it.",
  },
  "MIGRATE.STATEMENT_TIMEOUT": {
    exit: 2 as const,
    message: (f: { readonly dialect: string }): string =>
      `${f.dialect} has no time limit for statements that change the schema.`,
    remedy: (_: { readonly dialect: string }): string =>
      "Leave --statement-timeout and MIGRATION_STATEMENT_TIMEOUT out.",
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
      "Add `changes` to each of them (`changes: []` where only data changes), run the history on a throwaway database with --from shadow, or work with a database.",
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
  "MIGRATE.SQUASH_RANGE": {
    exit: 2 as const,
    message: (f: { readonly range: string; readonly problem: string }): string =>
      `The revisions of "${f.range}" cannot become one: ${f.problem}.`,
    remedy: (_: { readonly range: string; readonly problem: string }): string =>
      "Choose a range that the rest of the history passes through as a whole, both ends included: `athanor squash a:b`; `athanor history` draws the lines.",
  },
  "MIGRATE.SQUASH_STEPS": {
    exit: 2 as const,
    message: (f: { readonly steps: readonly string[] }): string =>
      `Steps of code cannot be moved into another file: ${f.steps.join(", ")}.`,
    remedy: (_: { readonly steps: readonly string[] }): string =>
      "Squash up to them and from behind them, write them as op.execute, or leave out those that a new database need not go through: --leave-out <name>.",
  },
  "MIGRATE.SQUASH_MIDDLE": {
    exit: 2 as const,
    message: (f: { readonly heads: readonly string[]; readonly top: string }): string =>
      `The database is at ${f.heads.join(", ")}, in the middle of what would be squashed: it could go neither on nor back.`,
    remedy: (f: { readonly heads: readonly string[]; readonly top: string }): string =>
      `Bring it past the range first: \`athanor migrate ${f.top}\`. So has every other database to be.`,
  },
  "MIGRATE.SQUASH_UNPROVEN": {
    exit: 3 as const,
    message: (f: { readonly range: readonly string[]; readonly differences: readonly string[] }): string =>
      `Tried on a throwaway database, one file for ${f.range.join(", ")} does not do what they do:\n${f.differences.map((difference) => `  ${difference}`).join("\n")}`,
    remedy: (_: { readonly range: readonly string[]; readonly differences: readonly string[] }): string =>
      "No file was touched. Choose a smaller range, or make the statements of your own in it say what they change (`changes`).",
  },
  "MIGRATE.SQUASHED": {
    exit: 3 as const,
    message: (f: { readonly revision: string; readonly into: string; readonly file: string }): string =>
      `The database is at ${f.revision}, which was squashed into ${f.into} (${f.file}): it has gone through a part of it.`,
    remedy: (f: { readonly revision: string; readonly into: string; readonly file: string }): string =>
      `Take the files from before the squash out of version control, run \`athanor migrate ${f.into}\` with them, and come back to these.`,
  },
  "MIGRATE.REBASE": {
    exit: 2 as const,
    message: (f: { readonly revision: string; readonly problem: string }): string =>
      `${f.revision} cannot be rebased: ${f.problem}.`,
    remedy: (_: { readonly revision: string; readonly problem: string }): string =>
      "Name your own head and what it is to follow: `athanor rebase <revision> --onto <revision>`; `athanor heads` shows both. `athanor merge heads` joins them where they stand.",
  },
  "MIGRATE.REBASE_APPLIED": {
    exit: 2 as const,
    message: (f: { readonly revisions: readonly string[]; readonly undo: string }): string =>
      `The database has ${f.revisions.join(", ")} applied, at the place where ${f.revisions.length === 1 ? "it stands" : "they stand"} now.`,
    remedy: (f: { readonly revisions: readonly string[]; readonly undo: string }): string =>
      `Undo ${f.revisions.length === 1 ? "it" : "them"} first, \`athanor rollback ${f.undo}\`; after the rebase \`athanor migrate\` applies all in the new order. What others have applied is not rebased, but merged.`,
  },
  "MIGRATE.DEPENDENTS": {
    exit: 2 as const,
    message: (f: { readonly target: string; readonly revisions: readonly string[] }): string =>
      `"${f.target}" cannot be reached by undoing that branch alone: ${f.revisions.join(", ")} of other branches ${f.revisions.length === 1 ? "depends" : "depend"} on what would be undone.`,
    remedy: (f: { readonly target: string; readonly revisions: readonly string[] }): string =>
      `Nothing was done. Undo ${f.revisions.length === 1 ? "it" : "them"} first, stop above what ${f.revisions.length === 1 ? "it depends" : "they depend"} on, or undo all of it together: --with-dependents. \`athanor rollback ${f.target} --plan\` shows what that means.`,
  },
  "MIGRATE.NOT_VERIFIED": {
    exit: 1 as const,
    message: (f: { readonly findings: readonly string[] }): string =>
      `Tried on a throwaway database, the migrations do not hold:\n${f.findings.map((finding) => `  ${finding}`).join("\n")}`,
    remedy: (_: { readonly findings: readonly string[] }): string =>
      'Mend the files, or accept a finding in the file\'s header with a reason: ignore: { VERIFY104: "…" }. `athanor verify` tells the same.',
  },
  "MIGRATE.NO_THROWAWAY": {
    exit: 2 as const,
    message: (f: { readonly dialect: string; readonly reason: string }): string =>
      `There is no throwaway database to try the history on: ${f.reason}.`,
    remedy: (f: { readonly dialect: string }): string =>
      `Name a server on which a database may be made and dropped again: --on <url>, --on server (the configured one), or MIGRATION_SHADOW_URL in the configuration.${f.dialect === "postgresql" ? " Or install @electric-sql/pglite, PostgreSQL in process." : ""}`,
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
  "MIGRATE.UNKNOWN_SOURCE": {
    exit: 2 as const,
    message: (f: { readonly source: string }): string =>
      `"${f.source}" cannot be compared: it is no database URL, no revision of this history, and neither database, models, history nor shadow.`,
    remedy: (_: { readonly source: string }): string =>
      "Write --from and --to as a database URL, `database` (the configured one), `models`, `history`, `shadow` (the history run for real), or a revision; `athanor history` lists the revisions.",
  },
  "MIGRATE.DIFF_DIALECTS": {
    exit: 2 as const,
    message: (f: { readonly from: string; readonly to: string }): string =>
      `A script for ${f.from} cannot be made from a comparison with ${f.to}: each has things the other has no word for.`,
    remedy: (_: { readonly from: string; readonly to: string }): string =>
      "Leave --sql out to see the differences. `athanor makemigrations` writes a change for every database at once; `--to models` or `--to history` makes a script for this one.",
  },
  "MIGRATE.NOT_THERE": {
    exit: 2 as const,
    message: (f: Missing): string =>
      `The database has no ${f.kind} ${f.name}.${f.nearest === null ? "" : ` Did you mean ${f.nearest}?`}`,
    remedy: (_: Missing): string =>
      "`athanor inspect` without --schema and --table shows everything that is there.",
  },
};
