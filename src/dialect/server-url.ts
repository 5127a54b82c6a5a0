import { readFileSync } from "node:fs";
import { AthanorError } from "../errors/index.ts";
import { maskUrl } from "../util/mask-url.ts";
import { nearest } from "../util/nearest.ts";

/** The URL of a database on a server, in its parts; null is what it does not say. */
export interface ServerUrl {
  readonly user: string | null;
  readonly password: string | null;
  /** A name, an address, or where it begins with a slash the folder or file of a socket. */
  readonly host: string | null;
  readonly port: number | null;
  readonly database: string | null;
  /** What stands after the question mark, by the names the dialect knows; of repeated ones the last. */
  readonly options: ReadonlyMap<string, string>;
}

/**
 * Reads `scheme+driver://user:password@host:port/database?option=value`. Every part may be percent-encoded; a
 * password need not be, and may contain any character but a `%` that looks like an escape. `known` maps each option
 * in its every spelling to the name it goes by. Throws `DATABASE.BAD_URL`, which shows no password.
 */
export function parseServerUrl(url: string, known: Readonly<Record<string, string>>): ServerUrl {
  const rest = /^[a-z][a-z0-9]*(?:\+[\w-]+)?:\/\/(.*)$/is.exec(url)?.[1];
  if (rest === undefined) throw badUrl(url, "two slashes have to follow the scheme");
  const at = endOfUser(rest);
  const [user, password] = splitOnce(at < 0 ? "" : rest.slice(0, at), ":");
  const [address, query] = splitOnce(rest.slice(at + 1), "?");
  const [authority, database] = splitOnce(address, "/");
  return {
    user: decode(user, "user", url),
    password: decode(password, "password", url),
    ...hostAndPort(authority, url),
    database: decode(database, "database", url),
    options: readOptions(query ?? "", known, url),
  };
}

/** The URL of another database on the same server. */
export function withDatabase(url: string, database: string): string {
  const [, scheme = "", rest = ""] = /^([^:]*:\/\/)(.*)$/s.exec(url) ?? [];
  const at = endOfUser(rest) + 1;
  const [address, query] = splitOnce(rest.slice(at), "?");
  const [authority] = splitOnce(address, "/");
  return `${scheme}${rest.slice(0, at)}${authority}/${encodeURIComponent(database)}${query === null ? "" : `?${query}`}`;
}

/** A `DATABASE.BAD_URL`, its password hidden. */
export function badUrl(url: string, reason: string, cause?: unknown): AthanorError<"DATABASE.BAD_URL"> {
  return new AthanorError("DATABASE.BAD_URL", { url: maskUrl(url), reason }, { cause });
}

/** The place of the `@` that ends user and password, or -1. What looks like a host with a port is no user. */
function endOfUser(rest: string): number {
  const authorityEnd = rest.search(/[/?#]/);
  const at = rest.lastIndexOf("@", authorityEnd < 0 ? rest.length : authorityEnd);
  if (at >= 0) return at;
  if (!/^[^:/?#@]*:(?!\d*[/?#])[^@]*@/.test(rest)) return -1;
  const query = rest.search(/\?[\w-]+=/);
  return rest.lastIndexOf("@", query < 0 ? rest.length : query);
}

function splitOnce(text: string, separator: string): [before: string, after: string | null] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + separator.length)];
}

function decode(text: string | null, part: string, url: string): string | null {
  if (text === null || text === "") return null;
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw badUrl(url, `a % in its ${part} is no escape (write %25)`, cause);
  }
}

function hostAndPort(authority: string, url: string): { host: string | null; port: number | null } {
  const match = /^(?:\[([^\]]*)\]|([^:,[\]]*))(?::(\d*))?$/.exec(authority);
  if (match === null) {
    const reason = authority.includes(",")
      ? "it names several hosts; one is tried"
      : "host and port are written host:port, an IPv6 address [::1]:port";
    throw badUrl(url, reason);
  }
  const host = decode(match[1] ?? match[2] ?? null, "host", url);
  return { host, port: readPort(match[3] ?? "", url) };
}

/** A port as a URL writes it; null where it is empty. */
export function readPort(text: string, url: string): number | null {
  if (text === "") return null;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw badUrl(url, `"${text}" is no port`);
  return port;
}

function readOptions(
  query: string,
  known: Readonly<Record<string, string>>,
  url: string,
): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query.split("#", 1)[0])) {
    const canonical = Object.hasOwn(known, name) ? known[name] : undefined;
    if (canonical === undefined) throw badUrl(url, unknownOption(name, Object.keys(known)));
    options.set(canonical, value);
  }
  return options;
}

function unknownOption(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === null
    ? `"${name}" is no option; known are ${known.join(", ")}`
    : `"${name}" is no option; did you mean "${near}"?`;
}

/** Whether an option is on. Throws `DATABASE.BAD_URL` where it is neither on nor off. */
export function readSwitch(name: string, value: string, url: string): boolean {
  if (/^(?:1|true|yes|on|)$/i.test(value)) return true;
  if (/^(?:0|false|no|off)$/i.test(value)) return false;
  throw badUrl(url, `"${name}" is true or false, not "${value}"`);
}

/** A whole number, zero or more. Throws `DATABASE.BAD_URL` where an option is none. */
export function readCount(name: string, value: string, url: string): number {
  if (!/^\d{1,9}$/.test(value)) throw badUrl(url, `"${name}" is a whole number, not "${value}"`);
  return Number(value);
}

/** One of `words`, whatever the case. Throws `DATABASE.BAD_URL` where an option is none of them. */
export function readWord<W extends string>(name: string, value: string, words: readonly W[], url: string): W {
  const found = words.find((word) => word.toLowerCase() === value.toLowerCase());
  if (found === undefined) throw badUrl(url, `"${name}" is one of ${words.join(", ")}, not "${value}"`);
  return found;
}

/** The text of a certificate or key that an option names. Throws `DATABASE.BAD_URL` where it cannot be read. */
export function readPemFile(name: string, path: string, url: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw badUrl(url, `the file that "${name}" names cannot be read: ${why}`, cause);
  }
}

/** How a connection is encrypted; null is not at all. */
export interface Encryption {
  /** A server that cannot is spoken to in the clear. */
  readonly optional: boolean;
  /** The certificate is checked: not at all, for who signed it, or for the name of the host as well. */
  readonly verify: "none" | "signer" | "host";
  /** PEM texts; null is what Node has, or none. */
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

/** Where a connection goes, for messages; null where the URL leaves it to the driver. */
export interface Destination {
  readonly host: string;
  readonly port: number;
  readonly user: string | null;
  readonly database: string | null;
  /** What lets the user into the database, where that is what is missing. */
  readonly grant?: string | null;
}

/** How a destination is called: `127.0.0.1:5432`, or the path of a socket. */
export function placeOf({ host, port }: Destination): string {
  if (host.startsWith("/")) return `the socket ${host}`;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What kept a connection from being made. */
export type ConnectFailure =
  | "refused"
  | "unknown host"
  | "unreachable"
  | "denied"
  | "not allowed"
  | "no database"
  | "no tls";

/** What went wrong and what helps, in words; `words` are the server's or the system's own. */
export function connectReason(failure: ConnectFailure, to: Destination, words: string): string {
  const place = placeOf(to);
  const user = to.user === null ? "the user" : `the user "${to.user}"`;
  const said: Readonly<Record<ConnectFailure, string>> = {
    refused: `no server listens at ${place}; start it, or correct host and port`,
    "unknown host": `no host is called "${to.host}"; correct the host`,
    unreachable: `the server at ${place} does not answer; check host, port and firewall`,
    denied: `the server at ${place} does not let ${user} in; correct user or password, or create the user`,
    "not allowed": `the server at ${place} does not let ${user} into the database "${to.database ?? ""}"; have an administrator ${(to.grant ?? null) === null ? "grant it" : `run ${to.grant}`}`,
    "no database": `the server at ${place} has no database "${to.database ?? ""}"; create it, or correct its name`,
    "no tls": `the server at ${place} and the URL do not agree on encryption; change that option of the URL`,
  };
  return `${said[failure]} (${words})`;
}

/** Codes of the system's errors of making a connection. */
const systemFailures: Readonly<Record<string, ConnectFailure>> = {
  ECONNREFUSED: "refused",
  ENOENT: "refused",
  ENOTFOUND: "unknown host",
  EAI_AGAIN: "unknown host",
  ETIMEDOUT: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
};

/** What the system says kept a connection from being made; null where it was something else. */
export function systemFailure(error: unknown): ConnectFailure | null {
  if (!(error instanceof Error && "code" in error)) return null;
  return systemFailures[String(error.code)] ?? null;
}

/** An error's words; of several attempts, those of each. */
export function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
