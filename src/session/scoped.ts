import { AsyncLocalStorage } from "node:async_hooks";
import { AthanorError } from "../errors/index.ts";
import type { Session } from "./session.ts";

/** One Session for everything that a task calls, without handing it on: for web requests and jobs. */
export class ScopedSession {
  readonly #make: () => Session;
  readonly #scopes = new AsyncLocalStorage<{ session: Session | null }>();

  constructor(make: () => Session) {
    this.#make = make;
  }

  /**
   * Runs `work` in a scope of its own. Its Session is made when first asked for and closed when `work` is done;
   * what was not committed is rolled back. A scope inside another has another Session.
   */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    const scope: { session: Session | null } = { session: null };
    try {
      return await this.#scopes.run(scope, async () => work());
    } finally {
      await scope.session?.close();
    }
  }

  /** The Session of the scope this code runs in. Throws `SESSION.NO_SCOPE` outside of `run`. */
  get session(): Session {
    const scope = this.#scopes.getStore();
    if (scope === undefined) throw new AthanorError("SESSION.NO_SCOPE", {});
    scope.session ??= this.#make();
    return scope.session;
  }

  /** Closes the scope's Session, if it has one; the next use makes another. */
  async remove(): Promise<void> {
    const scope = this.#scopes.getStore();
    const session = scope?.session ?? null;
    if (scope !== undefined) scope.session = null;
    await session?.close();
  }
}

/** Sessions by async context: `const scoped = scopedSession(sessionMaker(engine, { autoflush: false }))`. */
export function scopedSession(make: () => Session): ScopedSession {
  return new ScopedSession(make);
}
