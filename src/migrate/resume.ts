import type { Connection } from "../dialect/index.ts";
import { AthanorError, InternalError } from "../errors/index.ts";
import type { Operation } from "../operation/index.ts";
import type { Context } from "./context.ts";
import type { RunOptions } from "./options.ts";
import { groupOf, settle } from "./settle.ts";
import { endOf, isUnchanged, resumableFrom, type StoredPlan } from "./stored-plan.ts";
import type { LogEntry } from "./version-store.ts";

/** What a file says now. */
export interface FileNow {
  readonly file: string;
  readonly operations: readonly Operation[];
}

/** Where a revision that was broken off is gone on with. */
export interface Position {
  /** How many of its statements are finished. */
  readonly finished: number;
  /** The plan whose rest is run first; null where the file has changed, and the rest is planned anew. */
  readonly stored: StoredPlan | null;
  /** The first operation that is planned anew after that. */
  readonly next: number;
}

/**
 * Finds out where to go on: what the log says, and what the catalog says of the statement that ran when the run was
 * broken off. Throws `MIGRATE.UNDECIDED` where neither tells, and `MIGRATE.CHANGED` where the file no longer says what
 * was done.
 */
export async function positionAfterBreak(
  context: Context,
  connection: Connection,
  open: LogEntry,
  { file, operations }: FileNow,
  resume: RunOptions["resume"],
): Promise<Position> {
  const { stored } = open;
  if (stored === null) throw new InternalError("a plan that is not kept cannot be gone on with");
  const known = isUnchanged(stored, operations);
  const logged = (open.statementIndex ?? -1) + 1;
  const at = logged - stored.offset;
  const fail = (code: "MIGRATE.UNDECIDED" | "MIGRATE.CHANGED", finished: number): never => {
    throw new AthanorError(code, {
      revision: open.revision,
      file,
      direction: open.direction,
      finished,
      total: endOf(stored),
      statement: stored.steps[finished - stored.offset]?.sql ?? null,
    });
  };
  let finished = logged;
  if (at < stored.steps.length) {
    const settled = resume ?? (await whatBecameOf(context, connection, open, known ? operations : null));
    if (settled === "unknown") fail("MIGRATE.UNDECIDED", logged);
    if (settled === "done" || settled === "skip") finished += 1;
    if (settled === "restart") finished = stored.offset + groupOf(stored.steps, at).start;
  }
  if (known) return { finished, stored, next: stored.end };
  const rebuilds = !context.dialect.capabilities.alterConstraints;
  const next = resumableFrom(stored, finished, operations, rebuilds);
  return next === null ? fail("MIGRATE.CHANGED", finished) : { finished, stored: null, next };
}

async function whatBecameOf(
  context: Context,
  connection: Connection,
  { stored, mark, statementIndex, status }: LogEntry,
  operations: readonly Operation[] | null,
): Promise<Awaited<ReturnType<typeof settle>>> {
  const logged = (statementIndex ?? -1) + 1;
  if (stored === null || mark === null || mark.step !== logged) return "again"; // it had not begun
  const at = logged - stored.offset;
  const question = { stored, at, mark, operations, failed: status === "failed" };
  return settle(await context.design(), connection, question);
}
