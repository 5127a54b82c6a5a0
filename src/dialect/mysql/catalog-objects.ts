import type { Connection, DriverValue } from "../connection.ts";
import { type Binding, isMariadb } from "./flavor.ts";
import { mayBeLost } from "./lost-text.ts";
import { quoteName, quoteString } from "./quote.ts";

/**
 * The rows of the catalog that views, triggers, routines, events, sequences and partitions are read from: one query for
 * each kind. information_schema loses what a literal was written like (escapes, character sets), so that texts with
 * literals are asked for one by one where no table of the server has them whole.
 */

/** How the server was set when an object was made, and by whom. */
export interface MadeRow {
  readonly definer: string;
  readonly charset: string;
  readonly collation: string;
}

/** A view. */
export interface ViewRow extends MadeRow {
  readonly name: string;
  readonly text: string;
  readonly checkOption: string;
  readonly security: string;
  readonly algorithm: string | null;
}

/** A trigger. */
export interface TriggerRow extends MadeRow {
  readonly name: string;
  readonly table: string;
  readonly timing: string;
  readonly event: string;
  readonly place: number | string;
  readonly text: string;
  readonly sqlMode: string;
}

/** A function or procedure. */
export interface RoutineRow extends MadeRow {
  readonly name: string;
  readonly type: string;
  readonly sqlMode: string;
  readonly comment: string;
  /** What follows the name, without the comment; null where we may not see it. */
  readonly text: string | null;
  readonly aggregate: boolean;
}

/** An event of the scheduler. */
export interface EventRow extends MadeRow {
  readonly name: string;
  readonly text: string;
  readonly at: string | null;
  readonly every: string | null;
  readonly unit: string | null;
  readonly starts: string | null;
  readonly ends: string | null;
  readonly status: string;
  readonly completion: string;
  readonly comment: string;
  readonly sqlMode: string;
  readonly timeZone: string;
}

/** A sequence, its numbers as text. */
export interface SequenceRow {
  readonly name: string;
  readonly min: string;
  readonly max: string;
  readonly start: string;
  readonly increment: string;
  readonly cache: string;
  readonly cycle: string;
}

/** A partition, or a part of one. */
export interface PartitionRow {
  readonly table: string;
  readonly name: string;
  readonly part: string | null;
  readonly method: string;
  readonly partMethod: string | null;
  readonly expression: string | null;
  readonly partExpression: string | null;
  readonly bound: string | null;
  readonly comment: string;
}

/** What a database has beside its tables. */
export interface ObjectRows {
  readonly views: readonly ViewRow[];
  readonly triggers: readonly TriggerRow[];
  readonly routines: readonly RoutineRow[];
  readonly events: readonly EventRow[];
  readonly sequences: readonly SequenceRow[];
  readonly partitions: readonly PartitionRow[];
}

const made = "DEFINER AS `definer`, CHARACTER_SET_CLIENT AS `charset`, COLLATION_CONNECTION AS `collation`";

const views = (binding: Binding, narrow: Narrowing): string => `
  SELECT TABLE_NAME AS \`name\`, VIEW_DEFINITION AS \`text\`, CHECK_OPTION AS \`checkOption\`,
    SECURITY_TYPE AS \`security\`, ${isMariadb(binding) ? "ALGORITHM" : "NULL"} AS \`algorithm\`, ${made}
  FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()${narrow("TABLE_NAME")} ORDER BY TABLE_NAME`;

/** The server looks in every database of its own, unless it is told where the tables are. */
const triggers = (condition: string): string => `
  SELECT TRIGGER_NAME AS \`name\`, EVENT_OBJECT_TABLE AS \`table\`, ACTION_TIMING AS \`timing\`,
    EVENT_MANIPULATION AS \`event\`, ACTION_ORDER AS \`place\`, ACTION_STATEMENT AS \`text\`, SQL_MODE AS \`sqlMode\`, ${made}
  FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() AND EVENT_OBJECT_SCHEMA = DATABASE()${condition}
  ORDER BY TRIGGER_NAME`;

const routines = (reading: Reading): string => `
  SELECT ROUTINE_NAME AS \`name\`, ROUTINE_TYPE AS \`type\`, IS_DETERMINISTIC AS \`deterministic\`,
    SQL_DATA_ACCESS AS \`access\`, SECURITY_TYPE AS \`security\`, SQL_MODE AS \`sqlMode\`,
    ROUTINE_COMMENT AS \`comment\`, ${made}
  FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()${named(reading, "ROUTINE_NAME")} ORDER BY ROUTINE_NAME`;

/** MariaDB keeps routines whole in a table that not everybody may read. */
const routineTexts = (reading: Reading): string => `
  SELECT name, type, CONVERT(param_list USING utf8mb4), CONVERT(returns USING utf8mb4),
    CONVERT(body USING utf8mb4), aggregate, character_set_client
  FROM mysql.proc WHERE db = DATABASE()${named(reading, "name")}`;

const events = (reading: Reading): string => `
  SELECT EVENT_NAME AS \`name\`, EVENT_DEFINITION AS \`text\`, EXECUTE_AT AS \`at\`, INTERVAL_VALUE AS \`every\`,
    INTERVAL_FIELD AS \`unit\`, STARTS AS \`starts\`, ENDS AS \`ends\`, STATUS AS \`status\`, ON_COMPLETION AS \`completion\`,
    EVENT_COMMENT AS \`comment\`, SQL_MODE AS \`sqlMode\`, TIME_ZONE AS \`timeZone\`, ${made}
  FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()${named(reading, "EVENT_NAME")} ORDER BY EVENT_NAME`;

const partitions = (narrow: Narrowing): string => `
  SELECT TABLE_NAME AS \`table\`, PARTITION_NAME AS \`name\`, SUBPARTITION_NAME AS \`part\`,
    PARTITION_METHOD AS \`method\`, SUBPARTITION_METHOD AS \`partMethod\`, PARTITION_EXPRESSION AS \`expression\`,
    SUBPARTITION_EXPRESSION AS \`partExpression\`, PARTITION_DESCRIPTION AS \`bound\`, PARTITION_COMMENT AS \`comment\`
  FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = DATABASE()${narrow("TABLE_NAME")} AND PARTITION_NAME IS NOT NULL
  ORDER BY TABLE_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION`;

/** A connection, and the database that is read where it is not the one that the connection began with. */
export interface Reading {
  readonly connection: Connection;
  readonly binding: Binding;
  readonly database: string | null;
  /** What alone is read, where it is not everything: tables and views by their names, all else by its own in lower case. */
  readonly only?: { readonly tables: readonly string[]; readonly names: readonly string[] };
}

/** A condition that narrows a query to one table, for the column that has the table's name; nothing for all tables. */
export type Narrowing = (column: string) => string;

/**
 * The rows of a query over tables. The server looks up a table that is named alone, and searches every one for several:
 * those that are meant are asked for one by one.
 */
export async function tableRows<R>(reading: Reading, query: (narrow: Narrowing) => string): Promise<R[]> {
  if (reading.only === undefined)
    return rowsOf(
      reading,
      query(() => ""),
    );
  const found: R[] = [];
  for (const name of reading.only.tables)
    found.push(
      ...(await rowsOf<R>(
        reading,
        query((column) => ` AND ${column} = ${quoteString(name)}`),
      )),
    );
  return found;
}

/** A condition that narrows a query over what has names of its own. */
function named({ only }: Reading, column: string): string {
  return only === undefined
    ? ""
    : ` AND LOWER(${column}) IN (${["", ...only.names].map(quoteString).join(", ")})`;
}

/**
 * Rows as objects, by the names of their columns. What was prepared in one database goes on speaking of that one, so
 * that another is named.
 */
export async function rowsOf<R>({ connection, database }: Reading, sql: string): Promise<R[]> {
  const named = database === null ? sql : sql.replaceAll("DATABASE()", quoteString(database));
  const result = await connection.query(named);
  return result.rows.map((row) => Object.fromEntries(result.columns.map((name, at) => [name, row[at]])) as R);
}

/** What the list of tables says is there beside them. */
export interface Present {
  /** The names of sequences. */
  readonly sequences: readonly string[];
  readonly views: boolean;
  readonly partitions: boolean;
}

/** Reads what stands beside the tables; what is not `there` is not asked for. */
export async function readObjects(reading: Reading, there: Present): Promise<ObjectRows> {
  return {
    views: there.views ? await readViews(reading) : [],
    triggers: await readTriggers(reading),
    routines: await readRoutines(reading),
    events: await readEvents(reading),
    sequences: await readSequences(reading, there.sequences),
    partitions: there.partitions ? await tableRows(reading, partitions) : [],
  };
}

/** Whether a body may have lost the escapes of a literal, a character set that matters, or characters. */
function mayLack(text: string): boolean {
  return mayBeLost(text) || (/['"]/.test(text) && /\\|''|\b(?:collate|convert|charset|binary)\b/i.test(text));
}

async function readViews(reading: Reading): Promise<readonly ViewRow[]> {
  const found: ViewRow[] = [];
  for (const row of await tableRows<ViewRow>(reading, (narrow) => views(reading.binding, narrow))) {
    if (isMariadb(reading.binding) && !row.text.includes("'") && !mayBeLost(row.text)) {
      found.push(row);
      continue;
    }
    const said = await shown(reading, "VIEW", row.name, 1);
    const parts =
      /^CREATE\s+(?:ALGORITHM=(\w+)\s+)?[\s\S]*?\bVIEW\s+(?:`(?:[^`]|``)*`\.)?`(?:[^`]|``)*`\s+(?:\((?:`(?:[^`]|``)*`,?)+\)\s+)?AS\s+([\s\S]*)$/.exec(
        said ?? "",
      );
    const text = parts?.[2]?.replace(/ WITH (?:CASCADED|LOCAL) CHECK OPTION$/, "");
    found.push({ ...row, text: text ?? row.text, algorithm: parts?.[1] ?? row.algorithm });
  }
  return found;
}

/**
 * Triggers are looked up by their tables, which whatever is done to one names; but for DROP TRIGGER, for which every
 * table is asked.
 */
async function triggerRows(reading: Reading): Promise<readonly TriggerRow[]> {
  const { only } = reading;
  const found = await tableRows<TriggerRow>(reading, (narrow) => triggers(narrow("EVENT_OBJECT_TABLE")));
  if (only === undefined || !["drop", "trigger"].every((word) => only.names.includes(word))) return found;
  const others = await rowsOf<TriggerRow>(reading, triggers(named(reading, "TRIGGER_NAME")));
  return [...found, ...others.filter((row) => !found.some((each) => each.name === row.name))];
}

async function readTriggers(reading: Reading): Promise<readonly TriggerRow[]> {
  const found: TriggerRow[] = [];
  for (const row of await triggerRows(reading)) {
    const said = mayLack(row.text) ? await shown(reading, "TRIGGER", row.name, 2) : null;
    const body =
      /\bFOR\s+EACH\s+ROW\b\s*(?:(?:FOLLOWS|PRECEDES)\s+(?:`(?:[^`]|``)*`|\S+)\s+)?([\s\S]*)$/i.exec(
        said ?? "",
      );
    found.push({ ...row, text: body?.[1] ?? row.text });
  }
  return found;
}

interface RoutineSaid extends Omit<RoutineRow, "text" | "aggregate"> {
  readonly deterministic: string;
  readonly access: string;
  readonly security: string;
}

async function readRoutines(reading: Reading): Promise<readonly RoutineRow[]> {
  const said = await rowsOf<RoutineSaid>(reading, routines(reading));
  if (said.length === 0) return [];
  const kept = isMariadb(reading.binding) ? await attempt(reading, routineTexts(reading)) : null;
  const texts = new Map(kept?.map((row) => [`${row[1]} ${row[0]}`, row]));
  const found: RoutineRow[] = [];
  for (const row of said) {
    const own = texts.get(`${row.type} ${row.name}`);
    if (own !== undefined && readable(own)) {
      found.push({ ...row, text: routineText(row, own), aggregate: own[5] === "GROUP" });
      continue;
    }
    const text = await shown(reading, row.type, row.name, 2);
    const parts =
      /^CREATE\s+[\s\S]*?(\bAGGREGATE\s+)?\b(?:FUNCTION|PROCEDURE)\s+`(?:[^`]|``)*`\s*([\s\S]*)$/.exec(
        text ?? "",
      );
    const comment = `    COMMENT '${row.comment.replaceAll("\\", "\\\\").replaceAll("'", "''")}'\n`;
    found.push({
      ...row,
      text: parts?.[2]?.replace(comment, "") ?? null,
      aggregate: parts?.[1] !== undefined,
    });
  }
  return found;
}

/** Whether the bytes of a text are those of UTF-8: the server keeps them in the character set of who made it. */
function readable(row: readonly DriverValue[]): boolean {
  return /^utf8/.test(String(row[6])) || /^\p{ASCII}*$/u.test(`${row[2]}${row[3]}${row[4]}`);
}

/** As SHOW CREATE puts it. */
function routineText(row: RoutineSaid, [, , params, returns, body]: readonly DriverValue[]): string {
  const lines = [
    `(${params})${row.type === "FUNCTION" ? ` RETURNS ${returns}` : ""}`,
    ...(row.access === "CONTAINS SQL" ? [] : [`    ${row.access}`]),
    ...(row.deterministic === "YES" ? ["    DETERMINISTIC"] : []),
    ...(row.security === "INVOKER" ? ["    SQL SECURITY INVOKER"] : []),
    String(body),
  ];
  return lines.join("\n");
}

async function readEvents(reading: Reading): Promise<readonly EventRow[]> {
  const found: EventRow[] = [];
  for (const row of await rowsOf<EventRow>(reading, events(reading))) {
    const said = mayLack(row.text) ? await shown(reading, "EVENT", row.name, 3) : null;
    const body =
      /^[\s\S]*? ON COMPLETION (?:NOT )?PRESERVE (?:ENABLE|DISABLE(?: ON SLAVE)?)(?: COMMENT '(?:[^'\\]|''|\\[\s\S])*')? DO ([\s\S]*)$/.exec(
        said ?? "",
      );
    found.push({
      ...row,
      text: body?.[1] ?? row.text,
      at: moment(row.at),
      starts: moment(row.starts),
      ends: moment(row.ends),
    });
  }
  return found;
}

function moment(value: DriverValue): string | null {
  return value === null ? null : String(value).replace(/\.0+$/, "");
}

/** All sequences in one query: each is a table of one row. */
async function readSequences(reading: Reading, names: readonly string[]): Promise<readonly SequenceRow[]> {
  if (names.length === 0) return [];
  const home = reading.database === null ? "" : `${quoteName(reading.database)}.`;
  const text = (column: string): string => `CAST(${column} AS CHAR)`;
  const each = names.map(
    (name) =>
      `SELECT ${quoteString(name)} AS \`name\`, ${text("minimum_value")} AS \`min\`,
        ${text("maximum_value")} AS \`max\`, ${text("start_value")} AS \`start\`, ${text("increment")} AS \`increment\`,
        ${text("cache_size")} AS \`cache\`, ${text("cycle_option")} AS \`cycle\` FROM ${home}${quoteName(name)}`,
  );
  return rowsOf(reading, each.join(" UNION ALL "));
}

/** What SHOW CREATE says in that column; null where it says nothing to us. */
async function shown(reading: Reading, kind: string, name: string, column: number): Promise<string | null> {
  const rows = await attempt(reading, `SHOW CREATE ${kind} ${quoteName(name)}`);
  const text = rows?.[0]?.[column];
  return text == null ? null : String(text);
}

async function attempt(
  { connection, database }: Reading,
  sql: string,
): Promise<readonly (readonly DriverValue[])[] | null> {
  const named = database === null ? sql : sql.replaceAll("DATABASE()", quoteString(database));
  try {
    return (await connection.query(named)).rows;
  } catch {
    return null;
  }
}
