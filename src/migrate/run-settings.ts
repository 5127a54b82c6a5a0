import type { Connection } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import type { Context } from "./context.ts";
import type { RunOptions, TransactionMode } from "./options.ts";

/** How one run behaves, everything said. Times are milliseconds. */
export interface ResolvedSettings {
  readonly waitTimeout: number;
  /** Null leaves it as the server is set. */
  readonly lockTimeout: number | null;
  readonly lockRetries: number;
  readonly statementTimeout: number | null;
  readonly transaction: TransactionMode;
}

/** What the run says, what the environment says, and what is usual. */
export function runSettings(context: Context, options: RunOptions = {}): ResolvedSettings {
  const said = { ...context.options.run, ...options };
  const limit = (milliseconds: number): number | null => (milliseconds === 0 ? null : milliseconds);
  return {
    waitTimeout: said.waitTimeout ?? 60_000,
    lockTimeout: limit(said.lockTimeout ?? 5_000),
    lockRetries: said.lockRetries ?? 8,
    statementTimeout: limit(said.statementTimeout ?? 0),
    transaction: said.transaction ?? "each",
  };
}

/**
 * Works on a connection whose statements have limits, which are set back afterwards. Throws
 * `MIGRATE.STATEMENT_TIMEOUT` where the database has none for statements.
 */
export async function withLimits<T>(
  context: Context,
  connection: Connection,
  { lockTimeout: lock, statementTimeout: statement }: ResolvedSettings,
  work: () => Promise<T>,
): Promise<T> {
  const design = await context.design();
  if (statement !== null && design.limitsStatements !== true) {
    throw new AthanorError("MIGRATE.STATEMENT_TIMEOUT", { dialect: context.dialect.id });
  }
  const restore = await design.limit?.(connection, { lock, statement });
  try {
    return await work();
  } finally {
    // Where the connection is gone, so are its settings, and the error of the work is the one that counts.
    await restore?.().catch(() => undefined);
  }
}

const firstPause = 500;
const longestPause = 30_000;

/**
 * How long to wait before the next try, in milliseconds: twice as long each time, and by chance up to half of it
 * less, so that those who wait do not all come back at once.
 */
export function pauseBefore(attempt: number, random: () => number = Math.random): number {
  const whole = Math.min(firstPause * 2 ** (attempt - 1), longestPause);
  return Math.round(whole * (1 - random() / 2));
}
