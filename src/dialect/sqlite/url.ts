import { AthanorError } from "../../errors/index.ts";

/** Which file a URL means, and how it is opened. */
export interface SqliteLocation {
  /** A path, relative to the working directory where it is not absolute; null is in memory. */
  readonly path: string | null;
  readonly readOnly: boolean;
}

/**
 * Reads a URL as SQLAlchemy's users write it: `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite://` and
 * `sqlite:///:memory:` in memory, `?mode=ro` for reading only. Throws `DATABASE.BAD_URL`.
 */
export function parseSqliteUrl(url: string): SqliteLocation {
  const match = /^sqlite(?:\+\w+)?:(?:\/\/(\/)?)?([^?#]*)(?:\?([^#]*))?$/.exec(url);
  if (match === null) throw new AthanorError("DATABASE.BAD_URL", { url, reason: "it has no path" });
  const [, slash, rest = "", query = ""] = match;
  if (url.startsWith("sqlite://") && slash === undefined && rest !== "") {
    throw new AthanorError("DATABASE.BAD_URL", { url, reason: "a file needs three slashes" });
  }
  const mode = new URLSearchParams(query).get("mode");
  const path = decode(rest, url);
  const memory = path === "" || path === ":memory:" || mode === "memory";
  return { path: memory ? null : path, readOnly: mode === "ro" };
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
