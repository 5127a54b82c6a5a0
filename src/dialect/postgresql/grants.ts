import { quoteName } from "./quote.ts";

/** What an administrator would type so that the server allows what it refused. */

/** The kinds of things whose owner alone may change them, as the server names them, by what ALTER calls them. */
const owned: Readonly<Record<string, string>> = {
  relation: "TABLE",
  table: "TABLE",
  index: "INDEX",
  sequence: "SEQUENCE",
  view: "VIEW",
  "materialized view": "MATERIALIZED VIEW",
  "foreign table": "FOREIGN TABLE",
  schema: "SCHEMA",
  type: "TYPE",
  domain: "DOMAIN",
  function: "FUNCTION",
  procedure: "PROCEDURE",
  routine: "ROUTINE",
  extension: "EXTENSION",
  database: "DATABASE",
};

const kinds = Object.keys(owned)
  .sort((a, b) => b.length - a.length)
  .join("|");
const notOwner = new RegExp(`^must be owner of (${kinds}) (.+)$`);
const denied = new RegExp(`^permission denied for (${kinds}|language) (.+)$`);
const noTemporary = /^permission denied to create temporary tables in database "(.+)"$/;

/** The statement that gives `user` what was missing for `sql`; null where the server's words do not say. */
export function missingGrant(message: string, sql: string | null, user: string | null): string | null {
  const to = user === null ? "<the user>" : quoteName(user);
  const [, ownKind, ownName] = notOwner.exec(message) ?? [];
  if (ownKind !== undefined && ownName !== undefined) {
    return `ALTER ${owned[ownKind]} ${placed(ownKind, ownName, sql)} OWNER TO ${to}`;
  }
  const database = noTemporary.exec(message)?.[1];
  if (database !== undefined) return `GRANT TEMPORARY ON DATABASE ${quoteName(database)} TO ${to}`;
  if (message.startsWith("permission denied to create database")) return `ALTER ROLE ${to} CREATEDB`;
  const [, kind, name] = denied.exec(message) ?? [];
  if (kind === undefined || name === undefined) return null;
  const privileges = privilegesOn(kind, sql ?? "");
  return privileges === null
    ? null
    : `GRANT ${privileges} ON ${onWord(kind)} ${placed(kind, name, sql)} TO ${to}`;
}

/** The statement that makes the role that is not there; null where something else is not. */
export function missingRole(message: string): string | null {
  const role = /^role "(.+)" does not exist$/.exec(message)?.[1];
  return role === undefined ? null : `CREATE ROLE ${quoteName(role)}`;
}

/** `view` and `relation` are granted on as tables. */
function onWord(kind: string): string {
  return /^(?:relation|view|materialized view|foreign table)$/.test(kind) ? "TABLE" : kind.toUpperCase();
}

function privilegesOn(kind: string, sql: string): string | null {
  switch (kind) {
    case "schema":
      return /^\s*(?:create|alter)\b/i.test(sql) ? "USAGE, CREATE" : "USAGE";
    case "database":
      return /^\s*create\b/i.test(sql) ? "CREATE" : "CONNECT";
    case "table":
    case "relation":
    case "view":
    case "materialized view":
    case "foreign table":
      return rights(sql);
    case "sequence":
      return "USAGE, SELECT";
    case "function":
    case "procedure":
    case "routine":
      return "EXECUTE";
    case "type":
    case "language":
      return "USAGE";
    default:
      return null;
  }
}

/** What a statement needs of a table: those that pick rows read it as well. */
function rights(sql: string): string {
  if (/^\s*(?:alter|create)\b[\s\S]*\breferences\b/i.test(sql)) return "REFERENCES";
  if (/^\s*create\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger\b/i.test(sql)) return "TRIGGER";
  if (/^\s*truncate\b/i.test(sql)) return "TRUNCATE";
  const [word] =
    /\b(?:insert|update|delete)\b/i.exec(sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "")) ?? [];
  if (word === undefined) return "SELECT";
  const reads = !/^\s*insert\b/i.test(sql) || /\b(?:returning|select|on\s+conflict)\b/i.test(sql);
  return reads ? `SELECT, ${word.toUpperCase()}` : word.toUpperCase();
}

/** The name as the statement has it, its schema before it where that is said. */
function placed(kind: string, name: string, sql: string | null): string {
  const quoted = quoteName(name);
  if (kind === "schema" || kind === "database" || sql === null) return quoted;
  const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const written = new RegExp(`(?:"(?:[^"]|"")+"|\\b\\w+)\\.(?:${escaped(quoted)}|${escaped(name)}\\b)`, "i");
  return written.exec(sql)?.[0] ?? quoted;
}
