import type { TableRef } from "../schema/index.ts";
import {
  type CompilerDialect,
  type Context,
  compileExpression,
  tableName,
  typeOf,
} from "./compile-expression.ts";
import type {
  Assignment,
  DeleteStatement,
  Expression,
  FromItem,
  InsertStatement,
  OnConflict,
  Ordering,
  ParameterExpression,
  RowLock,
  Selected,
  SelectStatement,
  Statement,
  UpdateStatement,
} from "./tree.ts";
import { wordsOf } from "./words.ts";

/** A statement as text, with the parameters its placeholders stand for, in order. */
export interface Compiled {
  readonly sql: string;
  readonly parameters: readonly ParameterExpression[];
}

/** The text of a statement in a dialect. Values are parameters, always. */
export function compile(statement: Statement, dialect: CompilerDialect): Compiled {
  const parameters: ParameterExpression[] = [];
  const context = contextOf(dialect, parameters, true);
  return { sql: compileStatement(statement, context), parameters };
}

/** The text of one expression, with its parameters: for statements written by hand. */
export function compileFragment(expression: Expression, dialect: CompilerDialect): Compiled {
  const parameters: ParameterExpression[] = [];
  return { sql: compileExpression(expression, contextOf(dialect, parameters, true)), parameters };
}

function contextOf(dialect: CompilerDialect, parameters: ParameterExpression[], qualify: boolean): Context {
  return {
    dialect,
    parameters,
    qualify,
    subquery: (query) => compileSelect(query, contextOf(dialect, parameters, true)),
    parameter: (parameter) => dialect.placeholder(parameters.push(parameter)),
  };
}

function compileStatement(statement: Statement, context: Context): string {
  switch (statement.kind) {
    case "select":
      return compileSelect(statement, context);
    case "insert":
      return compileInsert(statement, { ...context, qualify: false });
    case "update":
      return compileUpdate(statement, context);
    case "delete":
      return compileDelete(statement, context);
  }
}

function fromItem(item: FromItem, context: Context): string {
  const alias = item.alias === null ? "" : ` AS ${context.dialect.quote(item.alias)}`;
  return tableName(item.table, context.dialect) + alias;
}

function selected(columns: readonly Selected[], context: Context): string {
  return columns
    .map(({ expression, alias }) => {
      const sql = compileExpression(expression, context);
      return alias === null ? sql : `${sql} AS ${context.dialect.quote(alias)}`;
    })
    .join(", ");
}

function clause(word: string, expression: Expression | null, context: Context): string {
  return expression === null ? "" : ` ${word} ${compileExpression(expression, context)}`;
}

/** The named queries that a query reads, each once. */
function withClause(select: SelectStatement, context: Context): string {
  const { quote } = context.dialect;
  const named = new Map(
    [select.from, ...select.joins.map(({ item }) => item)].map((item) => [item?.cte?.name, item?.cte]),
  );
  const parts = [...named.values()].flatMap((cte) => {
    if (cte === undefined) return [];
    return [`${quote(cte.name)} (${cte.columns.map(quote).join(", ")}) AS (${context.subquery(cte.query)})`];
  });
  return parts.length === 0 ? "" : `WITH ${parts.join(", ")} `;
}

/** The order of clauses is the order of placeholders. */
function compileSelect(select: SelectStatement, outer: Context): string {
  const named = withClause(select, outer);
  const context = sharesParameters(select, outer.dialect) ? { ...outer, shared: new Map() } : outer;
  const columns = `SELECT ${select.distinct ? "DISTINCT " : ""}${selected(select.columns, context)}`;
  const from = select.from === null ? "" : ` FROM ${fromItem(select.from, context)}`;
  const joins = select.joins.map((join) => {
    const word = join.kind === "left" ? " LEFT JOIN" : " JOIN";
    return `${word} ${fromItem(join.item, context)} ON ${compileExpression(join.on, context)}`;
  });
  const where = clause("WHERE", select.where, context);
  const groups = select.groupBy.map((each) => compileExpression(each, context)).join(", ");
  const groupBy = groups === "" ? "" : ` GROUP BY ${groups}`;
  const having = clause("HAVING", select.having, context);
  const orderBy = orderings(select.orderBy, context);
  const limit = select.limit === null ? null : compileExpression(select.limit, context);
  const offset = select.offset === null ? null : compileExpression(select.offset, context);
  const lock = select.lock === null ? "" : lockClause(select.lock, context);
  return `${named}${columns}${from}${joins.join("")}${where}${groupBy}${having}${orderBy}${context.dialect.limit(limit, offset)}${lock}`;
}

/**
 * What is grouped or sorted by is what was selected only where it has the same parameters, and not others that are as
 * large: where placeholders have numbers, the text of an expression that comes again is the one that it had.
 */
function sharesParameters(
  { groupBy, distinct, orderBy }: SelectStatement,
  dialect: CompilerDialect,
): boolean {
  const isNumbered = dialect.placeholder(1) !== dialect.placeholder(2);
  return isNumbered && (groupBy.length > 0 || (distinct && orderBy.length > 0));
}

const takenRows = { wait: "", skip: " SKIP LOCKED", fail: " NOWAIT" } as const;

function lockClause({ strength, taken }: RowLock, context: Context): string {
  const clause = strength === "share" ? wordsOf(context.dialect).shareLock : " FOR UPDATE";
  return `${clause}${takenRows[taken]}`;
}

function orderings(list: readonly Ordering[], context: Context): string {
  if (list.length === 0) return "";
  const keys = list.map(({ expression, direction, nulls }) => {
    const type = typeOf(expression);
    const sql = compileExpression(expression, context);
    const key = type === null ? sql : context.dialect.comparable(sql, type);
    const sorted = `${key}${direction === "desc" ? " DESC" : ""}`;
    if (nulls === null) return sorted;
    if (wordsOf(context.dialect).nullsOrder) return `${sorted} NULLS ${nulls.toUpperCase()}`;
    return `${compileExpression({ kind: "isNull", operand: expression, negated: nulls === "first" }, context)}, ${sorted}`;
  });
  return ` ORDER BY ${keys.join(", ")}`;
}

function compileInsert(insert: InsertStatement, context: Context): string {
  const { quote } = context.dialect;
  const columns = insert.columns.length === 0 ? "" : ` (${insert.columns.map(quote).join(", ")})`;
  const values = insertedRows(insert, context);
  const conflict = insert.onConflict === null ? "" : conflictClause(insert, context);
  return `INSERT INTO ${tableName(insert.into, context.dialect)}${columns}${values}${conflict}${returning(insert.returning, context)}`;
}

function insertedRows(insert: InsertStatement, context: Context): string {
  if ("kind" in insert.rows) return ` ${context.subquery(insert.rows)}`;
  if (insert.columns.length === 0) return wordsOf(context.dialect).noValues;
  const { defaultInValues } = wordsOf(context.dialect);
  const rows = insert.rows.map((row) => {
    const cells = row.map((cell, at) => {
      if (cell === null && defaultInValues) return "DEFAULT";
      const value = cell ?? insert.defaults?.[at] ?? null;
      return value === null ? "NULL" : compileExpression(value, context);
    });
    return `(${cells.join(", ")})`;
  });
  return ` VALUES ${rows.join(", ")}`;
}

function conflictClause(insert: InsertStatement, context: Context): string {
  const conflict = insert.onConflict;
  if (conflict === null) return "";
  if (wordsOf(context.dialect).upsert === "on duplicate key")
    return duplicateClause(insert.into, conflict, context);
  const target =
    conflict.target.length === 0 ? "" : ` (${conflict.target.map(context.dialect.quote).join(", ")})`;
  if (conflict.set.length === 0) return ` ON CONFLICT${target} DO NOTHING`;
  // In the order of the text: placeholders without numbers take parameters as they come.
  const set = assignments(conflict.set, { ...context, qualify: true });
  const where = clause("WHERE", conflict.where, { ...context, qualify: true });
  return ` ON CONFLICT${target} DO UPDATE SET ${set}${where}`;
}

/** Any unique key counts. A row that is to stay as it is gets the value it has. */
function duplicateClause(into: TableRef, { target, set, where }: OnConflict, context: Context): string {
  const { quote } = context.dialect;
  const within = { ...context, qualify: true };
  const [first] = target;
  const name = first === undefined ? "" : quote(first);
  if (set.length === 0) return ` ON DUPLICATE KEY UPDATE ${name} = ${name}`;
  if (where === null) return ` ON DUPLICATE KEY UPDATE ${assignments(set, within)}`;
  // Assignments are made one after the other: what the condition reads is changed last, or the condition is kept.
  const read = columnsIn(where);
  const sorted = set.toSorted((a, b) => Number(read.has(a.column)) - Number(read.has(b.column)));
  const keeps = set.filter(({ column }) => read.has(column)).length > 1;
  const changes = sorted.map(({ column, value }, at) => {
    const test = keeps && at > 0 ? "@athanor_fits" : compileExpression(where, within);
    const condition = keeps && at === 0 ? `(@athanor_fits := (${test}))` : test;
    const own = `${tableName(into, context.dialect)}.${quote(column)}`;
    return `${quote(column)} = CASE WHEN ${condition} THEN ${compileExpression(value, within)} ELSE ${own} END`;
  });
  return ` ON DUPLICATE KEY UPDATE ${changes.join(", ")}`;
}

/** The columns that an expression reads, by name. */
function columnsIn(expression: unknown): Set<string> {
  if (typeof expression !== "object" || expression === null) return new Set();
  const { kind, name } = expression as { readonly kind?: string; readonly name?: string };
  if (kind === "parameter") return new Set();
  if (kind === "column" || kind === "name") return new Set([String(name)]);
  return new Set(Object.values(expression).flatMap((inner) => [...columnsIn(inner)]));
}

/** Every value is of the row as it was: what is read by others is assigned after them, as far as that can be. */
function inTurn(set: readonly Assignment[]): readonly Assignment[] {
  const left = set.map((assignment) => ({ assignment, reads: columnsIn(assignment.value) }));
  const sorted: Assignment[] = [];
  while (left.length > 0) {
    const isRead = ({ column }: Assignment): boolean =>
      left.some(({ assignment, reads }) => assignment.column !== column && reads.has(column));
    const free = left.findIndex(({ assignment }) => !isRead(assignment));
    sorted.push(...left.splice(Math.max(free, 0), 1).map(({ assignment }) => assignment));
  }
  return sorted;
}

function assignments(set: readonly Assignment[], context: Context): string {
  return (wordsOf(context.dialect).assignsInTurn ? inTurn(set) : set)
    .map(({ column, value, type }) => {
      const sql = compileExpression(value, context);
      const isComputed = type !== undefined && value.kind !== "parameter";
      const fitting = isComputed ? (context.dialect.assigned?.(sql, type) ?? sql) : sql;
      return `${context.dialect.quote(column)} = ${fitting}`;
    })
    .join(", ");
}

function returning(columns: readonly Selected[], context: Context): string {
  return columns.length === 0 ? "" : ` RETURNING ${selected(columns, context)}`;
}

function compileUpdate(update: UpdateStatement, context: Context): string {
  const set = assignments(update.set, context);
  const where = clause("WHERE", update.where, context);
  const back = returning(update.returning, { ...context, qualify: false });
  return `UPDATE ${tableName(update.table, context.dialect)} SET ${set}${where}${back}`;
}

function compileDelete(statement: DeleteStatement, context: Context): string {
  const where = clause("WHERE", statement.where, context);
  const back = returning(statement.returning, { ...context, qualify: false });
  return `DELETE FROM ${tableName(statement.from, context.dialect)}${where}${back}`;
}
