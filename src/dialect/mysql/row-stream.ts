import type { FieldPacket, PoolConnection, Query } from "mysql2";
import type { DriverValue } from "../connection.ts";

type Row = DriverValue[];

/** Rows kept waiting for whoever reads them; beyond this many, the socket is not read. */
const mostWaiting = 1000;

/**
 * The rows of a query that runs. A connection of these servers can do nothing else until the last row is read, so
 * one that is needed for another statement has the rest read into memory first.
 */
export class RowStream {
  readonly #client: PoolConnection;
  #waiting: Row[] = [];
  #most = mostWaiting;
  #paused = false;
  #ended = false;
  #error: unknown = null;
  #wake: (() => void) | null = null;
  /** The columns; known once a row has come. */
  fields: readonly FieldPacket[] = [];

  constructor(client: PoolConnection, query: Query) {
    this.#client = client;
    query.on("fields", (fields: FieldPacket[]) => {
      this.fields = fields;
    });
    query.on("result", (row: Row) => this.#take(row));
    query.on("error", this.#fail);
    query.on("end", () => this.#end(null));
    // A connection that is lost tells nobody but its own listeners.
    client.on("error", this.#fail);
  }

  readonly #fail = (error: unknown): void => this.#end(error);

  get ended(): boolean {
    return this.#ended;
  }

  #take(row: Row): void {
    if (this.#most > 0) this.#waiting.push(row);
    if (this.#most > 0 && this.#waiting.length >= this.#most && !this.#paused) {
      this.#paused = true;
      this.#client.pause();
    }
    this.#signal();
  }

  #end(error: unknown): void {
    this.#client.removeListener("error", this.#fail);
    this.#ended = true;
    this.#error ??= error;
    this.#signal();
  }

  #signal(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#client.resume();
  }

  /** The next rows, some at a time; null after the last. Rejects with the driver's error. */
  async next(): Promise<readonly Row[] | null> {
    if (this.#waiting.length === 0) this.#resume();
    while (this.#waiting.length === 0) {
      if (this.#error !== null) throw this.#error;
      if (this.#ended) return null;
      await this.#change();
    }
    const rows = this.#waiting;
    this.#waiting = [];
    return rows;
  }

  async #change(): Promise<void> {
    await new Promise<void>((resolve) => {
      const before = this.#wake;
      this.#wake = () => {
        before?.();
        resolve();
      };
    });
  }

  /** Reads the rest into memory, and leaves the connection free. */
  async spool(): Promise<void> {
    this.#most = Number.POSITIVE_INFINITY;
    await this.#untilEnded();
  }

  /** Reads the rest and forgets it; what takes longer than `patience` milliseconds is ended by `cancel`. */
  async discard(patience: number, cancel: () => Promise<void>): Promise<void> {
    this.#most = 0;
    this.#waiting = [];
    const late = setTimeout(() => cancel().catch(() => undefined), patience);
    await this.#untilEnded();
    clearTimeout(late);
  }

  async #untilEnded(): Promise<void> {
    this.#resume();
    while (!this.#ended) await this.#change();
  }
}
