import { type DatabaseErrorCode, databaseError } from "../errors.ts";

/** The fields of an ErrorResponse that drivers hand on (https://www.postgresql.org/docs/current/protocol-error-fields.html). */
interface ServerError extends Error {
  readonly code: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly detail?: string;
}

function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

/** SQLSTATEs that have a code of their own (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const states: Readonly<Record<string, DatabaseErrorCode>> = {
  "23505": "DATABASE.UNIQUE",
  "23P01": "DATABASE.UNIQUE",
  "23503": "DATABASE.FOREIGN_KEY",
  "23001": "DATABASE.FOREIGN_KEY",
  "23502": "DATABASE.NOT_NULL",
  "23514": "DATABASE.CHECK",
  "40001": "DATABASE.SERIALIZATION",
  "40P01": "DATABASE.DEADLOCK",
  "55P03": "DATABASE.BUSY",
  "57014": "DATABASE.TIMEOUT",
  "42501": "DATABASE.PRIVILEGE",
  "25006": "DATABASE.READ_ONLY",
  "53100": "DATABASE.DISK_FULL",
};

/** Classes of SQLSTATEs, their first two characters. */
const classes: Readonly<Record<string, DatabaseErrorCode>> = {
  "08": "DATABASE.CONNECTION",
  "28": "DATABASE.CONNECTION",
  "3D": "DATABASE.CONNECTION",
  "57": "DATABASE.CONNECTION",
  "42": "DATABASE.SYNTAX",
};

const network: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOENT",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EHOSTUNREACH",
]);

/** What the driver threw, as one of the closed set. */
export function translateError(error: unknown, sql: string | null): unknown {
  if (!isServerError(error)) return lostConnection(error, sql);
  if (network.has(error.code))
    return databaseError("DATABASE.CONNECTION", { reason: error.message, sql }, error);
  if (!/^[0-9A-Z]{5}$/.test(error.code)) return error;
  const code = states[error.code] ?? classes[error.code.slice(0, 2)] ?? "DATABASE.OTHER";
  return databaseError(
    code,
    {
      reason: error.detail === undefined ? error.message : `${error.message} (${error.detail})`,
      sql,
      constraint: error.constraint ?? null,
      table: error.table ?? null,
      columns: keyColumns(error),
    },
    error,
  );
}

/** `Key (name, age)=(x, 1) already exists.` names the columns of a key; a NOT NULL violation names its one. */
function keyColumns(error: ServerError): readonly string[] {
  if (error.column !== undefined) return [error.column];
  const listed = /^Key \((.+?)\)=/.exec(error.detail ?? "")?.[1];
  return listed === undefined ? [] : listed.split(", ");
}

function lostConnection(error: unknown, sql: string | null): unknown {
  if (!(error instanceof Error) || !/connection (?:terminated|ended)|not queryable/i.test(error.message))
    return error;
  return databaseError("DATABASE.CONNECTION", { reason: error.message, sql }, error);
}
