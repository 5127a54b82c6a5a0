import type { DialectOptions, Json, Table } from "../../schema/index.ts";
import type { ServerRow, TableRow } from "./catalog.ts";
import { parseOptions, snakeCase } from "./option-text.ts";
import { isUsual, mysqlOptions, option } from "./options.ts";
import { periodOption } from "./period.ts";
import { quoteName, quoteString } from "./quote.ts";

/** Options of tables: how they are read, what of them says nothing, and how they are written. */

type Options = { readonly [option: string]: Json };

/** The options of a table as information_schema has them. */
export function tableOptionsOf(row: TableRow, server: ServerRow): DialectOptions {
  const written = Object.fromEntries(
    parseOptions(row.options ?? "").filter(([name, value]) => !isUsual(name, value)),
  );
  return canonicalTableOptions({ ...written, engine: row.engine, collation: row.collation }, server);
}

/** The options that differ from what a table has anyway; without a server, those that are said. */
export function canonicalTableOptions(options: Options, server: ServerRow | null): DialectOptions {
  const entries = Object.entries(options).flatMap(([name, value]): [string, Json][] => {
    if (value === null || value === false || name === "partitioned") return [];
    if (structural.has(name)) return [[name, value]];
    const text = String(value === true ? 1 : value);
    if (name === "engine") return sameWord(text, server?.engine) ? [] : [[name, text]];
    if (name === "collation") return sameWord(text, server?.collation) ? [] : [[name, text.toLowerCase()]];
    if (name === "charset") return [[name, text.toLowerCase()]];
    if (name === "rowFormat") return sameWord(text, "default") ? [] : [[name, text.toUpperCase()]];
    if (name === "pageChecksum" && text === "1") return [];
    return text.toLowerCase() === "default" ? [] : [[name, text]];
  });
  return mysqlOptions(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** What is said with clauses of its own: how a table is parted, how its history is kept, the order of its checks. */
export const structural: ReadonlySet<string> = new Set([
  "partitionBy",
  "checkOrder",
  "systemVersioned",
  "period",
  periodOption,
]);

/** What stands behind the columns for the options with clauses of their own. */
export function periodClauses({ period }: Options): readonly string[] {
  if (!Array.isArray(period)) return [];
  return [`PERIOD FOR SYSTEM_TIME (${period.map((name) => quoteName(String(name))).join(", ")})`];
}

function sameWord(a: string, b: string | undefined): boolean {
  return a.toLowerCase() === b?.toLowerCase();
}

/** Options whose value is a word rather than a string. */
const words: ReadonlySet<string> = new Set([
  "rowFormat",
  "engine",
  "collation",
  "charset",
  "insertMethod",
  "union",
]);

/** What takes an option back. */
const unset: Readonly<Record<string, string>> = {
  engine: "InnoDB",
  encryption: "'N'",
  compression: "''",
  keyBlockSize: "0",
  checksum: "0",
  delayKeyWrite: "0",
  maxRows: "0",
  minRows: "0",
  avgRowLength: "0",
  union: "()",
  insertMethod: "NO",
  pageChecksum: "1",
};

/** The database's own collation, which no word of ALTER TABLE stands for: `DEFAULT` is the character set's. */
export const databaseCollation = "COLLATE=@@collation_database";

/** One option as a clause of CREATE and ALTER TABLE; null takes it back. */
export function tableOptionClause(name: string, value: Json | undefined): string {
  if (name === "collation" && (value === undefined || value === null)) return databaseCollation;
  const key =
    name === "charset" ? "DEFAULT CHARACTER SET" : name === "collation" ? "COLLATE" : snakeCase(name);
  if (value === undefined || value === null) return `${key}=${unset[name] ?? "DEFAULT"}`;
  const text = String(value === true ? 1 : value);
  return `${key}=${words.has(name) || /^\d+$/.test(text) ? text : quoteString(text)}`;
}

/** All options as clauses, the character set before the collation, the parts at the end. */
export function tableOptionClauses(options: Options): readonly string[] {
  const { partitionBy, systemVersioned } = options;
  return [
    ...plainClauses(options),
    ...(systemVersioned === true ? ["WITH SYSTEM VERSIONING"] : []),
    ...(typeof partitionBy === "string" ? [`PARTITION BY ${partitionBy}`] : []),
  ];
}

function plainClauses(options: Options): readonly string[] {
  const rank = (name: string): number => ["engine", "charset", "collation"].indexOf(name);
  return Object.entries(options)
    .filter(([name, value]) => value !== null && !structural.has(name))
    .sort(([a], [b]) => order(rank(a)) - order(rank(b)))
    .map(([name, value]) => tableOptionClause(name, value));
}

function order(rank: number): number {
  return rank < 0 ? 9 : rank;
}

/**
 * Whether a table begins to keep its history before its columns change: of what it does not keep, no column is left out.
 * Where columns say when versions began, they and the history come in one.
 */
export function beginsBeforeColumns(from: Table, to: Table): boolean {
  return (
    option(from.options, "systemVersioned") !== true &&
    option(to.options, "systemVersioned") === true &&
    option(to.options, "period") === undefined &&
    to.columns.some(({ options }) => option(options, "unversioned") === true)
  );
}
