import type { ConnectOptions } from "./connection.ts";

/** What a pool of connections keeps to. Times are milliseconds. */
export interface PoolLimits {
  /** Connections that are kept. */
  readonly size: number;
  /** Connections there are at most, those included that are closed once they are given back. */
  readonly most: number;
  /** How long a connection is waited for; 0 is without end. */
  readonly timeout: number;
  /** The age from which a connection is replaced; null is never. */
  readonly recycle: number | null;
}

const defaultSize = 5;
const defaultTimeout = 30_000;

/** The limits that options ask for. */
export function poolLimits({ poolSize, maxOverflow, poolTimeout, poolRecycle }: ConnectOptions): PoolLimits {
  const size = poolSize ?? defaultSize;
  return {
    size,
    most: Math.max(1, size + (maxOverflow ?? 0)),
    timeout: poolTimeout ?? defaultTimeout,
    recycle: poolRecycle === undefined || poolRecycle <= 0 ? null : poolRecycle,
  };
}

/** Why nobody got a connection. */
export function poolExhausted({ most, timeout }: PoolLimits): string {
  return `none of the ${most} connections of the pool was given back within ${timeout / 1000} s`;
}

/** How old connections are, from the first time that they were taken. */
export class ConnectionAges<C extends WeakKey> {
  readonly #born = new WeakMap<C, number>();
  readonly #recycle: number | null;
  readonly #now: () => number;

  constructor({ recycle }: PoolLimits, now: () => number = () => performance.now()) {
    this.#recycle = recycle;
    this.#now = now;
  }

  /** Whether a connection that was taken is to be replaced; one that was not seen before is new. */
  isOld(connection: C): boolean {
    if (this.#recycle === null) return false;
    const born = this.#born.get(connection);
    if (born === undefined) this.#born.set(connection, this.#now());
    return born !== undefined && this.#now() - born >= this.#recycle;
  }
}
