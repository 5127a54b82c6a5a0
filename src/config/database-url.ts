import { isAbsolute, resolve } from "node:path";
import type { ConfigValues } from "./schema.ts";

/** Schemes of databases that live in a file. */
const fileScheme = /^sqlite(?:\+[\w-]+)?$/;

/**
 * The URL of the configured database: DATABASE_URL, or made from the DB_ keys. File paths count from `root`. Where
 * `fill` is set, DB_USER and DB_PASS stand in for what DATABASE_URL leaves out: a password can be kept apart from it.
 */
export function databaseUrlOf(database: ConfigValues["database"], root: string, fill = true): string {
  if (database.DATABASE_URL !== undefined && database.DATABASE_URL !== "") {
    const url = absoluteFileUrl(database.DATABASE_URL, root);
    return fill ? withCredentials(url, database) : url;
  }
  const engine = database.DB_ENGINE;
  if (fileScheme.test(engine)) return fileUrl(engine, database.DB_NAME, root);
  const port = database.DB_PORT === undefined ? "" : `:${database.DB_PORT}`;
  const credentials = credentialsOf(database.DB_USER, database.DB_PASS);
  return `${engine}://${credentials}${database.DB_HOST}${port}/${encodeURIComponent(database.DB_NAME)}`;
}

function credentialsOf(user: string, password: string): string {
  if (user === "" && password === "") return "";
  return `${encodeURIComponent(user)}${password === "" ? "" : `:${encodeURIComponent(password)}`}@`;
}

/** A server's URL with the user and password that it does not name itself. */
function withCredentials(url: string, { DB_USER, DB_PASS }: ConfigValues["database"]): string {
  const match = /^([a-z][\w+.-]*):\/\/(?:([^/?#@:]*)(:[^/?#]*)?@)?([^/?#@].*)$/i.exec(url);
  if (match === null || fileScheme.test(match[1]!)) return url;
  const [, scheme, user, password, rest] = match;
  if (password !== undefined) return url;
  if (user !== undefined && user !== "") {
    const sameUser = DB_USER === "" || DB_USER === user || encodeURIComponent(DB_USER) === user;
    return DB_PASS === "" || !sameUser ? url : `${scheme}://${user}:${encodeURIComponent(DB_PASS)}@${rest}`;
  }
  return `${scheme}://${credentialsOf(DB_USER, DB_PASS)}${rest}`;
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
  const match = /^(sqlite(?:\+[\w-]+)?):\/\/\/([^?#]+)(.*)$/.exec(url);
  if (match === null) return url;
  const [, scheme = "", path = "", rest = ""] = match;
  if (path === ":memory:" || path.startsWith("/") || /^[A-Za-z]:/.test(path)) return url;
  return `${scheme}:///${escapePath(resolve(root, decodeURIComponent(path)))}${rest}`;
}
