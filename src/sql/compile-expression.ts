import { InternalError } from "../errors/index.ts";
import type { ColumnType, TableRef } from "../schema/index.ts";
import type { Expression, ParameterExpression, SelectStatement } from "./tree.ts";
import { type QueryWords, wordsOf } from "./words.ts";

/** What the compiler asks of a dialect; `dialect/dialect.ts` has the same shape. */
export interface CompilerDialect {
  quote(name: string): string;
  placeholder(n: number): string;
  comparable(sql: string, type: ColumnType): string;
  ilike(left: string, right: string): string;
  like(left: string, right: string): string;
  limit(limit: string | null, offset: string | null): string;
  castType(type: ColumnType): string;
  readonly words?: Partial<QueryWords>;
  /** Where tables of named schemas are, if not in schemas. */
  readonly place?: (ref: TableRef) => TableRef;
}

/** A table's name, quoted, where the dialect has it. */
export function tableName(
  table: TableRef,
  { quote, place }: Pick<CompilerDialect, "quote" | "place">,
): string {
  const { schema, name } = place === undefined || table.schema === null ? table : place(table);
  return schema === null ? quote(name) : `${quote(schema)}.${quote(name)}`;
}

/** A compiler in the middle of a statement. */
export interface Context {
  readonly dialect: CompilerDialect;
  readonly parameters: ParameterExpression[];
  /** Columns are written with their table's name, or, in statements about one table, without. */
  readonly qualify: boolean;
  /** Compiles a query inside an expression. */
  readonly subquery: (query: SelectStatement) => string;
  /** Writes a parameter; DDL writes it as a literal. */
  readonly parameter: (parameter: ParameterExpression) => string;
}

/** SQL of an expression; it is put in parentheses where it stands inside another. */
export function compileExpression(expression: Expression, context: Context): string {
  switch (expression.kind) {
    case "column":
      return compileColumn(expression, context);
    case "parameter":
      return context.parameter(expression);
    case "name":
      return context.dialect.quote(expression.name);
    case "output": {
      const { quote } = context.dialect;
      return `${quote(expression.item.alias ?? expression.item.table.name)}.${quote(expression.name)}`;
    }
    case "excluded":
      return compileExcluded(expression.name, context.dialect);
    case "raw":
      return expression.parts
        .map((part) => (typeof part === "string" ? part : compileExpression(part, context)))
        .join("");
    case "logical":
      return compileLogical(expression, context);
    case "not":
      return `NOT ${nested(expression.operand, context)}`;
    case "call":
      return compileCall(expression, context);
    case "cast":
      return `CAST(${compileExpression(expression.operand, context)} AS ${context.dialect.castType(expression.type)})`;
    case "case":
      return compileCase(expression, context);
    case "subquery":
      return `(${context.subquery(expression.query)})`;
    case "exists":
      return `EXISTS (${context.subquery(expression.query)})`;
    default:
      return compilePredicate(expression, context);
  }
}

function compileExcluded(name: string, dialect: CompilerDialect): string {
  const column = dialect.quote(name);
  return wordsOf(dialect).upsert === "on conflict" ? `excluded.${column}` : `VALUES(${column})`;
}

type Predicate = Extract<Expression, { kind: "binary" | "like" | "isNull" | "in" | "between" }>;

function compilePredicate(expression: Predicate, context: Context): string {
  switch (expression.kind) {
    case "binary": {
      const type = typeOf(expression.left) ?? typeOf(expression.right);
      const side = (each: Expression): string => comparable(nested(each, context), type, context);
      return `${side(expression.left)} ${expression.operator} ${side(expression.right)}`;
    }
    case "like": {
      const write = expression.ignoreCase ? context.dialect.ilike : context.dialect.like;
      return write(nested(expression.left, context), nested(expression.right, context));
    }
    case "isNull":
      return `${nested(expression.operand, context)} IS ${expression.negated ? "NOT " : ""}NULL`;
    case "in":
      return compileIn(expression, context);
    case "between": {
      const type = typeOf(expression.operand);
      const part = (each: Expression): string => comparable(nested(each, context), type, context);
      return `${part(expression.operand)} BETWEEN ${part(expression.low)} AND ${part(expression.high)}`;
    }
  }
}

function comparable(sql: string, type: ColumnType | null, context: Context): string {
  return type === null ? sql : context.dialect.comparable(sql, type);
}

/** The column type of an expression, where it is known. */
export function typeOf(expression: Expression): ColumnType | null {
  const { kind } = expression;
  if (kind === "output") return typeOf(expression.of);
  return kind === "column" || kind === "cast" || kind === "parameter" || kind === "excluded"
    ? expression.type
    : null;
}

const simple: ReadonlySet<Expression["kind"]> = new Set([
  "column",
  "output",
  "parameter",
  "name",
  "excluded",
  "call",
  "cast",
  "subquery",
  "exists",
  "case",
]);

function nested(expression: Expression, context: Context): string {
  const sql = compileExpression(expression, context);
  return simple.has(expression.kind) ? sql : `(${sql})`;
}

function compileColumn(column: Extract<Expression, { kind: "column" }>, context: Context): string {
  const { quote } = context.dialect;
  if (!context.qualify) return quote(column.name);
  if (column.alias !== null) return `${quote(column.alias)}.${quote(column.name)}`;
  return `${tableName(column.table, context.dialect)}.${quote(column.name)}`;
}

function compileLogical(expression: Extract<Expression, { kind: "logical" }>, context: Context): string {
  if (expression.operands.length === 0) return expression.operator === "and" ? "1 = 1" : "1 = 0";
  return expression.operands
    .map((each) => nested(each, context))
    .join(` ${expression.operator.toUpperCase()} `);
}

function compileIn(expression: Extract<Expression, { kind: "in" }>, context: Context): string {
  const { operand, values, negated } = expression;
  const type = typeOf(operand);
  const left = comparable(nested(operand, context), type, context);
  const operator = negated ? "NOT IN" : "IN";
  if ("kind" in values) return `${left} ${operator} (${context.subquery(values.query)})`;
  if (values.length === 0) return negated ? "1 = 1" : "1 = 0";
  const list = values.map((value) => comparable(nested(value, context), type, context));
  return `${left} ${operator} (${list.join(", ")})`;
}

function compileCall(expression: Extract<Expression, { kind: "call" }>, context: Context): string {
  if (!/^[A-Za-z_][\w.]*$/.test(expression.name))
    throw new InternalError(`${expression.name} is no function's name`);
  const args = expression.star
    ? "*"
    : expression.args.map((each) => compileExpression(each, context)).join(", ");
  return `${expression.name}(${expression.distinct ? "DISTINCT " : ""}${args})`;
}

function compileCase(expression: Extract<Expression, { kind: "case" }>, context: Context): string {
  const branches = expression.branches.map(
    ({ when, then }) => `WHEN ${compileExpression(when, context)} THEN ${compileExpression(then, context)}`,
  );
  const otherwise =
    expression.otherwise === null ? "" : ` ELSE ${compileExpression(expression.otherwise, context)}`;
  return `CASE ${branches.join(" ")}${otherwise} END`;
}
