import { quoteName } from "./quote.ts";

/** What an administrator would type so that the server allows what it refused. */

/** Whom the server took the session for, and the database it is in; null is not known. */
export interface Account {
  /** As GRANT takes it: `'app'@'%'`. */
  readonly name: string;
  readonly database: string | null;
}

/** A name between quotes of any kind, or bare. */
const place = "[`'\"]?([^`'\"]+)[`'\"]?";
const onObject = new RegExp(
  `^([\\w ,]+?) command denied to user .+? for (table|column|routine) ${place}(.*)$`,
);
const onDatabase = new RegExp(`^Access denied for user .+? to database ${place}$`);
const onServer = /you need \(at least one of\) the (.+?) privilege\(s\)/i;

/** What a statement on a database as such needs. */
const databaseRights: readonly (readonly [RegExp, string])[] = [
  [/^\s*create\s+(?:or\s+replace\s+)?temporary\b/i, "CREATE TEMPORARY TABLES"],
  [/^\s*create\b.*?\b(?:procedure|function)\b/is, "CREATE ROUTINE"],
  [/^\s*(?:create|alter|drop)\b.*?\bevent\b/is, "EVENT"],
  [/^\s*create\b/i, "CREATE"],
  [/^\s*alter\b/i, "ALTER"],
  [/^\s*drop\b/i, "DROP"],
  [/^\s*lock\b/i, "LOCK TABLES"],
];

/** The statement that gives the account what was missing for `sql`; null where the server's words do not say. */
export function missingGrant(message: string, sql: string | null, account: Account): string | null {
  const give = (right: string, on: string): string => `GRANT ${right} ON ${on} TO ${account.name}`;
  const database = onDatabase.exec(message)?.[1];
  if (database !== undefined) {
    // Any privilege opens the database; what else is missing, the next statement says.
    const right = databaseRights.find(([pattern]) => pattern.test(sql ?? ""))?.[1] ?? "SELECT";
    return give(right, `${quoteName(database)}.*`);
  }
  const needed = onServer.exec(message)?.[1];
  if (needed !== undefined) return give(needed.split(/,\s*(?:or\s+)?|\s+or\s+/).at(-1) ?? needed, "*.*");
  const [, command = "", kind, name = "", rest = ""] = onObject.exec(message) ?? [];
  if (kind === undefined || command === "GRANT") return null;
  const right = command === "SHOW" ? "SELECT" : command.toUpperCase();
  if (kind === "routine") {
    const word = /\bfunction\b/i.test(sql ?? "") ? "FUNCTION" : "PROCEDURE";
    return give(right, `${word} ${name.split(".").map(quoteName).join(".")}`);
  }
  return give(right, tablePlace(right, kind === "column" ? ` in table ${rest}` : message, account.database));
}

/** What is yet to be made needs the right in the whole database. */
function tablePlace(right: string, words: string, current: string | null): string {
  const [, first = "", second] = /table [`'"]?([^`'"]+)[`'"]?(?:\.[`'"]([^`'"]+)[`'"])?/.exec(words) ?? [];
  const isWhole = second === undefined && current !== null && first.startsWith(`${current}.`);
  const database = second === undefined ? current : first;
  const table = second ?? (isWhole ? first.slice(current.length + 1) : first);
  const where = database === null ? "" : `${quoteName(database)}.`;
  return /^create\b/i.test(right) ? `${where}*` : `${where}${quoteName(table)}`;
}
