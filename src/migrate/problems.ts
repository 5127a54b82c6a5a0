import { AthanorError } from "../errors/index.ts";
import { type TableRef, tableLabel } from "../schema/index.ts";
import type { Script } from "../script/index.ts";
import type { Direction, ProblemDocument } from "./documents.ts";
import type { History } from "./history.ts";
import type { LogEntry } from "./version-store.ts";

/** The latest finished row of each revision since the last purge. */
function latest(entries: readonly LogEntry[]): ReadonlyMap<string, LogEntry> {
  const purge = entries.findLastIndex((entry) => entry.direction === "purge");
  const done = entries.slice(purge + 1).filter((entry) => entry.status === "done");
  return new Map(done.map((entry) => [entry.revision, entry]));
}

/** Whether the log says that the revision is applied. */
function isApplied(entry: LogEntry | undefined): entry is LogEntry {
  return entry?.direction === "upgrade" || entry?.direction === "stamp";
}

/** The applied files that no longer do what they did when they were applied. */
export async function editedFiles(
  history: History,
  heads: readonly string[],
  entries: readonly LogEntry[],
): Promise<readonly ProblemDocument[]> {
  const known = latest(entries);
  const problems: ProblemDocument[] = [];
  for (const revision of history.applied(heads)) {
    const entry = known.get(revision);
    if (!isApplied(entry) || entry.checksum === null) continue;
    // What went through the files one by one has another checksum for the last of them.
    if (history.file(revision).replaces?.some((id) => isApplied(known.get(id)))) continue;
    const script = await loadOrReason(history, revision);
    if (typeof script !== "string" && script.checksum === entry.checksum) continue;
    const { file } = history.file(revision);
    const said =
      typeof script === "string"
        ? `it can no longer be read: ${script}`
        : "it no longer does what it did then";
    problems.push({
      code: "EDITED",
      revisions: [revision],
      files: [file],
      message: `${file} was changed after it was applied (${entry.startedAt.toISOString()}): ${said}.`,
      remedy: `Take the file back from version control and put the change into a new migration (\`athanor makemigrations\`). If the edit is meant and the database already agrees with it, \`athanor stamp ${heads.join(" ")}\` accepts the files as they are now.`,
    });
  }
  return problems;
}

async function loadOrReason(history: History, revision: string): Promise<Script | string> {
  try {
    return await history.load(revision);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What is wrong between files and database, as far as headers and tables tell. `heads` is null without a database. */
export function historyProblems(
  history: History,
  heads: readonly string[] | null,
  entries: readonly LogEntry[],
): readonly ProblemDocument[] {
  return [
    ...severalHeads(history),
    ...(heads === null ? [] : unknownRevisions(history, heads)),
    ...(heads === null ? [] : missingFiles(history, heads, entries)),
    ...unfinished(entries),
  ];
}

/** A module has a head of its own; beyond that there is to be one. */
export function severalHeads(history: History): readonly ProblemDocument[] {
  return [...Map.groupBy(history.heads, (head) => history.ownerOf(head))].flatMap(([owner, heads]) => {
    if (heads.length < 2) return [];
    const whose = owner === null ? "The history" : `The branch of module "${owner}"`;
    return [
      {
        code: "SEVERAL_HEADS",
        revisions: heads,
        files: heads.map((head) => history.file(head).file),
        message: `${whose} has ${heads.length} heads: ${heads.join(", ")}.`,
        remedy: `\`athanor merge ${owner === null ? "heads" : heads.join(" ")}\` joins them; \`athanor heads\` shows them.`,
      },
    ];
  });
}

function unknownRevisions(history: History, heads: readonly string[]): readonly ProblemDocument[] {
  const unknown = heads.filter((head) => !history.has(head) && !history.isOrphan(head));
  const squashed = unknown.flatMap((head) => squashedError(history, head) ?? []);
  if (squashed.length > 0) {
    return squashed.map(({ fields, message, remedy }) => ({
      code: "UNKNOWN_REVISION",
      revisions: [fields.revision],
      files: [fields.file],
      message,
      remedy,
    }));
  }
  if (unknown.length === 0) return [];
  return [
    {
      code: "UNKNOWN_REVISION",
      revisions: unknown,
      files: [],
      message: `The database is at ${unknown.join(", ")}, and there is no file for it: the database is ahead of these files.`,
      remedy:
        "Get the missing files (pull, or switch to the branch that holds them). If they are gone for good and the schema is known, `athanor stamp --purge <revision>` says where the database stands.",
    },
  ];
}

/** That a revision is a part of what was squashed; null where it is not. */
function squashedError(history: History, revision: string): AthanorError<"MIGRATE.SQUASHED"> | null {
  const into = history.replacedBy(revision);
  if (into === undefined) return null;
  return new AthanorError("MIGRATE.SQUASHED", { revision, into: into.revision, file: into.file });
}

function isMissing(history: History, revision: string): boolean {
  return !history.has(revision) && !history.isOrphan(revision);
}

function missingFiles(
  history: History,
  heads: readonly string[],
  entries: readonly LogEntry[],
): readonly ProblemDocument[] {
  const missing = [...latest(entries).values()]
    .filter(
      (entry) => isApplied(entry) && isMissing(history, entry.revision) && !heads.includes(entry.revision),
    )
    .map((entry) => entry.revision)
    .filter((revision) => history.replacedBy(revision) === undefined);
  if (missing.length === 0) return [];
  return [
    {
      code: "MISSING_FILE",
      revisions: missing,
      files: [],
      message: `Applied to the database, and without a file: ${missing.join(", ")}.`,
      remedy:
        "Take the files back from version control. If they were removed on purpose, `athanor stamp --purge heads` starts the record anew.",
    },
  ];
}

function unfinished(entries: readonly LogEntry[]): readonly ProblemDocument[] {
  return openEntries(entries).map((entry) => {
    const error = unfinishedError(entry);
    return {
      code: "UNFINISHED",
      revisions: [entry.revision],
      files: [],
      message: error.message,
      remedy: error.remedy,
    };
  });
}

/** Rows of revisions that began, did not end, and were not settled by a later row. */
export function openEntries(entries: readonly LogEntry[]): readonly LogEntry[] {
  const purge = entries.findLastIndex((entry) => entry.direction === "purge");
  const last = new Map(entries.slice(purge + 1).map((entry) => [entry.revision, entry]));
  return [...last.values()].filter((entry) => entry.status !== "done");
}

/** The statement at which a revision was broken off; null for a step of code, or where nothing is left. */
export function nextStatement({ stored, statementIndex }: LogEntry): string | null {
  return stored?.steps[(statementIndex ?? -1) + 1 - stored.offset]?.sql ?? null;
}

/** `MIGRATE.UNFINISHED` of a row of the log. */
export function unfinishedError(entry: LogEntry): AthanorError<"MIGRATE.UNFINISHED"> {
  const finished = entry.statementIndex === null ? 0 : entry.statementIndex + 1;
  return new AthanorError("MIGRATE.UNFINISHED", {
    revision: entry.revision,
    direction: entry.direction,
    startedAt: entry.startedAt.toISOString(),
    finished,
    total: entry.statementCount,
    next: nextStatement(entry),
    resumable: entry.stored !== null,
  });
}

/**
 * The revision that was left in the middle, if any, which has to be finished before anything else. Throws
 * `MIGRATE.UNFINISHED` where the log does not say how, or the way is the other.
 */
export function unfinishedEntry(entries: readonly LogEntry[], direction: Direction): LogEntry | null {
  const [open = null] = openEntries(entries);
  if (open !== null && (open.stored === null || open.direction !== direction)) throw unfinishedError(open);
  return open;
}

/** Throws `MIGRATE.UNKNOWN_REVISION` where the database is ahead of the files. */
export function refuseUnknown(history: History, heads: readonly string[], versionTable: TableRef): void {
  const revisions = heads.filter((head) => !history.has(head) && !history.isOrphan(head));
  if (revisions.length === 0) return;
  for (const revision of revisions) {
    const squashed = squashedError(history, revision);
    if (squashed !== null) throw squashed;
  }
  throw new AthanorError("MIGRATE.UNKNOWN_REVISION", { revisions, table: tableLabel(versionTable) });
}
