import { AthanorError } from "../errors/index.ts";

/** How the rows of a query are got, all at once or one after the other. */
export interface RowSource<T> {
  all(): Promise<T[]>;
  stream(): AsyncIterator<T>;
}

/** The rows of a query, which runs when they are asked for. `T` is a row: an object, a value, or a tuple. */
export class Rows<T> implements AsyncIterable<T> {
  readonly #source: RowSource<T>;

  constructor(source: RowSource<T>) {
    this.#source = source;
  }

  /** Every row. */
  all(): Promise<T[]> {
    return this.#source.all();
  }

  /** The first row; null of none. The query is not limited by this: say `.limit(1)` where it may find many. */
  async first(): Promise<T | null> {
    const rows = await this.all();
    return rows[0] ?? null;
  }

  /** The only row. Rejects with `SESSION.NOT_ONE` where there is none, or another one. */
  async one(): Promise<T> {
    const rows = await this.all();
    if (rows.length === 1) return rows[0] as T;
    throw new AthanorError("SESSION.NOT_ONE", { found: rows.length === 0 ? "none" : "several" });
  }

  /** The only row; null of none. Rejects with `SESSION.NOT_ONE` where there are several. */
  async oneOrNull(): Promise<T | null> {
    const rows = await this.all();
    if (rows.length > 1) throw new AthanorError("SESSION.NOT_ONE", { found: "several" });
    return rows[0] ?? null;
  }

  /**
   * Rows one after the other, at constant memory: an object that nobody keeps is forgotten once it has gone by,
   * unless it was changed before the next few hundred were read.
   */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.#source.stream();
  }
}

/** What a statement that writes gave. */
export interface Written<T> {
  /** Rows inserted, updated or deleted. */
  readonly changes: number;
  /** The rows as objects, where the statement returns them. */
  readonly rows: readonly T[];
}
