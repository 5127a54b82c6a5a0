import type { TableRef } from "../schema/index.ts";
import { type CompilerDialect, type Context, compileExpression, typeOf } from "./compile-expression.ts";
import type {
  Assignment,
  DeleteStatement,
  Expression,
  FromItem,
  InsertStatement,
  Ordering,
  ParameterExpression,
  Selected,
  SelectStatement,
  Statement,
  UpdateStatement,
} from "./tree.ts";

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

function tableName(table: TableRef, context: Context): string {
  const { quote } = context.dialect;
  return table.schema === null ? quote(table.name) : `${quote(table.schema)}.${quote(table.name)}`;
}

function fromItem(item: FromItem, context: Context): string {
  const alias = item.alias === null ? "" : ` AS ${context.dialect.quote(item.alias)}`;
  return tableName(item.table, context) + alias;
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

/** The order of clauses is the order of placeholders. */
function compileSelect(select: SelectStatement, context: Context): string {
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
  const lock = select.forUpdate ? " FOR UPDATE" : "";
  return `${columns}${from}${joins.join("")}${where}${groupBy}${having}${orderBy}${context.dialect.limit(limit, offset)}${lock}`;
}

function orderings(list: readonly Ordering[], context: Context): string {
  if (list.length === 0) return "";
  const keys = list.map(({ expression, direction, nulls }) => {
    const type = typeOf(expression);
    const sql = compileExpression(expression, context);
    const key = type === null ? sql : context.dialect.comparable(sql, type);
    return `${key}${direction === "desc" ? " DESC" : ""}${nulls === null ? "" : ` NULLS ${nulls.toUpperCase()}`}`;
  });
  return ` ORDER BY ${keys.join(", ")}`;
}

function compileInsert(insert: InsertStatement, context: Context): string {
  const { quote } = context.dialect;
  const columns = insert.columns.length === 0 ? "" : ` (${insert.columns.map(quote).join(", ")})`;
  const values = insertedRows(insert, context);
  const conflict = insert.onConflict === null ? "" : conflictClause(insert, context);
  return `INSERT INTO ${tableName(insert.into, context)}${columns}${values}${conflict}${returning(insert.returning, context)}`;
}

function insertedRows(insert: InsertStatement, context: Context): string {
  if ("kind" in insert.rows) return ` ${context.subquery(insert.rows)}`;
  if (insert.columns.length === 0) return " DEFAULT VALUES";
  const rows = insert.rows.map((row) => {
    const cells = row.map((cell) => (cell === null ? "DEFAULT" : compileExpression(cell, context)));
    return `(${cells.join(", ")})`;
  });
  return ` VALUES ${rows.join(", ")}`;
}

function conflictClause(insert: InsertStatement, context: Context): string {
  const conflict = insert.onConflict;
  if (conflict === null) return "";
  const target =
    conflict.target.length === 0 ? "" : ` (${conflict.target.map(context.dialect.quote).join(", ")})`;
  if (conflict.set.length === 0) return ` ON CONFLICT${target} DO NOTHING`;
  const where = clause("WHERE", conflict.where, { ...context, qualify: true });
  return ` ON CONFLICT${target} DO UPDATE SET ${assignments(conflict.set, context)}${where}`;
}

function assignments(set: readonly Assignment[], context: Context): string {
  return set
    .map(({ column, value }) => `${context.dialect.quote(column)} = ${compileExpression(value, context)}`)
    .join(", ");
}

function returning(columns: readonly Selected[], context: Context): string {
  return columns.length === 0 ? "" : ` RETURNING ${selected(columns, context)}`;
}

function compileUpdate(update: UpdateStatement, context: Context): string {
  const set = assignments(update.set, context);
  const where = clause("WHERE", update.where, context);
  const back = returning(update.returning, { ...context, qualify: false });
  return `UPDATE ${tableName(update.table, context)} SET ${set}${where}${back}`;
}

function compileDelete(statement: DeleteStatement, context: Context): string {
  const where = clause("WHERE", statement.where, context);
  const back = returning(statement.returning, { ...context, qualify: false });
  return `DELETE FROM ${tableName(statement.from, context)}${where}${back}`;
}
