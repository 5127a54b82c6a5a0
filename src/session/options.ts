import type { SessionTransactionOptions } from "./transaction.ts";

/** How a Session behaves. */
export interface SessionOptions extends SessionTransactionOptions {
  /** Write what changed before a query runs, so that it sees it. Default true. */
  readonly autoflush?: boolean;
}
