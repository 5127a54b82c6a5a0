import { AthanorError } from "../../errors/index.ts";
import { type DatabaseErrorCode, databaseError } from "../errors.ts";
import {
  type ConnectFailure,
  connectReason,
  type Destination,
  placeOf,
  systemFailure,
  wordsOf,
} from "../server-url.ts";
import { missingGrant, missingRole } from "./grants.ts";

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

/** Whether the server said so, rather than the driver or the system. */
export function isFromServer(error: unknown): boolean {
  return isServerError(error) && /^[0-9A-Z]{5}$/.test(error.code);
}

const diskFull = "53100";

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
  [diskFull]: "DATABASE.DISK_FULL",
};

/** Classes of SQLSTATEs, their first two characters. */
const classes: Readonly<Record<string, DatabaseErrorCode>> = {
  "08": "DATABASE.CONNECTION",
  "22": "DATABASE.DATA",
  "28": "DATABASE.CONNECTION",
  "3D": "DATABASE.CONNECTION",
  "57": "DATABASE.CONNECTION",
  "42": "DATABASE.SYNTAX",
};

/** Codes of errors of the system with a connection that was there; those of making one are `systemFailure`'s. */
const lost: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED"]);

/** What the driver threw, as one of the closed set. `user` is whom the server takes the session for, where known. */
export function translateError(error: unknown, sql: string | null, user: string | null = null): unknown {
  if (!isServerError(error)) return lostConnection(error, sql);
  if (lost.has(error.code) || systemFailure(error) !== null) {
    return databaseError("DATABASE.CONNECTION", { reason: wordsOf(error), sql }, error);
  }
  if (!/^[0-9A-Z]{5}$/.test(error.code)) return error;
  const role = error.code === "42704" ? missingRole(error.message) : null;
  if (role !== null)
    return databaseError("DATABASE.NO_ROLE", { reason: error.message, sql, grant: role }, error);
  const code = states[error.code] ?? classes[error.code.slice(0, 2)] ?? "DATABASE.OTHER";
  return databaseError(
    code,
    {
      reason: reasonOf(error),
      sql,
      constraint: error.constraint ?? null,
      table: error.table ?? null,
      columns: keyColumns(error),
      values: code === "DATABASE.UNIQUE" ? keyValues(error) : [],
      ...(code === "DATABASE.PRIVILEGE" ? { grant: missingGrant(error.message, sql, user) } : {}),
    },
    error,
  );
}

/** The server's words, without what rows hold where a constraint is violated: the cause has them as they are. */
function reasonOf({ message, detail, code }: ServerError): string {
  const isViolation = code.startsWith("23");
  const shown = isViolation ? withoutValues(detail) : detail;
  return shown === undefined ? message : `${message} (${shown})`;
}

/** A detail of another form than those that are known may hold anything. */
function withoutValues(detail = ""): string | undefined {
  const [, columns, rest] =
    /^Key \((.+?)\)=\(.*\) (already exists\.|is duplicated\.|conflicts with |is (?:not present in|still referenced from) .*)/s.exec(
      detail,
    ) ?? [];
  if (columns === undefined || rest === undefined) return undefined;
  return `Key (${columns}) ${rest.startsWith("conflicts") ? "conflicts with that of another row." : rest}`;
}

/** `Key (name, age)=(x, 1) already exists.` names the columns of a key; a NOT NULL violation names its one. */
function keyColumns(error: ServerError): readonly string[] {
  if (error.column !== undefined) return [error.column];
  // Of a row that is still referenced, these are columns of the other table than the one that is named.
  if (/ is still referenced from table /.test(error.detail ?? "")) return [];
  const listed = /^Key \((.+?)\)=/.exec(error.detail ?? "")?.[1];
  return listed === undefined ? [] : listed.split(", ");
}

/** The values of that key, where none of them has a comma in it. */
function keyValues(error: ServerError): readonly string[] {
  const listed = /^Key \(.+?\)=\((.*)\) (?:already exists|conflicts with )/s.exec(error.detail ?? "")?.[1];
  const { length } = keyColumns(error);
  if (listed === undefined) return [];
  if (length === 1) return [listed];
  const values = listed.split(", ");
  return values.length === length ? values : [];
}

function lostConnection(error: unknown, sql: string | null): unknown {
  if (
    !(
      error instanceof Error &&
      /connection (?:terminated|ended)|not queryable|client was closed/i.test(error.message)
    )
  )
    return error;
  return databaseError("DATABASE.CONNECTION", { reason: error.message, sql }, error);
}

/** Whether a prepared statement would give other columns than it did, since a table has changed. */
export function isStalePlan(error: unknown): boolean {
  return isServerError(error) && error.code === "0A000" && /cached plan/.test(error.message);
}

/** An error of making a connection: where it should have gone, and what helps. */
export function connectError(error: unknown, to: Destination): unknown {
  if (!(error instanceof Error) || error instanceof AthanorError || error instanceof TypeError) return error;
  const failure = systemFailure(error) ?? serverFailure(error);
  const words = wordsOf(error);
  if ("code" in error && error.code === diskFull)
    return databaseError("DATABASE.DISK_FULL", { reason: words }, error);
  const grant = failure === "not allowed" ? missingGrant(error.message, null, to.user) : null;
  const reason =
    failure === null ? `${words} (at ${placeOf(to)})` : connectReason(failure, { ...to, grant }, words);
  return databaseError("DATABASE.CONNECTION", { reason }, error);
}

/** A wrong password, a user or a database that is not there, and certificates that nobody trusts. */
function serverFailure(error: Error): ConnectFailure | null {
  const code = "code" in error ? String(error.code) : "";
  if (/\b(?:SSL|encryption|certificate)\b/i.test(error.message) || /CERT|TLS|SSL/.test(code)) return "no tls";
  if (code === "3D000") return "no database";
  if (code === "42501") return "not allowed";
  if (code.startsWith("28") || /\bSASL\b/.test(error.message)) return "denied";
  return /timeout|terminated/i.test(error.message) ? "unreachable" : null;
}
