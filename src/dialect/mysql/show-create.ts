import type { DialectOptions } from "../../schema/index.ts";
import type { Connection } from "../connection.ts";
import { bare, standardQuotes, steady } from "./expression.ts";
import { type Binding, isMariadb } from "./flavor.ts";
import { mysqlOptions } from "./options.ts";
import type { Period } from "./period.ts";

/**
 * Reads expressions from what SHOW CREATE TABLE prints: the server's own form of them, for tables that
 * information_schema does not show.
 */

/** A column as SHOW CREATE TABLE prints it, as far as only the server knows it. */
export interface ShownColumn {
  readonly default: string | null;
  readonly generated: string | null;
  readonly collation: string | null;
  readonly check: string | null;
}

/** A table as SHOW CREATE TABLE prints it, as far as only the server knows it. */
export interface ShownTable {
  readonly columns: ReadonlyMap<string, ShownColumn>;
  readonly checks: ReadonlyMap<string, string>;
  /** The parts of each index, as printed: a quoted column, or an expression in parentheses. */
  readonly indexes: ReadonlyMap<string, readonly string[]>;
  /** How each index is said to be kept, where it is said: `using`, `blockSize`. */
  readonly keys: ReadonlyMap<string, DialectOptions>;
  /** What stands behind the columns, how the table is parted among it. */
  readonly rest: string;
  /** For how long its rows hold. */
  readonly period: Period | null;
  /** The indexes of which no two rows hold at one time. */
  readonly withoutOverlaps: readonly string[];
}

/** What SHOW CREATE TABLE prints of a table, whose name is quoted. */
export async function showCreate(
  connection: Connection,
  table: string,
  binding: Binding,
): Promise<ShownTable> {
  const { rows } = await connection.query(`SHOW CREATE TABLE ${table}`);
  const sql = String(rows[0]?.[1] ?? "");
  return parseCreate(isMariadb(binding) ? sql : steady(sql));
}

/** Reads the statement that SHOW CREATE TABLE prints. */
export function parseCreate(sql: string): ShownTable {
  const columns = new Map<string, ShownColumn>();
  const checks = new Map<string, string>();
  const indexes = new Map<string, readonly string[]>();
  const withoutOverlaps: string[] = [];
  const keys = new Map<string, DialectOptions>();
  let period: Period | null = null;
  const { items, rest } = itemsOf(sql);
  for (const item of items) {
    const [first, second] = item;
    if (first?.startsWith("`")) columns.set(nameOf(first), columnOf(item));
    else if (first === "CONSTRAINT" && item[2] === "CHECK") checks.set(nameOf(second!), inside(item[3]!));
    else if (first === "PERIOD" && item[2]?.startsWith("`")) {
      const [start = "", end = ""] = partsOf(item[3]!).map(nameOf);
      period = { name: nameOf(item[2]), start, end };
    } else {
      const at = item.findIndex((word) => word.startsWith("`"));
      const name = first === "PRIMARY" ? "PRIMARY" : at < 0 ? "" : nameOf(item[at]!);
      if (item.some((word) => /^\([\s\S]*` WITHOUT OVERLAPS\)$/.test(word))) withoutOverlaps.push(name);
      if (item.includes("KEY") && item[at + 1]?.startsWith("(")) indexes.set(name, partsOf(item[at + 1]!));
      if (first !== "CONSTRAINT" && item.includes("KEY")) keys.set(name, saidOf(item));
    }
  }
  return { columns, checks, indexes, keys, rest, period, withoutOverlaps };
}

/** A literal, a name, a comment with a version, a word with what stands glued to it, or one other character. */
const token = /'(?:[^'\\]|''|\\[\s\S])*'|`(?:[^`]|``)*`|[\w$@.+-]+|\s+|[\s\S]/g;

/** The words of each entry between the outer parentheses; what stands in inner parentheses is one word. */
function itemsOf(sql: string): { readonly items: string[][]; readonly rest: string } {
  const tokens = sql.match(token) ?? [];
  const items: string[][] = [[]];
  let depth = 0;
  let group = "";
  let at = 0;
  for (const text of tokens) {
    at++;
    if (text === "(") depth++;
    if (depth > 1) group += text;
    else if (text === "," && depth === 1) items.push([]);
    else if (depth === 1 && text !== "(" && text !== ")" && text.trim() !== "") items.at(-1)!.push(text);
    if (text !== ")") continue;
    depth--;
    if (depth === 0) break;
    if (depth > 1) continue;
    items.at(-1)!.push(group);
    group = "";
  }
  return { items, rest: tokens.slice(at).join("") };
}

/** How the server is asked to keep an index. */
function saidOf(item: readonly string[]): DialectOptions {
  const using = item.indexOf("USING");
  const size = item.indexOf("KEY_BLOCK_SIZE");
  return mysqlOptions({
    using: using < 0 ? null : item[using + 1]!.toLowerCase(),
    blockSize: size < 0 ? null : Number(item[size + 2]),
  });
}

function nameOf(quoted: string): string {
  return quoted.slice(1, -1).replaceAll("``", "`");
}

function inside(group: string): string {
  return bare(standardQuotes(group));
}

function columnOf(item: readonly string[]): ShownColumn {
  const after = (word: string): number => {
    const at = item.indexOf(word, 1);
    return at < 0 ? -1 : at + 1;
  };
  const generated = item.indexOf("AS", 1) > 0 && item.includes("GENERATED") ? item[after("AS")]! : null;
  const check = after("CHECK") < 0 ? null : inside(item[after("CHECK")]!);
  const collation = after("COLLATE") < 0 ? null : item[after("COLLATE")]!;
  return {
    default: after("DEFAULT") < 0 ? null : defaultOf(item.slice(after("DEFAULT"))),
    generated: generated === null ? null : inside(generated),
    collation,
    check,
  };
}

/** Words that may follow a default. */
const following: ReadonlySet<string> = new Set([
  "ON",
  "COMMENT",
  "CHECK",
  "COLLATE",
  "/",
  "INVISIBLE",
  "NOT",
]);

function defaultOf(words: readonly string[]): string | null {
  const end = words.findIndex((word, at) => at > 0 && following.has(word));
  const text = words.slice(0, end < 0 ? undefined : end).join("");
  return text === "NULL" ? null : standardQuotes(text);
}

function partsOf(group: string): readonly string[] {
  return itemsOf(group).items.map((words) => words[0] ?? "");
}
