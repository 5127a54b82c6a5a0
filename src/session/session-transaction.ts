import { AthanorError } from "../errors/index.ts";

/** What ends a transaction. */
export interface TransactionEnds {
  readonly commit: () => Promise<void>;
  readonly rollback: () => Promise<void>;
}

/**
 * A transaction or savepoint that `session.begin()` gave. It ends once, by its own end or that of one around it; left
 * without an end it is rolled back.
 */
export class SessionTransaction {
  readonly #ends: TransactionEnds;
  #over = false;

  constructor(ends: TransactionEnds) {
    this.#ends = ends;
  }

  /** Writes what changed and keeps it. */
  async commit(): Promise<void> {
    this.#demandOpen("commit");
    await this.#ends.commit();
    this.#over = true;
  }

  /** Takes back what was done since it began; the objects hold what they held then. */
  async rollback(): Promise<void> {
    this.#demandOpen("roll back");
    this.#over = true;
    await this.#ends.rollback();
  }

  /** Told when the transaction ended by other means. */
  end(): void {
    this.#over = true;
  }

  #demandOpen(action: string): void {
    if (this.#over) throw new AthanorError("SESSION.NO_TRANSACTION", { action });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#over) await this.rollback();
  }
}
