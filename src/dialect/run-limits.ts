/**
 * How long a statement of a migration may wait or work, in milliseconds; null leaves it as the server is set, 0 is
 * without end.
 */
export interface RunLimits {
  /** For locks that somebody else holds. */
  readonly lock: number | null;
  /** For everything one statement does, its waiting included. */
  readonly statement: number | null;
}
