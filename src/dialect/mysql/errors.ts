import { AthanorError } from "../../errors/index.ts";
import { type DatabaseError, type DatabaseErrorCode, databaseError } from "../errors.ts";
import {
  type ConnectFailure,
  connectReason,
  type Destination,
  placeOf,
  systemFailure,
  wordsOf,
} from "../server-url.ts";
import { type Account, missingGrant } from "./grants.ts";

/**
 * An error as the driver hands it on: `errno` is the server's number, negative where the system's; numbers that the
 * driver does not know come without a `code`.
 */
interface DriverError extends Error {
  readonly code?: string;
  readonly errno?: number;
  readonly sqlState?: string;
}

function isDriverError(error: unknown): error is DriverError {
  if (!(error instanceof Error)) return false;
  if (isFatal(error)) return true;
  if (!("code" in error)) return false;
  return typeof error.code === "string" || ("errno" in error && typeof error.errno === "number");
}

/**
 * Numbers of server errors that have a code of their own
 * (https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html and
 * https://mariadb.com/kb/en/mariadb-error-code-reference/; those from 4000 on differ between the two).
 */
const numbers: Readonly<Record<DatabaseErrorCode, readonly number[]>> = {
  // 1834 speaks of rows to be deleted: what ALTER TABLE says of duplicates in a table that others refer to.
  "DATABASE.UNIQUE": [1022, 1062, 1169, 1586, 1834, 1859],
  "DATABASE.FOREIGN_KEY": [1216, 1217, 1451, 1452, 1761, 1762],
  "DATABASE.NOT_NULL": [1048, 1138, 1263, 1364],
  "DATABASE.CHECK": [3819, 4025],
  "DATABASE.SERIALIZATION": [1020],
  "DATABASE.DEADLOCK": [1213, 1614],
  "DATABASE.BUSY": [1205, 1689, 3572],
  "DATABASE.TIMEOUT": [1317, 1907, 1969, 3024],
  "DATABASE.CONNECTION": [
    1040, 1042, 1043, 1045, 1047, 1053, 1080, 1129, 1130, 1152, 1153, 1154, 1156, 1158, 1159, 1160, 1161,
    1184, 1203, 1226, 1251, 1698, 1820, 1862, 1927, 3118, 3159, 4031, 4151,
  ],
  "DATABASE.READ_ONLY": [1036, 1792, 1836, 3707],
  "DATABASE.NOT_A_DATABASE": [],
  "DATABASE.DISK_FULL": [1021, 1026, 1114],
  "DATABASE.SYNTAX": [],
  "DATABASE.DATA": [1264, 1265, 1366, 1367, 1406, 3140],
  "DATABASE.NO_ROLE": [],
  "DATABASE.PRIVILEGE": [1044, 1095, 1141, 1142, 1143, 1227, 1370, 1410, 1419, 1449],
  "DATABASE.OTHER": [],
};

const codes: ReadonlyMap<number, DatabaseErrorCode> = new Map(
  Object.entries(numbers).flatMap(([code, all]) => all.map((n) => [n, code as DatabaseErrorCode] as const)),
);

/** What the driver threw, as one of the closed set; anything that is not the driver's is given back as it is. */
export function translateError(error: unknown, sql: string | null): unknown {
  if (!isDriverError(error)) return error;
  const code = codeOf(error, sql);
  if (code === null) return error;
  const found = violated(error);
  const ofOneTable = code === "DATABASE.UNIQUE" || code === "DATABASE.NOT_NULL";
  const table = found.table ?? (ofOneTable ? writtenTable(sql) : null);
  return databaseError(code, { reason: reasonOf(error), sql, ...found, table }, error);
}

/** The server's words, without what a row holds: the cause has them as they are. */
function reasonOf(error: Error): string {
  return wordsOf(error).replace(/^Duplicate entry '.*' for key /s, "Duplicate entry for key ");
}

/** The table that an INSERT or UPDATE writes: its keys and columns are meant where an error names no table. */
function writtenTable(sql: string | null): string | null {
  const [, quoted, plain] = written.exec(sql ?? "") ?? [];
  return quoted === undefined ? (plain ?? null) : unquote(quoted);
}

/** Whether the driver can do no more on this connection; it may say so without a code. */
function isFatal(error: Error): boolean {
  return "fatal" in error && error.fatal === true;
}

function codeOf(error: DriverError, sql: string | null): DatabaseErrorCode | null {
  const { errno = 0, sqlState = "", message } = error;
  if (errno <= 0) return clientCode(error); // a code of the driver's, or a negative one of the system's
  // A server in read-only mode and one that forbids files report the same number.
  if (errno === 1290) return /read-only/i.test(message) ? "DATABASE.READ_ONLY" : "DATABASE.PRIVILEGE";
  if ((errno === 1044 || errno === 1049) && sql === null) return "DATABASE.CONNECTION";
  if (namesTheSystem(errno) && noSpace.test(message)) return "DATABASE.DISK_FULL";
  return codes.get(errno) ?? stateCode(sqlState);
}

/** The system's number for "no space left on device", and the storage engines' for a file that cannot grow. */
const noSpace = /\b(?:error|errno|errcode):? (?:28|135)\b/i;

/** Errors that the system's own number follows: of files (below 120), of making things, of the storage engine. */
function namesTheSystem(errno: number): boolean {
  return errno < 120 || [1004, 1005, 1006, 1030].includes(errno);
}

function stateCode(state: string): DatabaseErrorCode {
  if (state.startsWith("08")) return "DATABASE.CONNECTION";
  if (state === "40001") return "DATABASE.SERIALIZATION";
  if (state.startsWith("22")) return "DATABASE.DATA";
  return state.startsWith("42") || state.startsWith("21") ? "DATABASE.SYNTAX" : "DATABASE.OTHER";
}

const lost: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "EPIPE",
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_ERROR",
  "PROTOCOL_PACKETS_OUT_OF_ORDER",
  "PROTOCOL_UNEXPECTED_PACKET",
  "PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR",
  "HANDSHAKE_NO_SSL_SUPPORT",
  "HANDSHAKE_SSL_ERROR",
  "HANDSHAKE_UNKNOWN_ERROR",
]);

/** Errors of the driver itself and of the system below it; null for what is neither. */
function clientCode(error: DriverError): DatabaseErrorCode | null {
  if (error.code === "PROTOCOL_SEQUENCE_TIMEOUT") return "DATABASE.TIMEOUT";
  const isLost = lost.has(error.code ?? "") || systemFailure(error) !== null || isFatal(error);
  return isLost ? "DATABASE.CONNECTION" : null;
}

/** What a violation names: the servers put it into words only. */
interface Violated {
  readonly constraint?: string;
  readonly table?: string;
  readonly columns?: readonly string[];
  readonly values?: readonly string[];
}

const name = "`((?:[^`]|``)+)`";
const written = new RegExp(
  `^\\s*(?:insert\\s+(?:ignore\\s+)?into|replace\\s+into|update)\\s+(?:\\S+\\.)?(?:${name}|(\\w+))`,
  "i",
);
// Newer servers do not double a backtick within a name here.
const foreignKey = /\(`(.+?)`\.`(.+?)`, CONSTRAINT `(.+?)` FOREIGN KEY \(`(.+?)`\) REFERENCES `/s;
const mariadbCheck = new RegExp(`CONSTRAINT ${name} failed for ${name}\\.${name}`);

function violated({ errno, message }: DriverError): Violated {
  switch (errno) {
    case 1062:
    case 1586:
      return duplicateKey(message);
    case 1451:
    case 1452: {
      const [, , table, constraint, columns] = foreignKey.exec(message) ?? [];
      if (table === undefined || constraint === undefined || columns === undefined) return {};
      const all = columns.split("`, `").map(unquote);
      return { table: unquote(table), constraint: unquote(constraint), columns: all };
    }
    case 1048:
    case 1263:
    case 1364: {
      const column = /(?:Column|Field|column) '(.+?)'/.exec(message)?.[1];
      return column === undefined ? {} : { columns: [column] };
    }
    case 3819: {
      const constraint = /constraint '(.+)' is violated/i.exec(message)?.[1];
      return constraint === undefined ? {} : { constraint };
    }
    case 4025: {
      const [, constraint, , table] = mariadbCheck.exec(message) ?? [];
      if (constraint === undefined || table === undefined) return {};
      return { constraint: unquote(constraint), table: unquote(table) };
    }
    default:
      return {};
  }
}

/** `for key 'uq_hero_name'`; MySQL puts the table before it: `for key 'hero.uq_hero_name'`. */
function duplicateKey(message: string): Violated {
  const key = /^.*for key '(.+)'$/s.exec(message)?.[1];
  if (key === undefined) return {};
  const dot = key.indexOf(".");
  const entry = /^Duplicate entry '(.*)' for key /s.exec(message)?.[1];
  const values = entry === undefined ? {} : { values: [entry] }; // of several columns all in one text
  if (dot < 0) return { constraint: key, ...values };
  return { table: key.slice(0, dot), constraint: key.slice(dot + 1), ...values };
}

function unquote(quoted: string): string {
  return quoted.replaceAll("``", "`");
}

/** An error of making a connection: where it should have gone, and what helps. */
export function connectError(error: unknown, to: Destination): unknown {
  const failure = systemFailure(error) ?? serverFailure(error);
  const words = wordsOf(error);
  if (failure !== null) {
    const grant = failure === "not allowed" ? missingGrant(words, null, accountIn(words, to)) : null;
    return databaseError(
      "DATABASE.CONNECTION",
      { reason: connectReason(failure, { ...to, grant }, words) },
      error,
    );
  }
  if (!isDriverError(error) || error instanceof AthanorError) return error;
  return databaseError("DATABASE.CONNECTION", { reason: `${words} (at ${placeOf(to)})` }, error);
}

function serverFailure(error: unknown): ConnectFailure | null {
  if (!isDriverError(error)) return null;
  if (error.code === "HANDSHAKE_NO_SSL_SUPPORT" || error.code === "HANDSHAKE_SSL_ERROR") return "no tls";
  if (error.errno === 3159) return "no tls";
  if (error.errno === 1049) return "no database";
  if (error.errno === 1044) return "not allowed";
  return [1045, 1130, 1698].includes(error.errno ?? 0) ? "denied" : null;
}

/** The account that the server names when it keeps somebody out of a database. */
function accountIn(words: string, { user, database }: Destination): Account {
  return { name: /'[^']*'@'[^']*'/.exec(words)?.[0] ?? `'${user ?? ""}'`, database };
}

/** The error with what an administrator would type to allow what was refused. */
export function withGrant(
  error: DatabaseError<"DATABASE.PRIVILEGE">,
  account: Account,
): DatabaseError<"DATABASE.PRIVILEGE"> {
  const { fields, cause } = error;
  const grant = missingGrant(wordsOf(cause), fields.sql, account);
  return databaseError("DATABASE.PRIVILEGE", { ...fields, grant }, cause);
}

/** Whether the connection can do no more. */
export function isBroken(error: unknown): boolean {
  if (!isDriverError(error)) return false;
  return isFatal(error) || clientCode(error) !== null || error.errno === 1927;
}
