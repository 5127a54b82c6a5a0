import type { TableRef } from "../schema/index.ts";
import type { Expression } from "./expression.ts";

/** Statements as frozen data. */
export type Statement = SelectStatement | InsertStatement | UpdateStatement | DeleteStatement;

/** A table in FROM, under an alias where it has one. */
export interface FromItem {
  readonly table: TableRef;
  readonly alias: string | null;
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
  /** Rows stay locked until the transaction ends, where the database can. */
  readonly forUpdate: boolean;
}

export interface InsertStatement {
  readonly kind: "insert";
  readonly into: TableRef;
  readonly columns: readonly string[];
  /** Rows of expressions, null for a column's default; or the rows of a query. */
  readonly rows: readonly (readonly (Expression | null)[])[] | SelectStatement;
  readonly onConflict: OnConflict | null;
  readonly returning: readonly Selected[];
}

/** What becomes of a row whose key is taken. No assignments: it is left out. */
export interface OnConflict {
  readonly target: readonly string[];
  readonly set: readonly Assignment[];
  readonly where: Expression | null;
}

export interface Assignment {
  readonly column: string;
  readonly value: Expression;
}

export interface UpdateStatement {
  readonly kind: "update";
  readonly table: TableRef;
  readonly set: readonly Assignment[];
  readonly where: Expression | null;
  readonly returning: readonly Selected[];
}

export interface DeleteStatement {
  readonly kind: "delete";
  readonly from: TableRef;
  readonly where: Expression | null;
  readonly returning: readonly Selected[];
}
