import type { ConnectOptions } from "../connection.ts";
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

/** What a URL says of a connection. */
export interface MysqlLocation {
  readonly host: string;
  readonly port: number;
  /** The path of a Unix socket, which goes before host and port. */
  readonly socket: string | null;
  readonly user: string;
  readonly password: string | null;
  readonly database: string | null;
  /** The collation of what is compared with no column; null is the database's own. */
  readonly collation: string | null;
  /** In milliseconds. */
  readonly connectTimeout: number | null;
  readonly poolSize: number | null;
  readonly encryption: Encryption | null;
}

/** Options in the spellings of the `mysql` client, of drivers in Python and JavaScript, of JDBC and of Prisma. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  charset: ["charset", "characterEncoding"],
  collation: ["collation"],
  connect_timeout: ["connect_timeout", "connect-timeout"],
  connectTimeout: ["connectTimeout"],
  socket: ["unix_socket", "socketPath", "socket"],
  host: ["host"],
  port: ["port"],
  user: ["user"],
  password: ["password"],
  database: ["database"],
  poolSize: ["connectionLimit", "connection_limit"],
  timezone: ["timezone", "time_zone"],
  ssl: ["ssl", "tls", "useSSL"],
  "ssl-mode": ["ssl-mode", "ssl_mode", "sslmode", "sslMode"],
  sslaccept: ["sslaccept"],
  "ssl-ca": ["ssl-ca", "ssl_ca", "sslca", "sslrootcert"],
  "ssl-cert": ["ssl-cert", "ssl_cert", "sslcert"],
  "ssl-key": ["ssl-key", "ssl_key", "sslkey"],
  ssl_verify_cert: ["ssl_verify_cert"],
  ssl_verify_identity: ["ssl_verify_identity", "ssl_check_hostname"],
  ssl_disabled: ["ssl_disabled"],
  // Those of drivers in Python that mean nothing here.
  ignored: ["use_unicode", "binary_prefix"],
};

const known: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(spellings).flatMap(([name, all]) => all.map((spelling) => [spelling, name])),
);

/**
 * Reads `mysql://user:password@host:3306/database?option=value`, `mariadb://` and either with a driver's name
 * (`mysql+pymysql://`). Throws `DATABASE.BAD_URL`.
 */
export function parseMysqlUrl(url: string): MysqlLocation {
  const parts = parseServerUrl(url, known);
  const option = (name: string): string | null => parts.options.get(name) ?? null;
  const count = (name: string): number | null => {
    const text = option(name);
    return text === null ? null : readCount(name, text, url);
  };
  checkFixed(option("charset"), option("timezone"), url);
  const host = option("host") ?? parts.host ?? "localhost";
  const seconds = count("connect_timeout");
  return {
    host,
    port: readPort(option("port") ?? "", url) ?? parts.port ?? 3306,
    socket: option("socket") ?? (host.startsWith("/") ? host : null),
    user: option("user") ?? parts.user ?? "root",
    password: option("password") ?? parts.password,
    database: option("database") ?? parts.database,
    collation: collation(option("collation"), url),
    connectTimeout: seconds === null ? count("connectTimeout") : seconds * 1000,
    poolSize: count("poolSize"),
    encryption: encryption(option, url),
  };
}

/** The options of `url` that stand in for those of the program. */
export function withUrlOptions(location: MysqlLocation, options: ConnectOptions): ConnectOptions {
  return location.poolSize === null ? options : { poolSize: location.poolSize, ...options };
}

/** Any other character set or zone would lose something. */
function checkFixed(charset: string | null, timezone: string | null, url: string): void {
  if (charset !== null && !/^utf-?8(?:mb[34])?(?:_\w+)?$/i.test(charset)) {
    throw badUrl(url, `the connection's character set is always utf8mb4, not "${charset}"`);
  }
  if (timezone !== null && !/^(?:z|utc|[+ ]00:00)$/i.test(timezone)) {
    throw badUrl(url, `the connection's time zone is always UTC, not "${timezone}"`);
  }
}

function collation(name: string | null, url: string): string | null {
  if (name === null || /^utf8mb4_\w+$/.test(name)) return name;
  throw badUrl(url, `the collation has to be one of utf8mb4, like utf8mb4_unicode_ci, not "${name}"`);
}

const modes = ["DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY"] as const;
const aliases: Readonly<Record<string, (typeof modes)[number]>> = {
  disable: "DISABLED",
  prefer: "PREFERRED",
  require: "REQUIRED",
  "verify-ca": "VERIFY_CA",
  "verify-full": "VERIFY_IDENTITY",
};

function encryption(option: (name: string) => string | null, url: string): Encryption | null {
  const file = (name: string): string | null => {
    const path = option(name);
    return path === null ? null : readPemFile(name, path, url);
  };
  const [ca, cert, key] = [file("ssl-ca"), file("ssl-cert"), file("ssl-key")];
  if (cert !== null && key === null) {
    throw badUrl(url, `"ssl-cert" is the client's and needs "ssl-key"; the server's is checked by "ssl-ca"`);
  }
  const mode = encryptionMode(option, ca !== null || cert !== null, url);
  if (mode === "DISABLED") return null;
  const verify = mode === "VERIFY_IDENTITY" ? "host" : mode === "VERIFY_CA" ? "signer" : "none";
  return { optional: mode === "PREFERRED", verify, ca, cert, key };
}

/** The mode, as the `mysql` client calls it; the other ways to say it are read as one of these. */
function encryptionMode(
  option: (name: string) => string | null,
  hasFiles: boolean,
  url: string,
): (typeof modes)[number] {
  const on = (name: string): boolean | null => {
    const value = option(name);
    return value === null ? null : readSwitch(name, value, url);
  };
  const mode = option("ssl-mode");
  if (mode !== null) return aliases[mode.toLowerCase()] ?? readWord("ssl-mode", mode, modes, url);
  const accept = option("sslaccept");
  if (accept !== null) {
    const strict = readWord("sslaccept", accept, ["strict", "accept_invalid_certs"], url) === "strict";
    return strict ? "VERIFY_IDENTITY" : "REQUIRED";
  }
  if (on("ssl_disabled") === true) return "DISABLED";
  if (on("ssl_verify_identity") === true) return "VERIFY_IDENTITY";
  if (on("ssl_verify_cert") === true) return "VERIFY_CA";
  const ssl = option("ssl");
  if (ssl === null) return hasFiles ? "VERIFY_IDENTITY" : "DISABLED";
  return objectMode(ssl, url) ?? (readSwitch("ssl", ssl, url) ? "VERIFY_IDENTITY" : "DISABLED");
}

/** `ssl={"rejectUnauthorized":true}`, as the driver's own URLs have it. */
function objectMode(ssl: string, url: string): (typeof modes)[number] | null {
  if (!ssl.startsWith("{")) return null;
  const verify = /^\{\s*(?:"rejectUnauthorized"\s*:\s*(true|false)\s*)?\}$/.exec(ssl);
  if (verify === null) throw badUrl(url, `of the object "ssl" only "rejectUnauthorized" is read`);
  return verify[1] === "false" ? "REQUIRED" : "VERIFY_IDENTITY";
}
