import { readFile } from "node:fs/promises";
import type { Connection } from "../dialect/index.ts";
import type { Context } from "./context.ts";
import { describeRevisions } from "./describe-revisions.ts";
import type {
  CurrentDocument,
  HeadsDocument,
  RevisionsDocument,
  ShowDocument,
  StatusDocument,
  ValidateDocument,
} from "./documents.ts";
import type { History } from "./history.ts";
import type { HeadsOptions, HistoryOptions } from "./options.ts";
import { editedFiles, historyProblems, severalHeads } from "./problems.ts";

/** Where the database stands; null where none is configured. */
function databaseHeads(context: Context, connection: Connection | null): Promise<readonly string[] | null> {
  return connection === null ? Promise.resolve(null) : context.store.heads(connection);
}

/** `status` */
export function status(context: Context): Promise<StatusDocument> {
  return context.withConnection("status", async (connection) => {
    const history = await context.history();
    const { heads: current, entries } = await context.store.read(connection);
    const pending = history.pending(current);
    const problems = historyProblems(history, current, entries);
    return {
      dialect: context.dialect.id,
      current,
      heads: history.heads,
      upToDate: isUpToDate(history, current),
      applied: history.applied(current).length,
      pending: describeRevisions(history, pending, current),
      problems,
    };
  });
}

function isUpToDate(history: History, current: readonly string[]): boolean {
  return (
    history.pending(current).length === 0 &&
    current.every((head) => history.has(head) || history.isOrphan(head))
  );
}

/** `current` */
export function current(context: Context): Promise<CurrentDocument> {
  return context.withConnection("current", async (connection) => {
    const history = await context.history();
    const heads = await context.store.heads(connection);
    const known = heads.filter((head) => history.has(head));
    return {
      revisions: describeRevisions(history, known, heads),
      unknown: heads.filter((head) => !history.has(head)),
      upToDate: isUpToDate(history, heads),
    };
  });
}

/** `history`, `heads`, `branches`, `list`: which revisions, newest first unless said otherwise. */
function revisions(
  context: Context,
  command: string,
  choose: (history: History, heads: readonly string[] | null) => readonly string[],
): Promise<RevisionsDocument> {
  return context.withDatabaseIfAny(command, async (connection) => {
    const history = await context.history();
    const heads = await databaseHeads(context, connection);
    return { revisions: describeRevisions(history, choose(history, heads), heads) };
  });
}

/** Where the database stands, for ranges that count from there. */
function positionOf(history: History, heads: readonly string[] | null): { current?: readonly string[] } {
  return heads === null ? {} : { current: heads.filter((head) => history.has(head)) };
}

const all = (history: History): readonly string[] => history.files.map((file) => file.revision);

/** `history` */
export function listHistory(context: Context, options: HistoryOptions): Promise<RevisionsDocument> {
  return revisions(context, "history", (history, heads) => {
    if (options.range === undefined) return all(history).toReversed();
    const chosen = new Set(history.graph.range(options.range, positionOf(history, heads)));
    return all(history)
      .filter((revision) => chosen.has(revision))
      .toReversed();
  });
}

/** `heads` */
export async function listHeads(context: Context, options: HeadsOptions): Promise<HeadsDocument> {
  const found = await revisions(context, "heads", ({ graph }) =>
    options.resolveDependencies === true ? graph.realHeads : graph.heads,
  );
  return { ...found, problems: severalHeads(await context.history()) };
}

/** `branches` */
export function listBranches(context: Context): Promise<RevisionsDocument> {
  return revisions(context, "branches", (history) => history.graph.branches.toReversed());
}

/** `list` */
export function list(context: Context, only: "pending" | "applied" | undefined): Promise<RevisionsDocument> {
  if (only === undefined) return revisions(context, "list", all);
  return context.withConnection("list", async (connection) => {
    const history = await context.history();
    const heads = await context.store.heads(connection);
    const chosen = only === "applied" ? history.applied(heads) : history.pending(heads);
    return { revisions: describeRevisions(history, chosen, heads) };
  });
}

/** `show` */
export function show(context: Context, identifier: string): Promise<ShowDocument> {
  return context.withDatabaseIfAny("show", async (connection) => {
    const history = await context.history();
    const heads = await databaseHeads(context, connection);
    const revision = history.resolveOne(identifier, heads);
    const [document] = describeRevisions(history, [revision], heads);
    const source = await readFile(history.file(revision).path, "utf8");
    return { revision: document as NonNullable<typeof document>, source };
  });
}

/** `validate` */
export function validate(context: Context): Promise<ValidateDocument> {
  return context.withConnection("validate", async (connection) => {
    const history = await context.history();
    const heads = await context.store.heads(connection);
    const entries = await context.store.entries(connection);
    const problems = [
      ...historyProblems(history, heads, entries),
      ...(await editedFiles(history, heads, entries)),
    ];
    return { ok: problems.length === 0, checked: history.applied(heads).length, problems };
  });
}
