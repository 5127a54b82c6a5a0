import {
  badUrl,
  type Encryption,
  parseServerUrl,
  readCount,
  readPemFile,
  readPort,
  readSwitch,
  readWord,
} from "../server-url.ts";
import { quoteName } from "./quote.ts";

/** What a URL says of a connection; null is left to the driver, which asks the environment (`PGHOST`, `PGUSER` …). */
export interface PostgresqlLocation {
  /** A host, or the folder of a Unix socket, which begins with a slash. */
  readonly host: string | null;
  readonly port: number | null;
  readonly user: string | null;
  readonly password: string | null;
  readonly database: string | null;
  /** How the server calls this program. */
  readonly applicationName: string | null;
  /** In milliseconds. */
  readonly connectTimeout: number | null;
  /** Command-line options for the server's process, like `-c work_mem=64MB`. */
  readonly options: string | null;
  /** Settings of the session, by name. */
  readonly settings: ReadonlyMap<string, string>;
  readonly poolSize: number | null;
  /** Undefined leaves it to the environment. */
  readonly encryption: Encryption | null | undefined;
  /** TLS from the first byte, for servers from 17 on. */
  readonly directTls: boolean;
  readonly channelBinding: boolean;
  /** Statements are kept prepared; a pooler that shares sessions between clients cannot have that. */
  readonly prepare: boolean;
}

/** Options of libpq, of drivers in Python and JavaScript, and of Prisma, by the names they go by. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  sslmode: ["sslmode"],
  ssl: ["ssl"],
  sslrootcert: ["sslrootcert", "sslca"],
  sslcert: ["sslcert"],
  sslkey: ["sslkey"],
  sslnegotiation: ["sslnegotiation"],
  channel_binding: ["channel_binding"],
  host: ["host"],
  port: ["port"],
  user: ["user"],
  password: ["password"],
  dbname: ["dbname", "database"],
  application_name: ["application_name", "fallback_application_name"],
  connect_timeout: ["connect_timeout"],
  options: ["options"],
  search_path: ["search_path"],
  schema: ["schema"],
  statement_timeout: ["statement_timeout"],
  lock_timeout: ["lock_timeout"],
  idle_in_transaction_session_timeout: ["idle_in_transaction_session_timeout"],
  client_encoding: ["client_encoding"],
  poolSize: ["connection_limit", "pool_size"],
  pgbouncer: ["pgbouncer"],
  prepared_statements: ["prepared_statements"],
  // What the driver does not have and nobody misses.
  ignored: ["gssencmode", "krbsrvname", "keepalives", "keepalives_idle", "keepalives_interval"],
};

const known: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(spellings).flatMap(([name, all]) => all.map((spelling) => [spelling, name])),
);

const timeouts = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];

/**
 * Reads `postgresql://user:password@host:5432/database?option=value`, `postgres://` and either with a driver's name
 * (`postgresql+psycopg://`). Throws `DATABASE.BAD_URL`.
 */
export function parsePostgresqlUrl(url: string): PostgresqlLocation {
  const parts = parseServerUrl(url, known);
  const option = (name: string): string | null => parts.options.get(name) ?? null;
  const count = (name: string): number | null => {
    const text = option(name);
    return text === null ? null : readCount(name, text, url);
  };
  const on = (name: string): boolean | null => {
    const text = option(name);
    return text === null ? null : readSwitch(name, text, url);
  };
  const encoding = option("client_encoding");
  if (encoding !== null && !/^(?:utf-?8|auto|unicode)$/i.test(encoding)) {
    throw badUrl(url, `the connection's encoding is always UTF8, not "${encoding}"`);
  }
  const seconds = count("connect_timeout");
  const binding = option("channel_binding");
  return {
    host: option("host") ?? parts.host,
    port: readPort(option("port") ?? "", url) ?? parts.port,
    user: option("user") ?? parts.user,
    password: option("password") ?? parts.password,
    database: option("dbname") ?? parts.database,
    applicationName: option("application_name"),
    connectTimeout: seconds === null || seconds === 0 ? null : seconds * 1000,
    options: option("options"),
    settings: settings(option),
    poolSize: count("poolSize"),
    encryption: encryption(option, on("ssl"), url),
    directTls:
      readWord("sslnegotiation", option("sslnegotiation") ?? "postgres", ["postgres", "direct"], url) ===
      "direct",
    channelBinding:
      binding !== null &&
      readWord("channel_binding", binding, ["disable", "prefer", "require"], url) !== "disable",
    prepare: on("prepared_statements") ?? on("pgbouncer") !== true,
  };
}

function settings(option: (name: string) => string | null): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  const [path, schema] = [option("search_path"), option("schema")];
  if (path !== null) all.set("search_path", path);
  else if (schema !== null) all.set("search_path", quoteName(schema));
  for (const name of timeouts) {
    const value = option(name);
    if (value !== null) all.set(name, value);
  }
  return all;
}

const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full", "no-verify"] as const;

/** As libpq reads `sslmode`: a server is believed unless its certificate is to be verified. */
function encryption(
  option: (name: string) => string | null,
  ssl: boolean | null,
  url: string,
): Encryption | null | undefined {
  const file = (name: string): string | null => {
    const path = option(name);
    // `system` are the authorities that Node trusts anyway.
    return path === null || path === "system" ? null : readPemFile(name, path, url);
  };
  const [ca, cert, key] = [file("sslrootcert"), file("sslcert"), file("sslkey")];
  if ((cert === null) !== (key === null)) throw badUrl(url, '"sslcert" and "sslkey" need each other');
  const given = option("sslmode");
  const implied = option("sslrootcert") === null ? undefined : "verify-full";
  const mode = given === null ? modeOf(ssl, implied) : readWord("sslmode", given, modes, url);
  if (mode === undefined) return undefined;
  if (mode === "disable") return null;
  const optional = mode === "allow" || mode === "prefer";
  return { optional, verify: verification(mode, ca !== null), ca, cert, key };
}

function modeOf(
  ssl: boolean | null,
  implied: (typeof modes)[number] | undefined,
): (typeof modes)[number] | undefined {
  if (ssl === null) return implied;
  return ssl ? "verify-full" : "disable";
}

function verification(mode: (typeof modes)[number], hasAuthority: boolean): Encryption["verify"] {
  if (mode === "verify-full") return "host";
  return mode === "verify-ca" || (mode === "require" && hasAuthority) ? "signer" : "none";
}

/**
 * The folder that a URL of PostgreSQL in process names, null in memory: `pglite://`, `pglite:///relative`,
 * `pglite:////absolute`. Throws `DATABASE.BAD_URL`.
 */
export function parsePgliteUrl(url: string): string | null {
  const match = /^pglite:(?:\/\/\/?)?([^?#]*)$/i.exec(url);
  if (match === null) throw badUrl(url, "there are no options");
  try {
    const path = decodeURIComponent(match[1] ?? "");
    return path === "" || path === ":memory:" ? null : path;
  } catch (cause) {
    throw badUrl(url, "a % in it is no escape (write %25)", cause);
  }
}
