export { type Compiled, compile, compileFragment } from "./compile.ts";
export { type CompilerDialect, tableName, tellingValue, typeOf } from "./compile-expression.ts";
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
export { partsOf } from "./parts.ts";
export { SqlFragment, type SqlTag, sql } from "./template.ts";
export type {
  Arithmetic,
  Assignment,
  BinaryOperator,
  ColumnExpression,
  CommonTableExpression,
  DeleteStatement,
  Expression,
  FromItem,
  InsertStatement,
  Join,
  OnConflict,
  Ordering,
  ParameterExpression,
  RowLock,
  Selected,
  SelectStatement,
  Statement,
  UpdateStatement,
} from "./tree.ts";
export { type QueryWords, wordsOf } from "./words.ts";
