import { AthanorError } from "../../errors/index.ts";

/** Node's built-in SQLite, or the package `better-sqlite3`. */
export type SqliteDriver = "node:sqlite" | "better-sqlite3";

/** Which file a URL means, and how it is opened. */
export interface SqliteLocation {
  readonly driver: SqliteDriver;
  /** A path, relative to the working directory where it is not absolute; null is in memory. */
  readonly path: string | null;
  readonly readOnly: boolean;
  /** A missing file is an error rather than made. */
  readonly mustExist: boolean;
}

const modes: readonly (string | null)[] = [null, "ro", "rw", "rwc", "memory"];

/**
 * Reads a URL as SQLAlchemy's users write it: `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite://` and
 * `sqlite:///:memory:` in memory, `?mode=ro` for reading only, `?mode=rw` where the file must exist.
 * `sqlite+better-sqlite3://` is opened with that package, any other driver's name with Node's own. Throws
 * `DATABASE.BAD_URL`.
 */
export function parseSqliteUrl(url: string): SqliteLocation {
  const match = /^sqlite(?:\+([\w-]+))?:(?:\/\/(\/)?)?([^?#]*)(?:\?([^#]*))?$/.exec(url);
  if (match === null) throw new AthanorError("DATABASE.BAD_URL", { url, reason: "it has no path" });
  const [, driver, slash, rest = "", query = ""] = match;
  if (/^[^:]*:\/\//.test(url) && slash === undefined && rest !== "") {
    throw new AthanorError("DATABASE.BAD_URL", { url, reason: "a file needs three slashes" });
  }
  const mode = readMode(query, url);
  const path = decode(rest, url);
  const memory = path === "" || path === ":memory:" || mode === "memory";
  return {
    driver: driver === "better-sqlite3" ? "better-sqlite3" : "node:sqlite",
    path: memory ? null : path,
    readOnly: mode === "ro",
    mustExist: mode === "ro" || mode === "rw",
  };
}

function readMode(query: string, url: string): string | null {
  const parameters = new URLSearchParams(query);
  const stranger = [...parameters.keys()].find((key) => key !== "mode");
  const mode = parameters.get("mode");
  const reason =
    stranger !== undefined
      ? `"${stranger}" is no parameter; "mode" is`
      : modes.includes(mode)
        ? null
        : `"${mode}" is no mode; ro, rw, rwc and memory are`;
  if (reason !== null) throw new AthanorError("DATABASE.BAD_URL", { url, reason });
  return mode;
}

function decode(path: string, url: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new AthanorError(
      "DATABASE.BAD_URL",
      { url, reason: "a % in it is no escape (write %25)" },
      { cause },
    );
  }
}
