import type { Check, Column, DefaultValue, Index, Table } from "../../schema/index.ts";
import type { Connection } from "../connection.ts";
import { checkClause, checkOfColumn, columnClause, indexClause, isOfPeriod } from "./ddl-clauses.ts";
import { bare } from "./expression.ts";
import { type Binding, isMariadb } from "./flavor.ts";
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
  for (const table of tables) {
    told.push(hasExpressions(table) ? await withText(table, connection, binding) : table);
  }
  return told;
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

async function withText(table: Table, connection: Connection, binding: Binding): Promise<Table> {
  await connection.query(scratchStatement(table, binding));
  try {
    return textFrom(table, await showCreate(connection, scratch, binding), binding);
  } finally {
    await connection.query(`DROP TEMPORARY TABLE ${quoteName(scratch)}`);
  }
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

/** The next number of a sequence, as the server writes it: asking for it would be taken for writing. */
function sequenceDefault({ default: value }: Column): string | null {
  if (value?.kind !== "expression") return null;
  const said = /^\(?\s*(?:nextval\s*\(\s*([^()\s]+)\s*\)|next\s+value\s+for\s+([^()\s]+))\s*\)?$/i.exec(
    value.sql,
  );
  const name = said?.[1] ?? said?.[2];
  if (name === undefined) return null;
  return `nextval(${name.startsWith("`") ? name : quoteName(name)})`;
}

function textFrom(table: Table, shown: ShownTable, binding: Binding): Table {
  return {
    ...table,
    columns: table.columns.map((column): Column => {
      const read = shown.columns.get(column.name);
      if (read === undefined) return column;
      return {
        ...column,
        default: defaultText(column, read.default, binding),
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

function defaultText(column: Column, shown: string | null, binding: Binding): DefaultValue | null {
  if (column.default === null) return null;
  const next = sequenceDefault(column);
  return next === null ? shownDefault(shown, binding) : { kind: "expression", sql: next };
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
