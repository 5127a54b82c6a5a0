export { type Compiled, compile, compileFragment } from "./compile.ts";
export type { CompilerDialect } from "./compile-expression.ts";
export type { BinaryOperator, ColumnExpression, Expression, ParameterExpression } from "./expression.ts";
export { inlineSql } from "./inline.ts";
export {
  and,
  type Comparable,
  Condition,
  not,
  Operand,
  OrderKey,
  or,
  type SubqueryOperand,
} from "./operand.ts";
export type {
  Assignment,
  DeleteStatement,
  FromItem,
  InsertStatement,
  Join,
  OnConflict,
  Ordering,
  Selected,
  SelectStatement,
  Statement,
  UpdateStatement,
} from "./statement.ts";
export { SqlFragment, type SqlTag, sql } from "./template.ts";
