import type { ColumnType, TableRef } from "../schema/index.ts";

/** SQL expressions as frozen data. A dialect's words come in only when a statement is compiled. */
export type Expression =
  | ColumnExpression
  | ParameterExpression
  | { readonly kind: "raw"; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: "name"; readonly name: string }
  /** A column of a named query, and what that query selects for it. */
  | { readonly kind: "output"; readonly item: FromItem; readonly name: string; readonly of: Expression }
  /** In an insert, what a column would have held in the row whose key is taken. */
  | { readonly kind: "excluded"; readonly name: string; readonly type: ColumnType }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "like";
      readonly ignoreCase: boolean;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "isNull"; readonly operand: Expression; readonly negated: boolean }
  | {
      readonly kind: "in";
      readonly operand: Expression;
      readonly values: readonly Expression[] | { readonly kind: "subquery"; readonly query: SelectStatement };
      readonly negated: boolean;
    }
  | {
      readonly kind: "between";
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
    }
  | { readonly kind: "logical"; readonly operator: "and" | "or"; readonly operands: readonly Expression[] }
  | { readonly kind: "not"; readonly operand: Expression }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Expression[];
      readonly distinct: boolean;
      readonly star: boolean;
    }
  | { readonly kind: "cast"; readonly operand: Expression; readonly type: ColumnType }
  | {
      readonly kind: "case";
      readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
      readonly otherwise: Expression | null;
    }
  | { readonly kind: "subquery"; readonly query: SelectStatement }
  | { readonly kind: "exists"; readonly query: SelectStatement };

/** The operators that stand between two operands. */
export type BinaryOperator = "=" | "<>" | "<" | "<=" | ">" | ">=" | "||" | Arithmetic;

/** The operators that calculate. */
export type Arithmetic = "+" | "-" | "*" | "/";

/** A column of a table, or of an alias of it. */
export interface ColumnExpression {
  readonly kind: "column";
  readonly table: TableRef;
  /** The alias the table goes by, where it has one. */
  readonly alias: string | null;
  readonly name: string;
  readonly type: ColumnType;
  /** The model the column is of, for those who build queries; the compiler does not look at it. */
  readonly owner?: object;
}

/** A value bound to the statement, in the form of its type; never part of the text. */
export interface ParameterExpression {
  readonly kind: "parameter";
  readonly value: unknown;
  /** Null where nothing says what the value is: it is bound as it is. */
  readonly type: ColumnType | null;
}

/** Statements, as frozen data too. */
export type Statement = SelectStatement | InsertStatement | UpdateStatement | DeleteStatement;

/** A table in FROM, under an alias where it has one; or a named query, whose name stands for the table's. */
export interface FromItem {
  readonly table: TableRef;
  readonly alias: string | null;
  readonly cte?: CommonTableExpression;
}

/** A query with a name, and names for its columns: what WITH says. */
export interface CommonTableExpression {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: SelectStatement;
}

/** A table joined to those before it. */
export interface Join {
  readonly kind: "inner" | "left";
  readonly item: FromItem;
  readonly on: Expression;
}

/** One key of ORDER BY. */
export interface Ordering {
  readonly expression: Expression;
  readonly direction: "asc" | "desc";
  readonly nulls: "first" | "last" | null;
}

/** One column of a result. */
export interface Selected {
  readonly expression: Expression;
  readonly alias: string | null;
}

/** How rows are locked: whether others may still read them for their own lock, and what is done about taken ones. */
export interface RowLock {
  readonly strength: "update" | "share";
  readonly taken: "wait" | "skip" | "fail";
}

/** A query. */
export interface SelectStatement {
  readonly kind: "select";
  readonly distinct: boolean;
  readonly columns: readonly Selected[];
  readonly from: FromItem | null;
  readonly joins: readonly Join[];
  readonly where: Expression | null;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | null;
  readonly orderBy: readonly Ordering[];
  readonly limit: Expression | null;
  readonly offset: Expression | null;
  /** Rows stay locked until the transaction ends; null where they do not. */
  readonly lock: RowLock | null;
}

/** Rows put into a table. */
export interface InsertStatement {
  readonly kind: "insert";
  readonly into: TableRef;
  readonly columns: readonly string[];
  /** Rows of expressions, null for a column's default; or the rows of a query. */
  readonly rows: readonly (readonly (Expression | null)[])[] | SelectStatement;
  /** The columns' defaults, where the database has no word for them in VALUES; null is NULL. */
  readonly defaults?: readonly (Expression | null)[];
  readonly onConflict: OnConflict | null;
  readonly returning: readonly Selected[];
}

/** What becomes of a row whose key is taken. No assignments: it is left out. */
export interface OnConflict {
  readonly target: readonly string[];
  readonly set: readonly Assignment[];
  readonly where: Expression | null;
}

/** A column and what it is set to. */
export interface Assignment {
  readonly column: string;
  readonly value: Expression;
  /** The column's type, where a computed value may have to be made to fit. */
  readonly type?: ColumnType;
}

/** Rows of a table changed. */
export interface UpdateStatement {
  readonly kind: "update";
  readonly table: TableRef;
  readonly set: readonly Assignment[];
  readonly where: Expression | null;
  readonly returning: readonly Selected[];
}

/** Rows of a table deleted. */
export interface DeleteStatement {
  readonly kind: "delete";
  readonly from: TableRef;
  readonly where: Expression | null;
  readonly returning: readonly Selected[];
}
