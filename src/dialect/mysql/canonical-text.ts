import { isAthanorError } from "../../errors/index.ts";
import type { Check, Column, DefaultValue, Index, Table } from "../../schema/index.ts";
import type { Connection } from "../connection.ts";
import { checkClause, checkOfColumn, columnClause, indexClause, isOfPeriod } from "./ddl-clauses.ts";
import { bare } from "./expression.ts";
import { type Binding, isMariadb } from "./flavor.ts";
import { withWholeDefaults } from "./lost-text.ts";
import { isColumnCheck } from "./physical.ts";
import { quoteName } from "./quote.ts";
import { type ShownTable, showCreate } from "./show-create.ts";
import { tableOptionClauses } from "./table-options.ts";

/** A temporary table hides any other of its name, and nobody else sees it. */
const scratch = "athanor_scratch";

/**
 * The tables with the texts that the server gives back for their expressions: each is made as a temporary table,
 * without what temporary tables cannot have, printed and dropped.
 */
export async function withServerText(
  tables: readonly Table[],
  connection: Connection,
  binding: Binding,
): Promise<readonly Table[]> {
  const told: Table[] = [];
  const numbered = tables.some((table) => table.columns.some(asksForNumber));
  const home = numbered ? (await connection.query("SELECT DATABASE()")).rows[0]?.[0] : null;
  const server: Server = { connection, binding, home: home == null ? null : String(home) };
  for (const table of tables) {
    told.push(hasExpressions(table) ? await withText(table, server) : table);
  }
  return told;
}

/** Who is asked, and what the database is called, as the server has it before the name of a sequence. */
interface Server {
  readonly connection: Connection;
  readonly binding: Binding;
  readonly home: string | null;
}

function asksForNumber({ default: value }: Column): boolean {
  return value?.kind === "expression" && /\b(?:next|last)val\b|\bvalue\s+for\b/i.test(value.sql);
}

function hasExpressions(table: Table): boolean {
  return (
    table.checks.length > 0 ||
    table.columns.some(
      (column) => column.default !== null || (column.generated !== null && !isOfPeriod(column)),
    ) ||
    table.indexes.some(isFunctional)
  );
}

function isFunctional(index: Index): boolean {
  return index.parts.some((part) => part.column === null);
}

async function withText(table: Table, server: Server): Promise<Table> {
  const shown = await shownOf(table, server);
  return shown === null ? withPieces(table, server) : textFrom(table, shown, server);
}

/** The table as the server prints it; null where it does not take it: what it speaks of may not be there yet. */
async function shownOf(table: Table, { connection, binding }: Server): Promise<ShownTable | null> {
  try {
    await connection.query(scratchStatement(table, binding));
  } catch (error) {
    if (!isAthanorError(error) || error.code === "DATABASE.CONNECTION") throw error;
    return null;
  }
  try {
    const shown = await showCreate(connection, quoteName(scratch), binding);
    const defaults = [...shown.columns].flatMap(([name, { default: text }]) =>
      text === null ? [] : [[name, text] as const],
    );
    return await withWholeDefaults({ connection, binding }, quoteName(scratch), shown, new Map(defaults));
  } finally {
    await connection.query(`DROP TEMPORARY TABLE ${quoteName(scratch)}`);
  }
}

/** The texts of a table that the server does not take whole, each by itself. What it refuses stays as written. */
async function withPieces(table: Table, server: Server): Promise<Table> {
  const bareColumn = (column: Column): Column => ({ ...column, default: null, generated: null });
  const rest: Table = { ...table, columns: table.columns.map(bareColumn), checks: [], indexes: [] };
  const told = async (piece: Partial<Table>): Promise<Table | null> => {
    const alone = { ...rest, ...piece };
    const shown = await shownOf(alone, server);
    return shown === null ? null : textFrom(alone, shown, server);
  };
  const columns: Column[] = [];
  for (const column of table.columns) {
    const one = rest.columns.map((each) => (each.name === column.name ? column : each));
    const asked = column.default === null && column.generated === null ? null : await told({ columns: one });
    columns.push(asked?.columns.find((each) => each.name === column.name) ?? column);
  }
  const checks: Check[] = [];
  for (const check of table.checks) checks.push((await told({ checks: [check] }))?.checks[0] ?? check);
  const indexes: Index[] = [];
  for (const index of table.indexes)
    indexes.push(isFunctional(index) ? ((await told({ indexes: [index] }))?.indexes[0] ?? index) : index);
  return { ...table, columns, checks, indexes };
}

const checkName = (at: number): string => `${scratch}_${at}`;
const indexName = (at: number): string => `i${at}`;

function scratchStatement(table: Table, binding: Binding): string {
  const columns = table.columns.map((column) =>
    columnClause(unversioned(column), table, binding, { numbered: false }),
  );
  const checks = table.checks.flatMap((check, at) =>
    isColumnCheck(check) ? [] : [checkClause({ ...check, name: checkName(at) }, table)],
  );
  const indexes = table.indexes.flatMap((index, at) =>
    isFunctional(index) ? [indexClause({ ...index, name: indexName(at) }, table, binding)] : [],
  );
  const { collation } = table.options["mysql"] ?? {};
  const options = tableOptionClauses(collation === undefined ? {} : { collation });
  const body = [...columns, ...checks, ...indexes].join(", ");
  return `CREATE TEMPORARY TABLE ${quoteName(scratch)} (${body}) ${options.join(" ")}`.trim();
}

/** No temporary table keeps its history. */
function unversioned(column: Column): Column {
  const { unversioned: _, ...own } = column.options["mysql"] ?? {};
  const options = Object.keys(own).length === 0 ? {} : { mysql: own };
  const value = sequenceDefault(column) === null ? column.default : null;
  return { ...column, options, default: value, generated: isOfPeriod(column) ? null : column.generated };
}

const sequenceName = "(`(?:[^`]|``)+`(?:\\.`(?:[^`]|``)+`)?|[^()`\\s]+)";
const nextOf = new RegExp(
  `^\\(?\\s*(?:nextval\\s*\\(\\s*${sequenceName}\\s*\\)|next\\s+value\\s+for\\s+${sequenceName})\\s*\\)?$`,
  "i",
);

/** The next number of a sequence, as the server writes it: asking for it would be taken for writing. */
function sequenceDefault({ default: value }: Column): string | null {
  if (value?.kind !== "expression") return null;
  const name = nextOf
    .exec(value.sql)
    ?.slice(1)
    .find((each) => each !== undefined);
  if (name === undefined) return null;
  return `nextval(${name.startsWith("`") ? name : quoteName(name)})`;
}

function textFrom(table: Table, shown: ShownTable, server: Server): Table {
  return {
    ...table,
    columns: table.columns.map((column): Column => {
      const read = shown.columns.get(column.name);
      if (read === undefined) return column;
      return {
        ...column,
        default: defaultText(column, read.default, server),
        generated: column.generated && {
          ...column.generated,
          expression: read.generated ?? column.generated.expression,
        },
      };
    }),
    checks: table.checks.map((check, at): Check => {
      const text = isColumnCheck(check)
        ? shown.columns.get(ownerOf(check, table))?.check
        : shown.checks.get(checkName(at));
      return { ...check, expression: text ?? check.expression };
    }),
    indexes: table.indexes.map((index, at): Index => {
      const parts = shown.indexes.get(indexName(at));
      return parts === undefined || !isFunctional(index)
        ? index
        : { ...index, parts: withParts(index, parts) };
    }),
  };
}

function defaultText(column: Column, shown: string | null, { binding, home }: Server): DefaultValue | null {
  if (column.default === null) return null;
  const next = sequenceDefault(column);
  if (next !== null) return { kind: "expression", sql: next };
  const own =
    home === null || shown === null ? shown : shown.replaceAll(`nextval(${quoteName(home)}.`, "nextval(");
  return shownDefault(own, binding);
}

function ownerOf(check: Check, table: Table): string {
  return table.columns.find((column) => checkOfColumn(column, table) === check)?.name ?? "";
}

/** MySQL's information_schema has an expression without parentheses, so that it gets one pair. */
function shownDefault(sql: string | null, binding: Binding): DefaultValue | null {
  if (sql === null) return null;
  const nested = !isMariadb(binding) && sql.startsWith("(");
  return { kind: "expression", sql: nested ? `(${bare(sql)})` : sql };
}

function withParts(index: Index, shown: readonly string[]): Index["parts"] {
  return index.parts.map((part, at) =>
    part.column === null ? { ...part, expression: bare(shown[at] ?? part.expression ?? "") } : part,
  );
}
