import { AsyncLocalStorage } from "node:async_hooks";

/** Said in place of a tenant by what works for all of them: a migration of data, a report of the operator's. */
export const allTenants: unique symbol = Symbol("all tenants");

/** For whom work is done. */
export interface Actor {
  /** Whose rows are seen and written: undefined is nobody's, and queries of rows with tenants are refused. */
  readonly tenant?: unknown;
  /** Who is noted as having made, changed or deleted a row. */
  readonly user?: string | null;
  /** Whether rows that were deleted softly are seen. Default `hide`. */
  readonly deleted?: "hide" | "show";
}

const actors = new AsyncLocalStorage<Actor>();

/** Runs `work`, and all that it calls and awaits, for somebody: Sessions that are made meanwhile are theirs. */
export function actAs<T>(actor: Actor, work: () => T): T {
  return actors.run({ ...actors.getStore(), ...actor }, work);
}

/** For whom the work at hand is done. */
export function currentActor(): Actor {
  return actors.getStore() ?? {};
}
