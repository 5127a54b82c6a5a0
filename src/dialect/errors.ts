import { AthanorError, type ErrorCode, type ErrorFields } from "../errors/index.ts";

/** The codes of errors that a database reports while it runs a statement. */
export type DatabaseErrorCode = Exclude<
  Extract<ErrorCode, `DATABASE.${string}`>,
  | "DATABASE.UNKNOWN_SCHEME"
  | "DATABASE.BAD_URL"
  | "DATABASE.CLOSED"
  | "DATABASE.DRIVER_MISSING"
  | "DATABASE.TOO_OLD"
  | "DATABASE.BAD_VALUE"
>;

/**
 * What a database reported, in one closed set of codes for all databases. The driver's own error is the cause;
 * parameters are left out, since they may be secrets.
 */
export class DatabaseError<C extends DatabaseErrorCode = DatabaseErrorCode> extends AthanorError<C> {
  override readonly name: string = "DatabaseError";

  /** Whether running the whole transaction again may succeed. */
  get retryable(): boolean {
    return (
      this.code === "DATABASE.SERIALIZATION" ||
      this.code === "DATABASE.DEADLOCK" ||
      this.code === "DATABASE.BUSY"
    );
  }
}

/** A database's error; what is not said is not known. */
export function databaseError<C extends DatabaseErrorCode>(
  code: C,
  fields: Partial<ErrorFields<"DATABASE.PRIVILEGE">> & { readonly reason: string },
  cause?: unknown,
): DatabaseError<C> {
  const { values = [], ...shown } = fields;
  const whole = { sql: null, constraint: null, table: null, columns: [], ...shown };
  Object.defineProperty(whole, "values", { value: values, enumerable: false }); // in no log and no JSON
  return new DatabaseError<C>(code, whole as unknown as ErrorFields<C>, { cause });
}
