/** Work shorter than this, in milliseconds, shows nothing. */
const patience = 1000;
/** The line is drawn anew at most this often, in milliseconds. */
const pace = 100;
/** It is drawn anew at least this often, so that its seconds go on, in milliseconds. */
const tick = 1000;

/** A terminal, as far as progress needs one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** One line on a terminal that tells what is being done, once it has taken longer than a second. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #enabled: boolean;
  readonly #now: () => number;
  #started: number | null = null;
  #drawn = Number.NEGATIVE_INFINITY;
  #shown = false;
  #text = "";
  #timer: NodeJS.Timeout | null = null;

  /** `enabled` false, or a stream that is no terminal, shows nothing. `now` is the clock, in milliseconds. */
  constructor(stream: ProgressStream, enabled: boolean, now: () => number = () => performance.now()) {
    this.#stream = stream;
    this.#enabled = enabled && stream.isTTY === true;
    this.#now = now;
  }

  /** Says what is being done now. */
  update(text: string): void {
    if (!this.#enabled) return;
    this.#started ??= this.#now();
    this.#text = text;
    working = this;
    const wait = Math.max(this.#started + patience, this.#drawn + pace) - this.#now();
    if (wait <= 0) this.#draw();
    else this.#drawIn(wait);
  }

  #drawIn(wait: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#draw(), wait);
    this.#timer.unref();
  }

  /** Takes the line away, so that something else can be written; the next update brings it back. */
  clear(): void {
    if (!this.#shown) return;
    this.#stop();
    this.#stream.write("\r\u001b[2K");
    this.#shown = false;
    this.#drawn = Number.NEGATIVE_INFINITY;
  }

  /** The work is done. */
  end(): void {
    this.#stop();
    this.clear();
    this.#started = null;
    if (working === this) working = null;
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #draw(): void {
    this.#drawn = this.#now();
    const seconds = Math.floor((this.#now() - (this.#started ?? this.#now())) / 1000);
    const line = `${this.#text}  ${seconds} s`.slice(0, (this.#stream.columns ?? 80) - 1);
    this.#stream.write(`\r\u001b[2K${line}`);
    this.#shown = true;
    this.#drawIn(tick);
  }
}

/** Who draws a line now, if anybody does: two would write over each other. */
let working: Progress | null = null;

/** Takes the line away until the next update: somebody is about to be asked. */
export function endProgress(): void {
  working?.end();
}
