import { isAbsolute, resolve } from "node:path";
import type { ConfigValues } from "./schema.ts";

/** Schemes of databases that live in a file. */
const fileScheme = /^sqlite(?:\+\w+)?$/;

/** The URL of the configured database: DATABASE_URL, or made from the DB_ keys. File paths count from `root`. */
export function databaseUrlOf(database: ConfigValues["database"], root: string): string {
  if (database.DATABASE_URL !== undefined && database.DATABASE_URL !== "") {
    return absoluteFileUrl(database.DATABASE_URL, root);
  }
  const engine = database.DB_ENGINE;
  if (fileScheme.test(engine)) return fileUrl(engine, database.DB_NAME, root);
  const user = database.DB_USER === "" ? "" : encodeURIComponent(database.DB_USER);
  const password = database.DB_PASS === "" ? "" : `:${encodeURIComponent(database.DB_PASS)}`;
  const port = database.DB_PORT === undefined ? "" : `:${database.DB_PORT}`;
  const at = user === "" && password === "" ? "" : "@";
  return `${engine}://${user}${password}${at}${database.DB_HOST}${port}/${encodeURIComponent(database.DB_NAME)}`;
}

function fileUrl(scheme: string, path: string, root: string): string {
  if (path === ":memory:") return `${scheme}://`;
  return `${scheme}:///${escapePath(isAbsolute(path) ? path : resolve(root, path))}`;
}

function escapePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/").replaceAll("%3A", ":");
}

/** A file's URL with its path made absolute; any other URL as it is. */
export function absoluteFileUrl(url: string, root: string): string {
  const match = /^(sqlite(?:\+\w+)?):\/\/\/([^?#]+)(.*)$/.exec(url);
  if (match === null) return url;
  const [, scheme = "", path = "", rest = ""] = match;
  if (path === ":memory:" || path.startsWith("/") || /^[A-Za-z]:/.test(path)) return url;
  return `${scheme}:///${escapePath(resolve(root, decodeURIComponent(path)))}${rest}`;
}
