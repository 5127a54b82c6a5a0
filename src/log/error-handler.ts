import { type ExitCode, isAthanorError } from "../errors/error.ts";
import type { Logger } from "./logger.ts";

/** Turns what was thrown into a record and an exit code. */
export class ErrorHandler {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /**
   * Logs an error with its code and what to do about it, and answers the exit code that belongs to it: that of an
   * Athanor error, 3 for any other. Never throws.
   */
  handle(error: unknown): ExitCode {
    const known = isAthanorError(error);
    const message = error instanceof Error ? error.message : String(error);
    if (known) this.#logger.error(message, { code: error.code, remedy: error.remedy });
    else this.#logger.critical(message, error instanceof Error ? { error } : {});
    return known ? error.exit : 3;
  }

  /** Runs `work`; answers what it gave, or null where it failed and the failure was handled. */
  async run<T>(work: () => T | Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      this.handle(error);
      return null;
    }
  }
}
