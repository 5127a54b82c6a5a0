import type { ColumnType } from "../schema/index.ts";
import { type Comparable, Condition, type Expression, Operand } from "../sql/index.ts";
import type { Select } from "./select.ts";
import { expressionOf } from "./source.ts";

// biome-ignore lint/suspicious/noExplicitAny: functions take operands of any value
type AnyOperand = Operand<any>;

function call(name: string, args: readonly unknown[], distinct = false, star = false): Expression {
  return { kind: "call", name, args: args.map(expressionOf), distinct, star };
}

/** How many rows, or how many of them have a value. */
export function count(operand?: AnyOperand, options: { readonly distinct?: boolean } = {}): Operand<number> {
  return new Operand(
    call("count", operand === undefined ? [] : [operand], options.distinct, operand === undefined),
  );
}

/** The sum, in the form of what is summed; null of no rows. */
export function sum<T>(operand: Operand<T>): Operand<T | null> {
  return new Operand(call("sum", [operand]));
}

/** The mean as a double; null of no rows. */
export function avg(operand: AnyOperand): Operand<number | null> {
  return new Operand(call("avg", [operand]));
}

/** The least value; null of no rows. */
export function min<T>(operand: Operand<T>): Operand<T | null> {
  return new Operand(call("min", [operand]));
}

/** The greatest value; null of no rows. */
export function max<T>(operand: Operand<T>): Operand<T | null> {
  return new Operand(call("max", [operand]));
}

/** Any function of the database's: `func<number>("length", Hero.c.name)`. Values are bound. */
export function func<T = unknown>(name: string, ...args: readonly unknown[]): Operand<T> {
  return new Operand(call(name, args));
}

/** The first operand or value that is not null. */
export function coalesce<T>(operand: Operand<T>, ...others: readonly (Comparable<T> | null)[]): Operand<T> {
  return new Operand(call("coalesce", [operand, ...others]));
}

/** The operand as another type. */
export function cast<T = unknown>(operand: AnyOperand, type: ColumnType): Operand<T> {
  return new Operand({ kind: "cast", operand: operand.expression, type });
}

/** The first branch whose condition holds: `caseWhen([[Hero.c.age.lt(18), "young"]], "old")`. */
export function caseWhen<T>(
  branches: readonly (readonly [Condition, T | Operand<T>])[],
  otherwise?: T | Operand<T>,
): Operand<T> {
  return new Operand({
    kind: "case",
    // biome-ignore lint/suspicious/noThenProperty: THEN is the word of the SQL standard
    branches: branches.map(([when, then]) => ({ when: when.expression, then: expressionOf(then) })),
    otherwise: otherwise === undefined ? null : expressionOf(otherwise),
  });
}

/** Whether a query gives any row. */
export function exists(query: Select<unknown>): Condition {
  return new Condition({ kind: "exists", query: query.subquery });
}

/** A query of one column and at most one row, as a value. */
export function scalar<T>(query: Select<T>): Operand<T | null> {
  return new Operand({ kind: "subquery", query: query.subquery });
}
