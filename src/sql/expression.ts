import type { ColumnType, TableRef } from "../schema/index.ts";
import type { SelectStatement } from "./statement.ts";

/** SQL expressions as frozen data. A dialect's words come in only when a statement is compiled. */
export type Expression =
  | ColumnExpression
  | ParameterExpression
  | { readonly kind: "raw"; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: "name"; readonly name: string }
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
export type BinaryOperator = "=" | "<>" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "||";

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
