import type { ErrorCode, ErrorFields } from "./catalog.ts";
import { catalog } from "./catalog.ts";

/** What the process exits with: 1 the answer is no, 2 wrong use, 3 the database or a migration failed. */
export type ExitCode = 1 | 2 | 3;

/** One entry of the catalogue: how a code reads, what to do about it, and how a command exits. */
export interface ErrorDefinition {
  readonly exit: ExitCode;
  readonly message: (fields: never) => string;
  readonly remedy: (fields: never) => string;
}

interface Wording {
  readonly exit: ExitCode;
  readonly message: (fields: unknown) => string;
  readonly remedy: (fields: unknown) => string;
}

/**
 * Every error Athanor raises on purpose: a closed `code`, the `fields` that belong to it, and a `remedy`
 * that says what to do. The wording lives in the catalogue, so a call site is one line and tests assert codes.
 */
export class AthanorError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name: string = "AthanorError";
  readonly code: C;
  readonly fields: ErrorFields<C>;
  readonly remedy: string;
  /** The exit code a command ends with when this error stops it. */
  readonly exit: ExitCode;

  constructor(code: C, fields: ErrorFields<C>, options?: ErrorOptions) {
    const wording = catalog[code] as unknown as Wording;
    super(wording.message(fields), options);
    this.code = code;
    this.fields = fields;
    this.remedy = wording.remedy(fields);
    this.exit = wording.exit;
  }

  /** The error as data, for `--json` and logs. The cause is left out: it may hold what must not be shown. */
  toJSON(): { code: ErrorCode; message: string; remedy: string; fields: unknown } {
    return { code: this.code, message: this.message, remedy: this.remedy, fields: this.fields };
  }
}

/** Whether `error` is Athanor's own and, where a code is given, that very one. */
export function isAthanorError<C extends ErrorCode = ErrorCode>(
  error: unknown,
  code?: C,
): error is AthanorError<C> {
  return error instanceof AthanorError && (code === undefined || error.code === code);
}

/** A broken promise inside Athanor itself: never the user's fault, always a bug to report. */
export class InternalError extends Error {
  override readonly name: string = "InternalError";
}
