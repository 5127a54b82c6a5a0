import { AthanorError } from "../../errors/index.ts";
import { type Column, type Schema, sameTable, type Table, type TableRef } from "../../schema/index.ts";
import type { PlanCheck, RebuildStatements, Surroundings } from "../design.ts";
import { createIndexStatement, createTableStatement, isRowIdColumn } from "./ddl-clauses.ts";
import { createObject } from "./ddl-object.ts";
import { option } from "./options.ts";
import { quoteName, quoteString } from "./quote.ts";
import { type Copy, copyOf, guards } from "./rebuild-copy.ts";

/**
 * A table made anew, by the procedure that SQLite's documentation gives for what ALTER TABLE cannot do
 * (https://www.sqlite.org/lang_altertable.html, section 7): the new table is made under another name, filled, and
 * put in place of the old one. The old one is never renamed, which would turn every reference away to it.
 */

/** The name of a table while it is filled. */
export function temporaryName(table: string): string {
  return `_athanor_new_${table}`;
}

/** Foreign keys are off outside the transaction: inside one the pragma does nothing, and a drop would cascade. */
export const enforcement: Omit<Surroundings, "checks"> = {
  before: ["PRAGMA foreign_keys = OFF"],
  after: ["PRAGMA legacy_alter_table = OFF", "PRAGMA foreign_keys = ON"],
};

/** That the pragma took effect. */
export const mustBeOff: PlanCheck = {
  sql: "SELECT 1, 'PRAGMA foreign_keys' FROM pragma_foreign_keys WHERE foreign_keys = 1",
  violation: "foreign keys are enforced on this connection, so that dropping a table would reach into others",
};

/** Tables that refer to a table. */
export function referrers(ref: TableRef, state: Schema): readonly Table[] {
  return state.tables.filter((table) => table.foreignKeys.some((key) => sameTable(key.references, ref)));
}

/** A function that fails with a text of ours; over a row of the answer, so that it is not worked out beforehand. */
export function assertion(check: PlanCheck): string {
  const text = quoteString(`${check.violation}: `);
  return `WITH answer (n, example) AS (${check.sql}) SELECT json_extract('{}', ${text} || n || ' (' || example || ')') FROM answer`;
}

/** That every foreign key of a table finds its row. A table that is dropped afterwards has none to be checked. */
export function foreignKeyCheck(table: TableRef): PlanCheck {
  const example = `min(k."table" || coalesce(' row ' || k.rowid, '') || ' refers to ' || k.parent)`;
  const source = `sqlite_schema AS s, pragma_foreign_key_check(s.name) AS k`;
  const chosen = `s.type = 'table' AND s.name = ${quoteString(table.name)}`;
  return {
    sql: `SELECT count(*), ${example} FROM ${source} WHERE ${chosen} HAVING count(*) > 0`,
    violation: `rows of table "${table.name}" refer to rows that are not there`,
  };
}

/** The statements that make `from` anew as `to`. See `DdlWriter.rebuild`. */
export function rebuild(
  from: Table,
  to: Table,
  columns: ReadonlyMap<string, string | null>,
  state: Schema,
  using: ReadonlyMap<string, string> = new Map(),
): RebuildStatements {
  const temporary = temporaryName(to.name);
  refuseLeftover(temporary, to, state);
  const copies = to.columns.flatMap((column) => {
    const copy = copyOf(column, from, to, columns, using);
    return copy === null ? [] : [copy];
  });
  const triggers = state.objects.filter(
    ({ kind, table }) => kind === "trigger" && table !== null && sameTable(table, to),
  );
  const kept = new Set([...columns.values()].filter((name) => name !== null));
  const loses = from.columns.some((column) => !kept.has(column.name));
  const checked = [to, ...referrers(to, state).filter((table) => !sameTable(table, to))];
  return {
    ...enforcement,
    statements: [
      mustBeOff,
      mustBeAsPlanned(
        from,
        triggers.map((trigger) => trigger.name),
      ),
      ...guards(from, to, copies, columns),
      createTableStatement(to, temporary),
      ...fill(from, to, temporary, copies),
      ...keepNumbering(from, to, temporary),
      `DROP TABLE ${quoteName(from.name)}`,
      "PRAGMA legacy_alter_table = ON",
      `ALTER TABLE ${quoteName(temporary)} RENAME TO ${quoteName(to.name)}`,
      "PRAGMA legacy_alter_table = OFF",
      ...to.indexes.map((index) => createIndexStatement(to.name, index)),
      ...triggers.map(createObject),
      ...(loses || triggers.length > 0 ? readWholeSchema(to) : []),
    ],
    checks: checked.map(foreignKeyCheck),
  };
}

/** A raw statement may have given the table what the plan does not know of, and what would be lost with it. */
function mustBeAsPlanned(table: Table, triggers: readonly string[]): PlanCheck {
  const name = quoteString(table.name);
  const list = (names: readonly string[]): string => names.map(quoteString).join(", ");
  const known = [...table.indexes.map((index) => index.name), ...triggers];
  const others = `SELECT name FROM sqlite_schema WHERE tbl_name = ${name} COLLATE NOCASE AND type IN ('index', 'trigger') AND sql IS NOT NULL AND name NOT IN (${list(known)})`;
  const columns = `SELECT name FROM pragma_table_xinfo(${name}) WHERE name NOT IN (${list(table.columns.map((column) => column.name))})`;
  return {
    sql: `SELECT count(*), min(name) FROM (${others} UNION ALL ${columns}) HAVING count(*) > 0`,
    violation: `table "${table.name}" has columns, indexes or triggers that the history does not know of; a raw statement has to say what it does with "changes"`,
  };
}

function refuseLeftover(temporary: string, table: Table, state: Schema): void {
  const names = [...state.tables, ...state.objects, ...state.unmanaged].map((each) => each.name);
  const leftover = names.find((name) => name.toLowerCase() === temporary.toLowerCase());
  if (leftover === undefined) return;
  throw new AthanorError("PLAN.LEFTOVER", { table: table.name, leftover });
}

/**
 * Conflict clauses of the table would drop rows in silence: ABORT overrides them. Then the rows are counted, before
 * the old table goes.
 */
function fill(from: Table, to: Table, temporary: string, copies: readonly Copy[]): (string | PlanCheck)[] {
  const rowId = rowIdCopy(from, to);
  const all = rowId === null ? copies : [rowId, ...copies];
  const count = (table: string): string => `(SELECT count(*) FROM ${quoteName(table)})`;
  const lost: PlanCheck = {
    sql: `SELECT ${count(from.name)} - ${count(temporary)}, 'none copied twice or left out' WHERE ${count(from.name)} <> ${count(temporary)}`,
    violation: `not every row of table "${from.name}" was copied`,
  };
  if (all.length === 0) return [lost];
  const names = all.map((copy) => copy.target).join(", ");
  const values = all.map((copy) => copy.sql).join(", ");
  return [
    `INSERT OR ABORT INTO ${quoteName(temporary)} (${names}) SELECT ${values} FROM ${quoteName(from.name)}`,
    lost,
  ];
}

/** Row ids stay what they are, though they have no column: triggers, full-text indexes and queries may use them. */
function rowIdCopy(from: Table, to: Table): Copy | null {
  const hasRowId = (table: Table): boolean => option(table.options, "withoutRowid") !== true;
  if (!hasRowId(from) || !hasRowId(to)) return null;
  if (to.columns.some((column) => isRowIdColumn(to, column))) return null;
  const taken = new Set([...from.columns, ...to.columns].map((column) => column.name.toLowerCase()));
  const name = ["rowid", "_rowid_", "oid"].find((each) => !taken.has(each));
  return name === undefined ? null : { column: null, target: name, given: false, sql: name };
}

function isNumberedForGood(table: Table): boolean {
  const numbered = (column: Column): boolean => option(column.options, "autoincrement") === true;
  return table.columns.some((column) => numbered(column) && isRowIdColumn(table, column));
}

/** The counter of AUTOINCREMENT may be beyond the last row: numbers of deleted rows are not used again. */
function keepNumbering(from: Table, to: Table, temporary: string): readonly string[] {
  if (!isNumberedForGood(from) || !isNumberedForGood(to)) return [];
  const old = quoteString(from.name);
  return [
    `DELETE FROM sqlite_sequence WHERE name = ${quoteString(temporary)}`,
    `INSERT INTO sqlite_sequence (name, seq) SELECT ${quoteString(temporary)}, seq FROM sqlite_sequence WHERE name = ${old} COLLATE NOCASE`,
  ];
}

/** SQLite reads every view and trigger again when a column is renamed, and says which one it can no longer read. */
function readWholeSchema(table: Table): readonly string[] {
  const probe = quoteName(`${temporaryName(table.name)}_probe`);
  return [`CREATE TABLE ${probe} (x)`, `ALTER TABLE ${probe} RENAME COLUMN x TO x`, `DROP TABLE ${probe}`];
}
