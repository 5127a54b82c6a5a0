/** What is known of a statement that failed. */
export interface StatementFields {
  /** The database's own words. */
  readonly reason: string;
  readonly sql: string | null;
  readonly constraint: string | null;
  readonly table: string | null;
  readonly columns: readonly string[];
  /**
   * Of a violated unique key, the values that were there already, in the order of `columns`: a Session gives the
   * model's own, a connection the database's text. Empty where nobody knows. They are in no message of ours, no JSON
   * and no log.
   */
  readonly values: readonly unknown[];
}

/** A statement that the user may not run, or that somebody unknown is to be allowed something by. */
export interface PrivilegeFields extends StatementFields {
  /** What an administrator types so that it goes; null where the database does not say. */
  readonly grant?: string | null;
}

const where = (f: StatementFields): string => (f.sql === null ? "" : `\n  in: ${f.sql}`);
const of = (f: StatementFields): string => {
  const columns = f.columns.length === 0 ? "" : ` (${f.columns.join(", ")})`;
  return f.table === null ? "" : ` of table "${f.table}"${columns}`;
};

/** Errors that a database reports. One closed set for all of them. */
export const databaseErrors = {
  "DATABASE.UNIQUE": {
    exit: 3 as const,
    message: (f: StatementFields): string =>
      `A unique constraint${of(f)} is violated: ${f.reason}${where(f)}`,
    remedy: (_: StatementFields): string =>
      "A row with this key exists already: change the value, or update that row.",
  },
  "DATABASE.FOREIGN_KEY": {
    exit: 3 as const,
    message: (f: StatementFields): string => `A foreign key${of(f)} is violated: ${f.reason}${where(f)}`,
    remedy: (_: StatementFields): string =>
      "The row that is referenced has to exist, and rows that reference one have to go before it does.",
  },
  "DATABASE.NOT_NULL": {
    exit: 3 as const,
    message: (f: StatementFields): string => `A value is missing${of(f)}: ${f.reason}${where(f)}`,
    remedy: (_: StatementFields): string => "Give the column a value or a default, or make it nullable.",
  },
  "DATABASE.CHECK": {
    exit: 3 as const,
    message: (f: StatementFields): string => `A check${of(f)} is violated: ${f.reason}${where(f)}`,
    remedy: (f: StatementFields): string => `The row has to satisfy ${f.constraint ?? "the check"}.`,
  },
  "DATABASE.SERIALIZATION": {
    exit: 3 as const,
    message: (f: StatementFields): string =>
      `Another transaction changed the same rows: ${f.reason}${where(f)}`,
    remedy: (_: StatementFields): string => "Run the transaction again.",
  },
  "DATABASE.DEADLOCK": {
    exit: 3 as const,
    message: (f: StatementFields): string => `Two transactions waited for each other: ${f.reason}${where(f)}`,
    remedy: (_: StatementFields): string => "Run the transaction again; lock rows in one order everywhere.",
  },
  "DATABASE.BUSY": {
    exit: 3 as const,
    message: (f: StatementFields): string =>
      `The database is locked by somebody else: ${f.reason}${where(f)}`,
    remedy: (_: StatementFields): string =>
      "Try again, wait longer for the lock, or end the transaction that holds it.",
  },
  "DATABASE.TIMEOUT": {
    exit: 3 as const,
    message: (f: StatementFields): string => `The statement took too long: ${f.reason}${where(f)}`,
    remedy: (_: StatementFields): string => "Raise the time limit, or make the statement touch fewer rows.",
  },
  "DATABASE.CONNECTION": {
    exit: 3 as const,
    message: (f: StatementFields): string => `The database cannot be reached: ${f.reason}`,
    remedy: (_: StatementFields): string =>
      "Check the URL, that the server runs, and that it lets this user in; of a pool, that Sessions are closed in time.",
  },
  "DATABASE.READ_ONLY": {
    exit: 3 as const,
    message: (f: StatementFields): string => `The database cannot be written: ${f.reason}${where(f)}`,
    remedy: (_: StatementFields): string =>
      "Make the file and its folder writable, or open it without read-only mode.",
  },
  "DATABASE.NOT_A_DATABASE": {
    exit: 3 as const,
    message: (f: StatementFields): string => `The file is not a database: ${f.reason}`,
    remedy: (_: StatementFields): string => "Check the path in the URL. The file has been left as it was.",
  },
  "DATABASE.DISK_FULL": {
    exit: 3 as const,
    message: (f: StatementFields): string =>
      `The disk is full, or the file cannot be written: ${f.reason}${where(f)}`,
    remedy: (_: StatementFields): string =>
      "Free some room and run the command again; what was begun has been rolled back.",
  },
  "DATABASE.SYNTAX": {
    exit: 3 as const,
    message: (f: StatementFields): string =>
      `The database does not understand the statement: ${f.reason}${where(f)}`,
    remedy: (_: StatementFields): string => "Check the SQL, and that the names in it exist.",
  },
  "DATABASE.DATA": {
    exit: 3 as const,
    message: (f: StatementFields): string => `A value does not fit: ${f.reason}${where(f)}`,
    remedy: (_: StatementFields): string =>
      "Correct the value, or say how it is to be converted (`using`, `values`).",
  },
  "DATABASE.PRIVILEGE": {
    exit: 3 as const,
    message: (f: PrivilegeFields): string => `The user may not do this: ${f.reason}${where(f)}`,
    remedy: (f: PrivilegeFields): string =>
      (f.grant ?? null) === null
        ? "Grant the privilege, or connect as a user who has it."
        : `Have an administrator run: ${f.grant}`,
  },
  "DATABASE.NO_ROLE": {
    exit: 3 as const,
    message: (f: PrivilegeFields): string => `A role is not there: ${f.reason}${where(f)}`,
    remedy: (f: PrivilegeFields): string =>
      `Roles belong to the server, and no migration makes one. Have an administrator run: ${f.grant ?? "CREATE ROLE …"}`,
  },
  "DATABASE.OTHER": {
    exit: 3 as const,
    message: (f: StatementFields): string => `The database refused: ${f.reason}${where(f)}`,
    remedy: (_: StatementFields): string =>
      "The message is the database's own; its documentation says what it means.",
  },
  "DATABASE.UNKNOWN_SCHEME": {
    exit: 2 as const,
    message: (f: { readonly scheme: string; readonly known: readonly string[] }): string =>
      `No dialect serves URLs that begin with "${f.scheme}:".`,
    remedy: (f: { readonly scheme: string; readonly known: readonly string[] }): string =>
      `Known are: ${f.known.map((scheme) => `${scheme}://`).join(", ")}.`,
  },
  "DATABASE.BAD_URL": {
    exit: 2 as const,
    message: (f: { readonly url: string; readonly reason: string }): string =>
      `"${f.url}" is not a database URL: ${f.reason}.`,
    remedy: (f: { readonly url: string; readonly reason: string }): string =>
      /^(?:sqlite|pglite)\b/i.test(f.url)
        ? "Write it like sqlite:///app.db (relative), sqlite:////srv/app.db (absolute) or sqlite:// (in memory)."
        : "Write it like scheme://user:password@host:port/database?option=value, special characters as %40, %2F …",
  },
  "DATABASE.CLOSED": {
    exit: 3 as const,
    message: (_: { readonly what: string }): string => `The ${_.what} is closed.`,
    remedy: (_: { readonly what: string }): string => "Open a new one; what was closed cannot be used again.",
  },
  "DATABASE.DRIVER_MISSING": {
    exit: 2 as const,
    message: (f: { readonly driver: string }): string => `The driver "${f.driver}" is not installed.`,
    remedy: (f: { readonly driver: string }): string => `npm install ${f.driver}`,
  },
  "DATABASE.TOO_OLD": {
    exit: 3 as const,
    message: (f: { readonly server: string; readonly oldest: string }): string =>
      `The server is ${f.server}; schemas are read and changed on ${f.oldest} and newer.`,
    remedy: (_: { readonly server: string; readonly oldest: string }): string =>
      "Upgrade the server. Nothing was changed.",
  },
  "DATABASE.BAD_VALUE": {
    exit: 3 as const,
    message: (f: { readonly type: string; readonly reason: string }): string =>
      `A value does not fit a column of type ${f.type}: ${f.reason}.`,
    remedy: (_: { readonly type: string; readonly reason: string }): string =>
      "Give a value that the column can hold whole; this one would not be the same when read back.",
  },
};
