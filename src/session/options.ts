import type { Actor } from "../model/index.ts";
import type { SessionListeners } from "./events.ts";
import type { ManyLoads } from "./many-loads.ts";
import type { SessionTransactionOptions } from "./transaction.ts";

/** How a Session behaves. */
export interface SessionOptions extends SessionTransactionOptions, Actor {
  /** Write what changed before a query runs, so that it sees it. Default true. */
  readonly autoflush?: boolean;
  /**
   * Told when a relation was loaded again and again for single objects. Default: a process warning, unless
   * `NODE_ENV` is `production`.
   */
  readonly onManyLoads?: (loads: ManyLoads) => void;
  /** Called when something happens in the Session; `session.on` adds more. */
  readonly events?: SessionListeners;
}

/** For whom a Session with these options works, as far as they say it. */
export function actorOf({ tenant, user, deleted }: SessionOptions): Actor {
  return {
    ...(tenant === undefined ? {} : { tenant }),
    ...(user === undefined ? {} : { user }),
    ...(deleted === undefined ? {} : { deleted }),
  };
}
