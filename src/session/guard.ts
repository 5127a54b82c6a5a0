import { AthanorError } from "../errors/index.ts";

/** What a stream is called while it runs. */
export const streaming = "a stream";

/**
 * One thing at a time. A second call of the program while one runs means that two tasks share the Session, and is
 * refused; loading on demand waits for its turn instead, since many objects may be awaited together.
 */
export class Guard {
  #running: string | null = null;
  readonly #waiting: (() => void)[] = [];

  /** Runs `body` alone. Rejects with `SESSION.CONCURRENT` while something else runs. */
  async alone<T>(name: string, body: () => Promise<T>): Promise<T> {
    this.enter(name);
    try {
      return await body();
    } finally {
      this.leave();
    }
  }

  /** Runs `body` once nothing else runs. */
  async inTurn<T>(name: string, body: () => Promise<T>): Promise<T> {
    while (this.#running !== null) await new Promise<void>((next) => this.#waiting.push(next));
    return this.alone(name, body);
  }

  /** Resolves once nothing runs, but for a stream, which may have been left without being ended. */
  async settled(): Promise<void> {
    while (this.#running !== null && this.#running !== streaming) {
      await new Promise<void>((next) => this.#waiting.push(next));
    }
  }

  /** Begins something; `leave` ends it. Throws `SESSION.CONCURRENT`. */
  enter(name: string): void {
    if (this.#running !== null) {
      throw new AthanorError("SESSION.CONCURRENT", { running: this.#running, refused: name });
    }
    this.#running = name;
  }

  leave(): void {
    this.#running = null;
    if (this.#waiting.length === 0) return;
    // Everyone who waits looks again: whoever finds it taken goes on waiting.
    for (const next of this.#waiting.splice(0)) next();
  }
}
