import type { ExecuteValues, FieldPacket, PoolConnection, ResultSetHeader, TypedParameter } from "mysql2";
import type { ConnectOptions, DriverValue, Result } from "../connection.ts";
import { textOfInstant } from "./codec.ts";
import { quoteString } from "./quote.ts";
import { RowStream } from "./row-stream.ts";

/** What of the driver a session needs beside a connection. */
export interface DriverParts {
  /** Parameters of a given type; versions of the driver before 3.17 have none. */
  readonly types: TypedParameter | undefined;
}

/** A result, and whether the server says that a transaction is open; null where it says nothing. */
export interface SessionResult extends Result {
  readonly inTransaction: boolean | null;
}

/** `SERVER_STATUS_IN_TRANS` of an OK packet. */
const inTransactionFlag = 1;
const longlong = 8;
const mostSigned = 2n ** 63n - 1n;

/**
 * Statements that are worth preparing. Their rows come in binary form, in which floats are whole: as text they are
 * rounded to six digits.
 */
const preparable = /^[\s(]*(?:select|with|insert|update|delete|replace|values)\b/i;
/** Statements after which a prepared one may mean something else. */
const definition = /^\s*(?:create|alter|drop|rename)\b/i;
const writing = /^\s*(?:insert|update|delete|replace)\b/i;

/** One connection of the driver. Throws what the driver throws. */
export class MysqlSession {
  readonly client: PoolConnection;
  readonly #parts: DriverParts;
  /** What was prepared since definitions last changed. */
  readonly #prepared = new Set<string>();

  constructor(client: PoolConnection, parts: DriverParts) {
    this.client = client;
    this.#parts = parts;
  }

  /** Runs one statement. */
  run(sql: string, params: readonly DriverValue[]): Promise<SessionResult> {
    return new Promise((resolve, reject) => {
      const done = (error: unknown, result: unknown, fields: unknown): void => {
        if (definition.test(sql)) this.#forget();
        if (error !== null && error !== undefined) reject(error as Error);
        else resolve(readResult(sql, result, fields));
      };
      if (params.length > 0 || preparable.test(sql)) {
        if (params.length > 0) this.#prepared.add(sql);
        this.client.execute(sql, this.#bind(params), done);
      } else this.client.query(sql, done);
    });
  }

  /** MySQL takes the parameters of a statement that it prepares anew for what they were in the table of before. */
  #forget(): void {
    for (const sql of this.#prepared) this.client.unprepare(sql);
    this.#prepared.clear();
  }

  /** Runs a query whose rows are read as they come. */
  stream(sql: string, params: readonly DriverValue[]): RowStream {
    return new RowStream(this.client, this.client.execute(sql, this.#bind(params)));
  }

  /** Integers go as integers: the driver would make doubles of them, and texts of those beyond 2^53. */
  #bind(params: readonly DriverValue[]): ExecuteValues {
    const { types } = this.#parts;
    return params.map((value) => {
      if (typeof value === "bigint" || Number.isSafeInteger(value)) {
        if (types === undefined) return typeof value === "bigint" ? String(value) : (value as number);
        const make = (value as number | bigint) > mostSigned ? types.LONGLONG.unsigned : types.LONGLONG;
        return make(value as number | bigint);
      }
      if (value instanceof Date) return textOfInstant(value);
      if (value instanceof Uint8Array) return Buffer.isBuffer(value) ? value : Buffer.from(value);
      return (value ?? null) as string;
    });
  }
}

function readResult(sql: string, result: unknown, fields: unknown): SessionResult {
  const last = lastResult(result, fields);
  if (last.fields === undefined) return readHeader(last.result as ResultSetHeader);
  const rows = last.result as DriverValue[][];
  wholeIntegers(rows, last.fields);
  return {
    columns: last.fields.map((field) => field.name),
    rows,
    changes: writing.test(sql) ? rows.length : 0,
    lastInsertId: null,
    inTransaction: null,
  };
}

/** A procedure gives the results of all its queries and a header at the end; the last that has rows counts. */
function lastResult(
  result: unknown,
  fields: unknown,
): { result: unknown; fields: readonly FieldPacket[] | undefined } {
  const all = fields as readonly (readonly FieldPacket[] | FieldPacket | undefined)[] | undefined;
  const isOne = all === undefined || all.every((field) => field !== undefined && !Array.isArray(field));
  if (isOne && all?.length !== 0) return { result, fields: all as readonly FieldPacket[] | undefined };
  const at = (all ?? []).findLastIndex((field) => Array.isArray(field));
  const results = result as readonly unknown[];
  if (at < 0) return { result: results.at(-1), fields: undefined };
  return { result: results[at], fields: (all ?? [])[at] as readonly FieldPacket[] };
}

function readHeader(header: ResultSetHeader): SessionResult {
  const { affectedRows, insertId, serverStatus } = header;
  return {
    columns: [],
    rows: [],
    changes: affectedRows,
    // Of several rows the server gives the number of the first.
    lastInsertId: insertId === 0 || affectedRows !== 1 ? null : wholeInteger(insertId),
    inTransaction: (serverStatus & inTransactionFlag) !== 0,
  };
}

function wholeInteger(value: number | string): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

/** The driver gives integers beyond 2^53 as texts: they become bigints, in place. */
export function wholeIntegers(rows: readonly DriverValue[][], fields: readonly FieldPacket[]): void {
  for (const [at, field] of fields.entries()) {
    if (field.columnType !== longlong) continue;
    for (const row of rows) if (typeof row[at] === "string") row[at] = BigInt(row[at]);
  }
}

/** Modes of SQL in which quotes, backslashes and types mean something else than they do here. */
const foreignModes: ReadonlySet<string> = new Set(
  (
    "ANSI ANSI_QUOTES NO_BACKSLASH_ESCAPES ORACLE MSSQL DB2 MAXDB POSTGRESQL MYSQL323 MYSQL40 IGNORE_SPACE " +
    "PAD_CHAR_TO_FULL_LENGTH REAL_AS_FLOAT"
  ).split(" "),
);
/** Modes without which values that do not fit are cut, and tables made with another engine than was asked for. */
const neededModes = ["STRICT_TRANS_TABLES", "NO_ENGINE_SUBSTITUTION"];

/**
 * Makes a session what this dialect counts on: UTC, utf8mb4, values that do not fit refused rather than cut, nothing
 * cut by GROUP_CONCAT, and patience with whoever reads a stream slowly.
 */
export async function prepareSession(
  session: MysqlSession,
  collation: string | null,
  options: ConnectOptions,
): Promise<void> {
  const { rows } = await session.run("SELECT @@sql_mode, @@collation_database", []);
  const [modes, ofDatabase] = (rows[0] ?? []).map(String);
  const kept = (modes ?? "").split(",").filter((mode) => mode !== "" && !foreignModes.has(mode));
  const all = [...new Set([...kept, ...neededModes])];
  // What is compared with no column has the collation of the database's columns, so that the two do not clash.
  const wanted = collation ?? (ofDatabase?.startsWith("utf8mb4_") ? ofDatabase : null);
  const names = `NAMES utf8mb4${wanted === null ? "" : ` COLLATE ${quoteString(wanted)}`}`;
  const settings = [
    names,
    "SESSION time_zone = '+00:00'",
    `SESSION sql_mode = ${quoteString(all.join(","))}`,
    "SESSION group_concat_max_len = 1073741824",
    "SESSION net_write_timeout = 600",
    ...lockSettings(options.busyTimeout),
  ];
  await session.run(`SET ${settings.join(", ")}`, []);
  if (options.readOnly === true) await session.run("SET SESSION TRANSACTION READ ONLY", []);
}

/** Rows and tables have waiting times of their own, in whole seconds. */
function lockSettings(busyTimeout: number | undefined): readonly string[] {
  if (busyTimeout === undefined) return [];
  const seconds = Math.max(1, Math.ceil(busyTimeout / 1000));
  return [`SESSION innodb_lock_wait_timeout = ${seconds}`, `SESSION lock_wait_timeout = ${seconds}`];
}
