import type { Engine } from "./engine.ts";
import type { SessionOptions } from "./options.ts";
import { type RunOptions, Session } from "./session.ts";

/** Makes Sessions that share their options; what is given to a call goes before them. */
export interface SessionMaker {
  (options?: SessionOptions): Session;
  /** Runs `work` with a Session and closes it afterwards, as `Session.run` does. */
  run<T>(work: (session: Session) => Promise<T>, options?: RunOptions): Promise<T>;
}

/** Makes Sessions that share their options: `const makeSession = sessionMaker(engine, { autoflush: false })`. */
export function sessionMaker(engine: Engine, options: SessionOptions = {}): SessionMaker {
  const make = (own: SessionOptions = {}): Session => new Session(engine, { ...options, ...own });
  const run = <T>(work: (session: Session) => Promise<T>, own: RunOptions = {}): Promise<T> =>
    Session.run(engine, work, { ...options, ...own });
  return Object.assign(make, { run });
}
