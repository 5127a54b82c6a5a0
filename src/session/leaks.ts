import type { Connection } from "../dialect/index.ts";

/** How long a connection may be held without a statement in development, in milliseconds, unless it is said. */
export const usualPatience = 60_000;

/** A connection that was taken and not given back yet. */
export interface Held {
  /** When it was last used, as `performance.now()` says. */
  used: number;
}

interface Watch extends Held {
  readonly connection: Connection;
  readonly taken: string;
  timer: NodeJS.Timeout | undefined;
}

/** A Session that nobody has any more gives its connection back all the same. */
const forgotten = new FinalizationRegistry<Watch>((watch) => {
  clearTimeout(watch.timer);
  warn("A Session was let go without being closed; its connection is taken back, and rolled back.", watch);
  void watch.connection.release().catch(() => undefined);
});

/**
 * Watches a connection that `holder` has taken: a process warning tells of one that is not used for `patience`
 * milliseconds, once, and of one whose holder is gone. 0 is never; where it was taken is told in development alone.
 */
export function watch(holder: object, connection: Connection, patience: number): Held {
  const held: Watch = {
    connection,
    used: performance.now(),
    taken: patience === 0 ? "" : takenHere(),
    timer: undefined,
  };
  forgotten.register(holder, held, held);
  if (patience > 0) wait(held, patience, patience);
  return held;
}

/** The connection was given back. */
export function unwatch(held: Held): void {
  clearTimeout((held as Watch).timer);
  forgotten.unregister(held);
}

function wait(held: Watch, patience: number, longer: number): void {
  held.timer = setTimeout(() => {
    const left = held.used + patience - performance.now();
    if (left > 0) return wait(held, patience, left);
    const seconds = patience / 1000;
    warn(
      `A Session has held a connection for ${seconds} s without using it. Commit, roll back or close it.`,
      held,
    );
  }, longer);
  held.timer.unref();
}

function warn(message: string, { taken }: Watch): void {
  process.emitWarning(taken === "" ? message : `${message}\n${taken}`, { code: "ATHANOR_LEAK" });
}

/** The stack without what is ours, which begins it. */
function takenHere(): string {
  const place: { stack?: string } = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 30; // the program's own frames come after those of the Session
  Error.captureStackTrace(place, watch);
  Error.stackTraceLimit = stackTraceLimit;
  return `It was taken\n${(place.stack ?? "").split("\n").slice(1).join("\n")}`;
}
