import type { Connection } from "../dialect/index.ts";
import type { Context } from "./context.ts";
import type { NewLogEntry } from "./version-store.ts";

/** Keeps the log's row of one revision while it runs. */
export interface Journal {
  /** Told before the first statement; `plan` is what will run, null for data steps of code. */
  begin(plan: readonly (string | null)[]): Promise<void>;
  /** Told after each statement, with how many have finished. */
  advance(finished: number): Promise<void>;
  end(finished: number): Promise<void>;
  fail(finished: number, reason: string): Promise<void>;
}

/** Where a failure takes everything back, the row is written once, with the rest. */
export function journalOnce(context: Context, connection: Connection, entry: NewLogEntry): Journal {
  return {
    begin: () => Promise.resolve(),
    advance: () => Promise.resolve(),
    end: async (finished) => {
      await context.store.append(connection, entry, {
        status: "done",
        finishedAt: context.now(),
        statementIndex: finished === 0 ? null : finished - 1,
        statementCount: finished,
      });
    },
    fail: () => Promise.resolve(),
  };
}

/** Where it does not, the row says after each statement how far the revision has come. */
export function journalSteps(context: Context, connection: Connection, entry: NewLogEntry): Journal {
  let id = "";
  let planned: readonly (string | null)[] = [];
  const write = (
    status: "running" | "done" | "failed",
    finished: number,
    error: string | null,
  ): Promise<void> =>
    context.store.update(connection, id, entry, {
      status,
      finishedAt: status === "running" ? null : context.now(),
      statementIndex: finished === 0 ? null : finished - 1,
      statementCount: planned.length,
      plan: status === "done" ? null : JSON.stringify(planned),
      error,
    });
  return {
    begin: async (plan) => {
      planned = plan;
      id = await context.store.append(connection, entry, {
        status: "running",
        finishedAt: null,
        statementIndex: null,
        statementCount: plan.length,
        plan: JSON.stringify(plan),
      });
    },
    advance: (finished) => write("running", finished, null),
    end: (finished) => write("done", finished, null),
    fail: (finished, reason) => (id === "" ? Promise.resolve() : write("failed", finished, reason)),
  };
}
