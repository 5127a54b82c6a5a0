import { AthanorError } from "../errors/index.ts";
import { nearest } from "../util/nearest.ts";

/** A function that is called when a signal is sent. It may be async; it is awaited. */
export type Handler<P> = (payload: P) => unknown;

/** A handler and what it answered, or the error it threw. */
export type Answer<P> = readonly [handler: Handler<P>, result: unknown];

/** A handler that threw, rejected, or took too long. */
export interface HandlerFailure {
  readonly signal: string;
  /** The handler's name; `anonymous` for one without. */
  readonly handler: string;
  readonly error: Error;
}

/** How a dispatcher behaves. */
export interface DispatcherOptions {
  /** The names there are; any other is refused. Left out, every name serves. */
  readonly names?: readonly string[];
  /** How long one handler is waited for, in milliseconds. Default 30 000. */
  readonly timeout?: number;
  /** Told of handlers that fail. Default a warning of the process. */
  readonly report?: (failure: HandlerFailure) => void;
}

const defaultTimeout = 30_000;

/**
 * Calls handlers by name: the observer pattern, typed. `S` maps the names of signals to their payloads. Nothing a
 * handler does reaches whoever sends: what it throws is reported and answered, one that never ends is left behind.
 */
export class Dispatcher<S extends object> {
  /** Told of handlers that fail; a program may put a function of its own here. Null warns. */
  report: ((failure: HandlerFailure) => void) | null;
  readonly #names: readonly string[] | null;
  readonly #timeout: number;
  readonly #handlers = new Map<string, readonly Handler<never>[]>();

  constructor({ names, timeout = defaultTimeout, report }: DispatcherOptions = {}) {
    this.#names = names ?? null;
    this.#timeout = timeout;
    this.report = report ?? null;
  }

  /**
   * Calls `handler` whenever the signal is sent, after those connected before it. Connecting one again changes
   * nothing. Answers a function that disconnects it. Throws `SIGNAL.UNKNOWN_NAME` and `SIGNAL.NO_FUNCTION`.
   */
  connect<N extends keyof S & string>(name: N, handler: Handler<S[N]>): () => void {
    this.#demandName(name);
    if (typeof handler !== "function") {
      throw new AthanorError("SIGNAL.NO_FUNCTION", { signal: name, given: typeof handler });
    }
    const before = this.handlers(name);
    if (!before.includes(handler)) this.#handlers.set(name, [...before, handler] as Handler<never>[]);
    return () => void this.disconnect(name, handler);
  }

  /** Calls `handler` no longer; answers whether it was connected. Throws `SIGNAL.UNKNOWN_NAME`. */
  disconnect<N extends keyof S & string>(name: N, handler: Handler<S[N]>): boolean {
    this.#demandName(name);
    const before = this.handlers(name);
    const left = before.filter((each) => each !== handler);
    if (left.length === 0) this.#handlers.delete(name);
    else this.#handlers.set(name, left as Handler<never>[]);
    return left.length < before.length;
  }

  /** The handlers of a signal, in the order in which they are called. */
  handlers<N extends keyof S & string>(name: N): readonly Handler<S[N]>[] {
    return (this.#handlers.get(name) ?? []) as readonly Handler<S[N]>[];
  }

  /**
   * Calls the handlers one after the other, each awaited, and answers what each gave or the error it threw. Never
   * rejects because of a handler. Throws `SIGNAL.UNKNOWN_NAME`.
   */
  async send<N extends keyof S & string>(name: N, payload: S[N]): Promise<readonly Answer<S[N]>[]> {
    this.#demandName(name);
    const answers: Answer<S[N]>[] = [];
    for (const handler of this.handlers(name)) {
      answers.push([handler, await this.#call(name, handler, payload)]);
    }
    return answers;
  }

  async #call<P>(signal: string, handler: Handler<P>, payload: P): Promise<unknown> {
    const name = handler.name === "" ? "anonymous" : handler.name;
    try {
      return await this.#limit(handler(payload), { signal, handler: name });
    } catch (thrown) {
      const error =
        thrown instanceof Error ? thrown : new AthanorError("SIGNAL.THREW", { value: text(thrown) });
      try {
        (this.report ?? warn)({ signal, handler: name, error });
      } catch {
        // Whoever reports is a guest here as well.
      }
      return error;
    }
  }

  /** The timer also keeps the process alive: a handler that waits for nothing must not end a migration. */
  async #limit(
    result: unknown,
    what: { readonly signal: string; readonly handler: string },
  ): Promise<unknown> {
    if (!isThenable(result)) return result;
    const milliseconds = this.#timeout;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const fail = (): void => reject(new AthanorError("SIGNAL.TIMEOUT", { ...what, milliseconds }));
      timer = setTimeout(fail, milliseconds);
    });
    try {
      return await Promise.race([result, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #demandName(name: string): void {
    if (this.#names === null || this.#names.includes(name)) return;
    throw new AthanorError("SIGNAL.UNKNOWN_NAME", { signal: name, nearest: nearest(name, this.#names) });
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function text(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}

function warn({ signal, handler, error }: HandlerFailure): void {
  process.emitWarning(
    `the handler ${handler} of the signal ${signal} failed: ${error.message}`,
    "AthanorSignal",
  );
}
