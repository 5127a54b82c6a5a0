import { AthanorError } from "../errors/index.ts";

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

  /** Begins something; `leave` ends it. Throws `SESSION.CONCURRENT`. */
  enter(name: string): void {
    if (this.#running !== null) {
      throw new AthanorError("SESSION.CONCURRENT", { running: this.#running, refused: name });
    }
    this.#running = name;
  }

  leave(): void {
    this.#running = null;
    this.#waiting.shift()?.();
  }
}
