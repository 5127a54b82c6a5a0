import { InternalError } from "../errors/index.ts";
import type { ColumnType, TableRef } from "../schema/index.ts";
import type { Arithmetic, BinaryOperator, Expression, ParameterExpression, SelectStatement } from "./tree.ts";
import { type QueryWords, wordsOf } from "./words.ts";

/** What the compiler asks of a dialect; `dialect/dialect.ts` has the same shape. */
export interface CompilerDialect {
  quote(name: string): string;
  placeholder(n: number): string;
  comparable(sql: string, type: ColumnType): string;
  typedParameter?(placeholder: string, type: ColumnType): string;
  calculation?(left: string, operator: Arithmetic, right: string, type: ColumnType): string;
  aggregate?(name: string, type: ColumnType): string;
  assigned?(sql: string, type: ColumnType): string;
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
  /** Texts of expressions with parameters, where one that comes again is to have the same. */
  readonly shared?: Map<string, string>;
}

/** SQL of an expression; it is put in parentheses where it stands inside another. */
export function compileExpression(expression: Expression, context: Context): string {
  const { shared, parameters } = context;
  if (shared === undefined || expression.kind === "parameter") return compileAnew(expression, context);
  const key = keyOf(expression);
  const known = shared.get(key);
  if (known !== undefined) return known;
  const before = parameters.length;
  const sql = compileAnew(expression, context);
  if (parameters.length > before) shared.set(key, sql);
  return sql;
}

/** The same text for expressions that are equal; objects of which that cannot be said are equal to themselves. */
function keyOf(expression: Expression): string {
  return JSON.stringify(expression, (_, value: unknown) => {
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value === "number" && !Number.isFinite(value)) return String(value);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.getPrototypeOf(value) === Object.prototype ? value : numberOf(value);
  });
}

const numbers = new WeakMap<object, number>();
let numbered = 0;

function numberOf(value: object): number {
  const number = numbers.get(value) ?? ++numbered;
  numbers.set(value, number);
  return number;
}

function compileAnew(expression: Expression, context: Context): string {
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
      return compileCast(expression, context);
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
    case "binary":
      return compileBinary(expression, context);
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
      const part = (each: Expression): string => comparedSide(each, type, context);
      return `${part(expression.operand)} BETWEEN ${part(expression.low)} AND ${part(expression.high)}`;
    }
  }
}

function compileBinary(
  { left, operator, right }: Extract<Expression, { kind: "binary" }>,
  context: Context,
): string {
  if (operator === "||") return `${nested(left, context)} || ${nested(right, context)}`;
  const type = typeOf(left) ?? typeOf(right);
  if (!isArithmetic(operator))
    return `${comparedSide(left, type, context)} ${operator} ${comparedSide(right, type, context)}`;
  const [a, b] = [side(left, type, context), side(right, type, context)];
  const { calculation } = context.dialect;
  return type === null || calculation === undefined
    ? `${a} ${operator} ${b}`
    : calculation(a, operator, b, type);
}

function isArithmetic(operator: BinaryOperator): operator is Arithmetic {
  return operator === "+" || operator === "-" || operator === "*" || operator === "/";
}

/** One side of an operator whose operands are of `type`. */
function side(each: Expression, type: ColumnType | null, context: Context): string {
  const sql = nested(each, context);
  const own = each.kind === "parameter" ? (each.type ?? unlimited(type)) : null;
  return own === null ? sql : (context.dialect.typedParameter?.(sql, own) ?? sql);
}

/** A decimal that is compared with others need not have as many digits as they do. */
function unlimited(type: ColumnType | null): ColumnType | null {
  return type?.kind === "numeric" ? { ...type, precision: null, scale: null } : type;
}

function comparedSide(each: Expression, type: ColumnType | null, context: Context): string {
  return comparable(side(each, type, context), type, context);
}

function comparable(sql: string, type: ColumnType | null, context: Context): string {
  return type === null ? sql : context.dialect.comparable(sql, type);
}

/** The column type of an expression, where it is known. */
export function typeOf(expression: Expression): ColumnType | null {
  switch (expression.kind) {
    case "column":
    case "cast":
    case "parameter":
    case "excluded":
      return expression.type;
    case "output":
      return typeOf(expression.of);
    case "binary":
      return isArithmetic(expression.operator) ? typeOf(expression.left) : null;
    case "call":
      return isOfItsArgument(expression) ? typeOf(expression.args[0] as Expression) : null;
    case "subquery":
    case "case": {
      const value = tellingValue(expression);
      return value === null ? null : typeOf(value);
    }
    default:
      return null;
  }
}

/** Of several values that an expression may have, the one that tells most of them all: a column rather than a parameter. */
export function tellingValue(
  expression: Extract<Expression, { kind: "case" | "subquery" }>,
): Expression | null {
  if (expression.kind === "subquery") return expression.query.columns[0]?.expression ?? null;
  const { branches, otherwise } = expression;
  const values = [...branches.map(({ then }) => then), ...(otherwise === null ? [] : [otherwise])];
  const known = values.filter((value) => typeOf(value) !== null);
  return known.find(({ kind }) => kind !== "parameter") ?? known[0] ?? values[0] ?? null;
}

/** Whether a function's value has the type of what it is of. */
export function isOfItsArgument({ name, args }: Extract<Expression, { kind: "call" }>): boolean {
  return args.length > 0 && /^(?:min|max|sum|coalesce)$/i.test(name);
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
  const operator = negated ? "NOT IN" : "IN";
  // What the query gives is not made comparable, and as it is, it equals what is stored.
  if ("kind" in values) return `${nested(operand, context)} ${operator} (${context.subquery(values.query)})`;
  if (values.length === 0) return negated ? "1 = 1" : "1 = 0";
  const list = values.map((value) => comparedSide(value, type, context));
  return `${comparedSide(operand, type, context)} ${operator} (${list.join(", ")})`;
}

function compileCall(expression: Extract<Expression, { kind: "call" }>, context: Context): string {
  if (!/^[A-Za-z_][\w.]*$/.test(expression.name))
    throw new InternalError(`${expression.name} is no function's name`);
  const args = expression.star
    ? "*"
    : expression.args.map((each) => compileExpression(each, context)).join(", ");
  const type = typeOf(expression);
  const name =
    (type === null ? undefined : context.dialect.aggregate?.(expression.name, type)) ?? expression.name;
  return `${name}(${expression.distinct ? "DISTINCT " : ""}${args})`;
}

function compileCast({ operand, type }: Extract<Expression, { kind: "cast" }>, context: Context): string {
  const sql = `CAST(${compileExpression(operand, context)} AS ${context.dialect.castType(type)})`;
  return context.dialect.assigned?.(sql, type) ?? sql;
}

function compileCase(expression: Extract<Expression, { kind: "case" }>, context: Context): string {
  const branches = expression.branches.map(
    ({ when, then }) => `WHEN ${compileExpression(when, context)} THEN ${compileExpression(then, context)}`,
  );
  const otherwise =
    expression.otherwise === null ? "" : ` ELSE ${compileExpression(expression.otherwise, context)}`;
  return `CASE ${branches.join(" ")}${otherwise} END`;
}
