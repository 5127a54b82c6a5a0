import type { Connection } from "../connection.ts";
import {
  type Narrowing,
  type ObjectRows,
  type Reading,
  readObjects,
  rowsOf as rows,
  tableRows,
} from "./catalog-objects.ts";
import { type Binding, has, isMariadb, unusedIndexWord } from "./flavor.ts";
import { unlessRefused, withLostText } from "./lost-text.ts";
import { parseOptions } from "./option-text.ts";
import type { Period } from "./period.ts";
import { quoteName } from "./quote.ts";
import { showCreate } from "./show-create.ts";

/**
 * The rows of information_schema that a schema is read from: one query for each kind of object of the connection's
 * own database, whatever the number of tables.
 */

/** What tables and columns have where they say nothing else. */
export interface ServerRow {
  readonly database: string;
  /** The collation of new tables. */
  readonly collation: string;
  readonly engine: string;
  /** What our session is set to, which whatever it makes keeps. */
  readonly sqlMode: string;
  readonly charset: string;
  readonly connectionCollation: string;
  readonly timeZone: string;
  /** Whom we are taken for, who owns whatever we make. */
  readonly user: string;
}

/** A table, view or sequence. */
export interface TableRow {
  readonly name: string;
  /** `BASE TABLE`, `VIEW`, `SEQUENCE`, `SYSTEM VERSIONED`, … */
  readonly type: string;
  readonly engine: string | null;
  readonly collation: string | null;
  /** Options given when the table was made, like `row_format=COMPRESSED key_block_size=8`. */
  readonly options: string | null;
  readonly comment: string;
}

/** A column of a table or view. */
export interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: string;
  /** MariaDB: SQL, where `NULL` is none. MySQL: the bare value, or an expression where `extra` says so. */
  readonly default: string | null;
  /** `auto_increment`, `on update …`, `STORED GENERATED`, `INVISIBLE`, `DEFAULT_GENERATED`; several at once. */
  readonly extra: string;
  readonly generated: string | null;
  readonly collation: string | null;
  readonly comment: string;
  /** The spatial reference system a geometry is held to; MySQL alone. */
  readonly srid: number | string | null;
}

/** One part of an index. */
export interface IndexPartRow {
  readonly table: string;
  readonly index: string;
  readonly notUnique: number | string;
  readonly column: string | null;
  readonly expression: string | null;
  /** `A` ascending, `D` descending, null not ordered. */
  readonly order: string | null;
  readonly length: number | string | null;
  /** `BTREE`, `HASH`, `RTREE`, `FULLTEXT`, `SPATIAL`. */
  readonly method: string;
  readonly comment: string;
  /** `YES` where no query uses the index. */
  readonly unused: string;
}

/** One column of a foreign key. */
export interface ForeignKeyRow {
  readonly table: string;
  readonly name: string;
  readonly column: string;
  readonly refDatabase: string;
  readonly refTable: string;
  readonly refColumn: string;
  readonly onUpdate: string;
  readonly onDelete: string;
}

/** A check. */
export interface CheckRow {
  readonly table: string;
  readonly name: string;
  /** `Column` where it is part of a column's definition, which MariaDB keeps apart. */
  readonly level: string;
  readonly expression: string;
  readonly enforced: string;
}

/** Everything a schema is read from. */
export interface Catalog {
  readonly server: ServerRow;
  readonly tables: readonly TableRow[];
  readonly columns: readonly ColumnRow[];
  readonly indexParts: readonly IndexPartRow[];
  readonly foreignKeys: readonly ForeignKeyRow[];
  readonly checks: readonly CheckRow[];
  readonly objects: ObjectRows;
  /** How tables are parted that the database's own catalog tells only in part, as SHOW CREATE TABLE prints it. */
  readonly parted: ReadonlyMap<string, string>;
  /** For how long rows hold, by table: only SHOW CREATE TABLE tells. */
  readonly periods: ReadonlyMap<string, TablePeriod>;
}

/** The period of a table, and the indexes of which no two rows hold at one time. */
export interface TablePeriod extends Period {
  readonly withoutOverlaps: readonly string[];
}

const server = `
  SELECT DATABASE() AS \`database\`, @@collation_database AS \`collation\`, @@default_storage_engine AS \`engine\`,
    @@sql_mode AS \`sqlMode\`, @@character_set_client AS \`charset\`, @@collation_connection AS \`connectionCollation\`,
    @@time_zone AS \`timeZone\`, CURRENT_USER() AS \`user\``;

const tables = (narrow: Narrowing): string => `
  SELECT TABLE_NAME AS \`name\`, TABLE_TYPE AS \`type\`, ENGINE AS \`engine\`, TABLE_COLLATION AS \`collation\`,
    CREATE_OPTIONS AS \`options\`, TABLE_COMMENT AS \`comment\`
  FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()${narrow("TABLE_NAME")} ORDER BY TABLE_NAME`;

/** A default that takes the next number of a sequence names the database; another's sequence stays another's. */
const ownSequence = "REPLACE(COLUMN_DEFAULT, CONCAT('nextval(`', DATABASE(), '`.`'), 'nextval(`')";

const columns = (binding: Binding, narrow: Narrowing): string => `
  SELECT TABLE_NAME AS \`table\`, COLUMN_NAME AS \`name\`, COLUMN_TYPE AS \`type\`, IS_NULLABLE AS \`nullable\`,
    ${isMariadb(binding) ? ownSequence : "COLUMN_DEFAULT"} AS \`default\`, EXTRA AS \`extra\`, GENERATION_EXPRESSION AS \`generated\`,
    COLLATION_NAME AS \`collation\`, COLUMN_COMMENT AS \`comment\`, ${isMariadb(binding) ? "NULL" : "SRS_ID"} AS \`srid\`
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()${narrow("TABLE_NAME")} ORDER BY TABLE_NAME, ORDINAL_POSITION`;

const indexParts = (binding: Binding, narrow: Narrowing): string => {
  const word = unusedIndexWord(binding);
  const unused = { IGNORED: "IGNORED", INVISIBLE: "IF(IS_VISIBLE = 'NO', 'YES', 'NO')" };
  return `
  SELECT TABLE_NAME AS \`table\`, INDEX_NAME AS \`index\`, NON_UNIQUE AS \`notUnique\`, COLUMN_NAME AS \`column\`,
    ${has(binding, "functionalIndexes") ? "EXPRESSION" : "NULL"} AS \`expression\`, COLLATION AS \`order\`, SUB_PART AS \`length\`,
    INDEX_TYPE AS \`method\`, INDEX_COMMENT AS \`comment\`, ${word === null ? "'NO'" : unused[word]} AS \`unused\`
  FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()${narrow("TABLE_NAME")} ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`;
};

const foreignKeys = (narrow: Narrowing): string => `
  SELECT TABLE_NAME AS \`table\`, CONSTRAINT_NAME AS \`name\`, COLUMN_NAME AS \`column\`,
    REFERENCED_TABLE_SCHEMA AS \`refDatabase\`, REFERENCED_TABLE_NAME AS \`refTable\`,
    REFERENCED_COLUMN_NAME AS \`refColumn\`
  FROM information_schema.KEY_COLUMN_USAGE
  WHERE TABLE_SCHEMA = DATABASE()${narrow("TABLE_NAME")} AND REFERENCED_TABLE_NAME IS NOT NULL
  ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`;

const actions = (narrow: Narrowing): string => `
  SELECT TABLE_NAME AS \`table\`, CONSTRAINT_NAME AS \`name\`, UPDATE_RULE AS \`onUpdate\`, DELETE_RULE AS \`onDelete\`
  FROM information_schema.REFERENTIAL_CONSTRAINTS
  WHERE CONSTRAINT_SCHEMA = DATABASE()${narrow("TABLE_NAME")}`;

type Action = Pick<ForeignKeyRow, "table" | "name" | "onUpdate" | "onDelete">;

/** Put together here: a server that makes the tables of information_schema anew compares every row of two with every other. */
async function readForeignKeys(reading: Reading): Promise<readonly ForeignKeyRow[]> {
  const key = ({ table, name }: Pick<Action, "table" | "name">): string => JSON.stringify([table, name]);
  const parts = await tableRows<Omit<ForeignKeyRow, "onUpdate" | "onDelete">>(reading, foreignKeys);
  if (parts.length === 0) return [];
  const does = new Map((await tableRows<Action>(reading, actions)).map((row) => [key(row), row]));
  return parts.flatMap((row) => {
    const action = does.get(key(row));
    return action === undefined ? [] : [{ ...row, ...action }];
  });
}

const checks = (binding: Binding, narrow: Narrowing): string =>
  isMariadb(binding)
    ? `
  SELECT TABLE_NAME AS \`table\`, CONSTRAINT_NAME AS \`name\`, LEVEL AS \`level\`, CHECK_CLAUSE AS \`expression\`,
    'YES' AS \`enforced\`
  FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()${narrow("TABLE_NAME")}`
    : `
  SELECT t.TABLE_NAME AS \`table\`, t.CONSTRAINT_NAME AS \`name\`, 'Table' AS \`level\`, c.CHECK_CLAUSE AS \`expression\`,
    t.ENFORCED AS \`enforced\`
  FROM information_schema.CHECK_CONSTRAINTS c
  JOIN information_schema.TABLE_CONSTRAINTS t
    ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'CHECK'
  WHERE c.CONSTRAINT_SCHEMA = DATABASE()${narrow("t.TABLE_NAME")}`;

/** Reads what tables have where they say nothing else. */
export async function readServer(reading: Reading): Promise<ServerRow> {
  const [row] = await rows<ServerRow>(reading, server);
  return row!;
}

/** Reads the whole catalog, in some dozen queries; with `names`, in lower case, only what goes by one of them. */
export async function readCatalog(
  connection: Connection,
  binding: Binding,
  database: string | null = null,
  names: readonly string[] | null = null,
): Promise<Catalog> {
  const whole: Reading = { connection, binding, database };
  const reading = names === null ? whole : { ...whole, only: { names, tables: await present(whole, names) } };
  const found = await withMerged(reading, await tableRows(reading, tables));
  const objects = await readObjects(reading, {
    sequences: found.filter((row) => row.type === "SEQUENCE").map((row) => row.name),
    views: found.some((row) => row.type.endsWith("VIEW")),
    partitions: found.some((row) => /\bpartitioned\b/i.test(row.options ?? "")),
  });
  const columnRows: readonly ColumnRow[] = await tableRows(reading, (narrow) => columns(binding, narrow));
  const checkRows: readonly CheckRow[] = await tableRows(reading, (narrow) => checks(binding, narrow));
  return {
    server: await readServer(reading),
    tables: found,
    indexParts: await tableRows(reading, (narrow) => indexParts(binding, narrow)),
    foreignKeys: await readForeignKeys(reading),
    ...(await withLostText(reading, columnRows, checkRows)),
    objects,
    parted: await readParted(reading, objects),
    periods: await readPeriods(reading, checkRows),
  };
}

/** What tables a table is put together of is told by SHOW CREATE TABLE alone, where they are there. */
async function withMerged(
  { connection, binding, database }: Reading,
  found: readonly TableRow[],
): Promise<readonly TableRow[]> {
  const whole: TableRow[] = [];
  for (const row of found) {
    const merges = /^mrg_/i.test(row.engine ?? "");
    const home = database === null ? "" : `${quoteName(database)}.`;
    const shown = merges
      ? await showCreate(connection, home + quoteName(row.name), binding).catch(unlessRefused)
      : null;
    const options = new Map(parseOptions(shown?.rest ?? ""));
    const said = Object.entries({ UNION: options.get("union"), INSERT_METHOD: options.get("insertMethod") })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ` ${name}=${String(value)}`);
    whole.push({ ...row, options: `${row.options ?? ""}${said.join("")}` });
  }
  return whole;
}

/** The server writes a period down as a check of its name, which a table may have without one too. */
async function readPeriods(
  { connection, binding, database }: Reading,
  checkRows: readonly CheckRow[],
): Promise<ReadonlyMap<string, TablePeriod>> {
  const found = new Map<string, TablePeriod>();
  if (!isMariadb(binding)) return found;
  const name = "`(?:[^`]|``)*`";
  const like = checkRows.filter(({ expression }) => new RegExp(`^${name} < ${name}$`).test(expression));
  for (const table of new Set(like.map((row) => row.table))) {
    const home = database === null ? "" : `${quoteName(database)}.`;
    const { period, withoutOverlaps } = await showCreate(connection, home + quoteName(table), binding);
    if (period !== null) found.set(table, { ...period, withoutOverlaps });
  }
  return found;
}

/** The tables and views that go by one of the names: what they are called alone is told without opening any. */
async function present(reading: Reading, names: readonly string[]): Promise<readonly string[]> {
  const found = await rows<{ name: string }>(
    reading,
    "SELECT TABLE_NAME AS `name` FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
  );
  return found.map(({ name }) => name).filter((name) => names.includes(name.toLowerCase()));
}

/** What of a part only SHOW CREATE TABLE tells: how many rows it is made for, where its files are, by which rule of old it is found. */
const ofParts = /\b(?:MAX_ROWS|MIN_ROWS|DIRECTORY|ALGORITHM|COMMENT)\b/;

/** History in parts of time is kept by rules that only SHOW CREATE TABLE tells, and so is what is said of a part. */
async function readParted(
  { connection, database }: Reading,
  { partitions }: ObjectRows,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const [name, rows] of Map.groupBy(partitions, ({ table }) => table)) {
    const home = database === null ? "" : `${quoteName(database)}.`;
    const said = await connection.query(`SHOW CREATE TABLE ${home}${quoteName(name)}`).catch(unlessRefused);
    const text =
      /\n(?: |\/\*!\d+ )PARTITION BY ([\s\S]*?)(?: \*\/)?$/.exec(String(said?.rows[0]?.[1]))?.[1] ?? "";
    const own = withoutEngines(text);
    if (own === "") continue;
    const isUsual = rows.every(
      ({ method, part, comment }) => method !== "SYSTEM_TIME" && (part === null || comment === ""),
    );
    if (isUsual && !ofParts.test(own.replaceAll(partComment, ""))) continue;
    found.set(name, own);
  }
  return found;
}

const partComment = / COMMENT = '(?:[^'\\]|''|\\[\s\S])*'/g;

/** Without the engine of each part, which is the table's, in one line. */
function withoutEngines(text: string): string {
  return text.replaceAll(/'(?:[^'\\]|''|\\[\s\S])*'|`(?:[^`]|``)*`| ENGINE = \w+|\s*\n\s*/g, (piece) =>
    piece.startsWith("'") || piece.startsWith("`") ? piece : piece.startsWith(" ENGINE") ? "" : " ",
  );
}
