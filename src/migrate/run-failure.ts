import { DatabaseError } from "../dialect/errors.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import { describe, type Operation } from "../operation/index.ts";
import type { Direction } from "./documents.ts";

/** Where a revision stood when something failed. */
export interface FailurePoint {
  readonly revision: string;
  readonly direction: Direction;
  readonly file: string;
  /** Null where none had begun. */
  readonly operation: Operation | null;
  readonly statement: string | null;
  /** Whether everything of the revision is taken back. */
  readonly undone: boolean;
}

/** What a run says of an error: what fails before any operation is the database's own trouble, and says so itself. */
export function describeFailure(error: unknown, point: FailurePoint): AthanorError {
  if (isAthanorError(error, "MIGRATE.TRANSACTION_ENDED")) return error;
  const { operation, statement, ...where } = point;
  if (isAthanorError(error, "PLAN.VIOLATION")) {
    return new AthanorError("MIGRATE.VIOLATION", { ...error.fields, ...where }, { cause: error });
  }
  if (isAthanorError(error) && operation === null && statement === null) return error;
  const fields = {
    ...where,
    operation: operation === null ? null : describe(operation),
    statement,
    reason: error instanceof Error ? error.message : String(error),
    ...(isAthanorError(error, "DATABASE.PRIVILEGE") || isAthanorError(error, "DATABASE.NO_ROLE")
      ? { grant: error.fields.grant ?? null }
      : {}),
  };
  return new AthanorError("MIGRATE.FAILED", fields, { cause: error });
}

/** Whether the same may go well a moment later: a lock or a deadlock was in the way. */
export function mayGoWellLater(error: unknown): boolean {
  const cause = isAthanorError(error, "MIGRATE.FAILED") ? error.cause : error;
  return cause instanceof DatabaseError && cause.retryable;
}

/** The error of the last try. */
export function afterTries(error: unknown, attempts: number, blockers: readonly string[]): unknown {
  if (!isAthanorError(error, "MIGRATE.FAILED")) return error;
  return new AthanorError("MIGRATE.FAILED", { ...error.fields, attempts, blockers }, { cause: error.cause });
}
