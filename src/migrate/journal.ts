import type { Connection } from "../dialect/index.ts";
import type { Context } from "./context.ts";
import { endOf, type Mark, type StoredPlan } from "./stored-plan.ts";
import type { LogChange, LogEntry, NewLogEntry } from "./version-store.ts";

/** Keeps the log's row of one revision while it runs. Counts are of all statements of the revision. */
export interface Journal {
  /** Told before the first statement of each plan. */
  plan(stored: StoredPlan): Promise<void>;
  /** Told before a statement that no transaction takes back. */
  mark(mark: Mark): Promise<void>;
  /** Told after each statement, with how many have finished. */
  advance(finished: number): Promise<void>;
  end(finished: number): Promise<void>;
  fail(reason: string): Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

/** Where a failure takes everything back, the row is written once, with the rest. */
export function journalOnce(context: Context, connection: Connection, entry: NewLogEntry): Journal {
  return {
    plan: nothing,
    mark: nothing,
    advance: nothing,
    end: async (finished) => {
      await context.store.append(connection, entry, {
        status: "done",
        finishedAt: context.now(),
        statementIndex: lastOf(finished),
        statementCount: finished,
      });
    },
    fail: nothing,
  };
}

/**
 * Where it does not, the row says after each statement how far the revision has come, in the statement's own
 * transaction where it has one. `open` is the row of a run that was broken off, which is gone on with.
 */
export function journalSteps(
  context: Context,
  connection: Connection,
  entry: NewLogEntry,
  open: LogEntry | null,
): Journal {
  let id = open?.id ?? "";
  const startedAt = open?.startedAt ?? entry.startedAt;
  const write = (change: LogChange): Promise<void> => context.store.update(connection, id, change);
  return {
    plan: async (stored) => {
      const planned = { statementCount: endOf(stored), plan: JSON.stringify(stored), mark: null };
      if (id !== "") {
        const { checksum } = entry;
        return write({ ...planned, checksum, status: "running", statementIndex: lastOf(stored.offset) });
      }
      id = await context.store.append(connection, entry, {
        status: "running",
        finishedAt: null,
        statementIndex: lastOf(stored.offset),
        ...planned,
      });
    },
    mark: (mark) => write({ mark: JSON.stringify(mark) }),
    advance: (finished) => write({ status: "running", statementIndex: lastOf(finished), error: null }),
    end: (finished) => {
      const finishedAt = context.now();
      return write({
        status: "done",
        checksum: entry.checksum,
        finishedAt,
        durationMs: Math.max(0, finishedAt.getTime() - startedAt.getTime()),
        statementIndex: lastOf(finished),
        statementCount: finished,
        plan: null,
        mark: null,
        error: null,
      });
    },
    fail: (reason) =>
      id === "" ? nothing() : write({ status: "failed", finishedAt: context.now(), error: reason }),
  };
}

function lastOf(finished: number): number | null {
  return finished === 0 ? null : finished - 1;
}
