import { setTimeout as sleep } from "node:timers/promises";
import { isAthanorError } from "../errors/index.ts";

/** How often work is tried again that failed only because another transaction was in its way. */
export interface RetryOptions {
  /** Tries altogether. */
  readonly attempts?: number;
  /** The longest pause before the second try, in milliseconds; it doubles with each further one. Default 20. */
  readonly pause?: number;
  /** No pause is longer, in milliseconds. Default 2000. */
  readonly longestPause?: number;
}

/** Tries of `session.run` unless its options say otherwise. */
export const usualAttempts = 5;

const codes: ReadonlySet<string> = new Set([
  "DATABASE.SERIALIZATION",
  "DATABASE.DEADLOCK",
  "DATABASE.BUSY",
  "SESSION.STALE",
]);

/** Whether doing the whole transaction again may succeed. */
export function isRetryable(error: unknown): boolean {
  return isAthanorError(error) && codes.has(error.code);
}

/**
 * Does `attempt` until it succeeds, fails for another reason, or has been tried often enough: full jitter between
 * tries (M. Brooker, "Exponential Backoff and Jitter", 2015), so that those who collided do not collide again.
 * `mayRepeat` is asked after each failure.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  mayRepeat: () => boolean,
  { attempts = usualAttempts, pause = 20, longestPause = 2000 }: RetryOptions,
): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (n >= attempts || !isRetryable(error) || !mayRepeat()) throw error;
    }
    await sleep(Math.random() * Math.min(longestPause, pause * 2 ** (n - 1)));
  }
}
