import { isAthanorError } from "../../errors/index.ts";
import type { Connection } from "../connection.ts";
import { isLiteral } from "./expression.ts";
import { type Binding, isMariadb } from "./flavor.ts";
import { hasLostValues, wholeTypes } from "./lost-values.ts";
import { quoteName, quoteString, unquoteString } from "./quote.ts";
import { type ShownTable, showCreate } from "./show-create.ts";

/**
 * MariaDB's information_schema has no characters beyond the first 65,536, and no bytes that are no text: it puts question
 * marks in their place, and SHOW CREATE TABLE what no reader of texts can read. What has one is asked for in another way.
 */

/** Where is asked; the database where it is not the one that the connection began with. */
interface Place {
  readonly connection: Connection;
  readonly binding: Binding;
  readonly database: string | null;
}

/** The texts of a column. */
interface ColumnTexts {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly default: string | null;
  readonly generated: string | null;
}

/** The text of a check. */
interface CheckTexts {
  readonly table: string;
  readonly name: string;
  readonly level: string;
  readonly expression: string;
}

/** Whether a text may have lost something. */
export function mayBeLost(text: string | null): boolean {
  return text !== null && /[?\ufffd]/.test(text);
}

/** Columns and checks with what information_schema lost of their texts. What may not be asked for stays as it is. */
export async function withLostText<Column extends ColumnTexts, Check extends CheckTexts>(
  place: Place,
  columns: readonly Column[],
  checks: readonly Check[],
): Promise<{ readonly columns: readonly Column[]; readonly checks: readonly Check[] }> {
  return withTexts(place, await withValues(place, columns), checks);
}

/** Columns with the values that enums and sets list. */
async function withValues<Column extends ColumnTexts>(
  place: Place,
  columns: readonly Column[],
): Promise<readonly Column[]> {
  if (!isMariadb(place.binding)) return columns;
  const whole = new Map<Column, string>();
  const poor = Map.groupBy(
    columns.filter(({ type }) => hasLostValues(type)),
    ({ table }) => table,
  );
  for (const [table, own] of poor) {
    const types = await wholeTypes(place.connection, tableIn(place, table), own).catch(unlessRefused);
    for (const column of own) whole.set(column, types?.get(column.name) ?? column.type);
  }
  return columns.map((column) => ({ ...column, type: whole.get(column) ?? column.type }));
}

async function withTexts<Column extends ColumnTexts, Check extends CheckTexts>(
  place: Place,
  columns: readonly Column[],
  checks: readonly Check[],
): Promise<{ readonly columns: readonly Column[]; readonly checks: readonly Check[] }> {
  const poor = [
    ...columns.filter((row) => mayBeLost(row.default) || mayBeLost(row.generated)),
    ...checks.filter((row) => mayBeLost(row.expression)),
  ];
  if (!isMariadb(place.binding) || poor.length === 0) return { columns, checks };
  const tables = new Map<string, ShownTable>();
  for (const name of new Set(poor.map((row) => row.table))) {
    const own = columns.filter((row) => row.table === name);
    const whole = await wholeTable(place, name, own).catch(unlessRefused);
    if (whole !== null) tables.set(name, whole);
  }
  const shownColumn = (table: string, name: string) => tables.get(table)?.columns.get(name);
  return {
    columns: columns.map((row) => {
      const shown = shownColumn(row.table, row.name);
      if (shown === undefined) return row;
      return {
        ...row,
        default: mayBeLost(row.default) ? (shown.default ?? row.default) : row.default,
        generated: mayBeLost(row.generated) ? (shown.generated ?? row.generated) : row.generated,
      };
    }),
    checks: checks.map((row) => {
      if (!mayBeLost(row.expression)) return row;
      const ofColumn = row.level === "Column" ? shownColumn(row.table, row.name)?.check : undefined;
      return {
        ...row,
        expression: ofColumn ?? tables.get(row.table)?.checks.get(row.name) ?? row.expression,
      };
    }),
  };
}

function tableIn({ database }: Place, name: string): string {
  return `${database === null ? "" : `${quoteName(database)}.`}${quoteName(name)}`;
}

async function wholeTable(place: Place, name: string, columns: readonly ColumnTexts[]): Promise<ShownTable> {
  const { connection, binding } = place;
  const table = tableIn(place, name);
  const shown = await showCreate(connection, table, binding);
  const asked = columns.flatMap((row) => (row.default === null ? [] : [[row.name, row.default] as const]));
  return withWholeDefaults(place, table, shown, new Map(asked));
}

/** Whoever may not see a table whole sees what information_schema has of it. */
export function unlessRefused(error: unknown): null {
  if (isAthanorError(error) && error.code !== "DATABASE.CONNECTION") return null;
  throw error;
}

/** A table as it is printed, with defaults as they are: what is printed of a value has question marks too. */
export async function withWholeDefaults(
  { connection, binding }: Omit<Place, "database">,
  table: string,
  shown: ShownTable,
  defaults: ReadonlyMap<string, string>,
): Promise<ShownTable> {
  const asked = [...defaults].filter(([, text]) => mayBeLost(text) && isLiteral(text));
  if (asked.length === 0 || !isMariadb(binding)) return shown;
  const values = asked.map(([name]) => `DEFAULT(${quoteName(name)})`);
  const each = values.flatMap((value) => [
    `IF(CHARSET(${value}) = 'binary', HEX(${value}), NULL)`,
    `HEX(CONVERT(${value} USING utf8mb4))`,
  ]);
  const { rows } = await connection.query(
    `SELECT ${each.join(", ")} FROM (SELECT 1) AS one LEFT JOIN ${table} ON FALSE`,
  );
  const [row = []] = rows;
  const columns = new Map(shown.columns);
  for (const [at, [name, text]] of asked.entries()) {
    const read = columns.get(name);
    const whole = literalOf(row[2 * at], row[2 * at + 1], text);
    if (read !== undefined && whole !== null) columns.set(name, { ...read, default: whole });
  }
  return { ...shown, columns };
}

/** A value as a literal: the one there is, where that is what it says. */
function literalOf(bytes: unknown, text: unknown, literal: string): string | null {
  const hex = bytes ?? text;
  if (typeof hex !== "string") return null;
  const value = Buffer.from(hex, "hex");
  const said = value.toString("utf8");
  if (!Buffer.from(said, "utf8").equals(value)) return `X'${hex}'`;
  return unquoteString(literal) === said ? literal : quoteString(said);
}
