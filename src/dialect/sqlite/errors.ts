import { type DatabaseError, type DatabaseErrorCode, databaseError } from "../errors.ts";

/** SQLite's error as the driver throws it: `errcode` is the extended result code. */
interface SqliteError extends Error {
  readonly errcode: number;
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number";
}

/** Extended result codes (https://www.sqlite.org/rescode.html) that say more than their primary code. */
const extended: Readonly<Record<number, DatabaseErrorCode>> = {
  275: "DATABASE.CHECK",
  787: "DATABASE.FOREIGN_KEY",
  1299: "DATABASE.NOT_NULL",
  1555: "DATABASE.UNIQUE",
  2067: "DATABASE.UNIQUE",
  2579: "DATABASE.UNIQUE",
  517: "DATABASE.SERIALIZATION",
};

/** Primary result codes, the low byte of the extended ones. */
const primary: Readonly<Record<number, DatabaseErrorCode>> = {
  1: "DATABASE.SYNTAX",
  3: "DATABASE.PRIVILEGE",
  5: "DATABASE.BUSY",
  6: "DATABASE.BUSY",
  8: "DATABASE.READ_ONLY",
  9: "DATABASE.TIMEOUT",
  10: "DATABASE.DISK_FULL",
  13: "DATABASE.DISK_FULL",
  14: "DATABASE.CONNECTION",
  23: "DATABASE.PRIVILEGE",
  26: "DATABASE.NOT_A_DATABASE",
  11: "DATABASE.NOT_A_DATABASE",
};

/** What the driver threw, as one of the closed set; anything that is not SQLite's is given back as it is. */
export function translateError(error: unknown, sql: string | null): unknown {
  if (!isSqliteError(error)) return error;
  const code = extended[error.errcode] ?? primary[error.errcode & 0xff] ?? "DATABASE.OTHER";
  return databaseError(code, { reason: error.message, sql, ...violated(code, error.message) }, error);
}

/** `UNIQUE constraint failed: hero.name, hero.age` names table and columns; a check names itself. */
function violated(
  code: DatabaseErrorCode,
  message: string,
): { table?: string; columns?: string[]; constraint?: string } {
  const after = /constraint failed: (.+)$/.exec(message)?.[1];
  if (after === undefined) return {};
  if (code === "DATABASE.CHECK") return { constraint: after };
  const index = /^index '(.+)'$/.exec(after);
  if (index?.[1] !== undefined) return { constraint: index[1] };
  const columns = after.split(", ");
  const table = columns[0]?.split(".")[0];
  return table === undefined
    ? {}
    : { table, columns: columns.map((column) => column.slice(table.length + 1)) };
}

/** Whether a lock kept the statement from running, so that it may be run again once the lock is free. */
export function isLocked(error: unknown): boolean {
  if (!isSqliteError(error) || error.errcode in extended) return false;
  return (error.errcode & 0xff) === 5 || (error.errcode & 0xff) === 6;
}

/** An error of opening the file at `path`; `error` is the driver's, or what is known to be wrong. */
export function cannotOpen(path: string, error: unknown): DatabaseError {
  if (typeof error === "string") return databaseError("DATABASE.CONNECTION", { reason: `${error}: ${path}` });
  const reason = error instanceof Error ? error.message : String(error);
  return databaseError("DATABASE.CONNECTION", { reason: `${reason}: ${path}` }, error);
}
