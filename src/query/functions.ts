import type { ColumnType } from "../schema/index.ts";
import { type Comparable, Condition, type Expression, Operand } from "../sql/index.ts";
import type { Select } from "./select.ts";
import { expressionOf } from "./source.ts";
import { type Branches, CastOperand, caseOf, ValueCase } from "./typed-values.ts";

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
  return new Operand(call("sum", [operand]), operand);
}

/** The mean as a double; null of no rows. */
export function avg(operand: AnyOperand): Operand<number | null> {
  return new Operand(call("avg", [operand]));
}

/** The least value; null of no rows. */
export function min<T>(operand: Operand<T>): Operand<T | null> {
  return new Operand(call("min", [operand]), operand);
}

/** The greatest value; null of no rows. */
export function max<T>(operand: Operand<T>): Operand<T | null> {
  return new Operand(call("max", [operand]), operand);
}

/** Any function of the database's: `func<number>("length", Hero.c.name)`. Values are bound. */
export function func<T = unknown>(name: string, ...args: readonly unknown[]): Operand<T> {
  return new Operand(call(name, args));
}

/** The first operand or value that is not null. */
export function coalesce<T, const O extends readonly (Comparable<T> | null)[]>(
  operand: Operand<T>,
  ...others: O
): Operand<Coalesced<T, O>> {
  const args = [operand.expression, ...others.map((other) => Operand.fit(operand, other))];
  return new Operand({ kind: "call", name: "coalesce", args, distinct: false, star: false }, operand);
}

/** Null only where every other operand may be null as well. */
type Coalesced<T, O extends readonly unknown[]> = true extends {
  [I in keyof O]: null extends ValueOf<O[I]> ? false : true;
}[number]
  ? NonNullable<T>
  : T;

type ValueOf<V> = V extends Operand<infer T> ? T : V;

/** The operand as another type. */
export function cast<T = unknown>(operand: AnyOperand, type: ColumnType): Operand<T> {
  return new CastOperand<T>({ kind: "cast", operand: operand.expression, type }, type);
}

/**
 * The first branch whose condition holds, null where none does: `caseWhen([[Hero.c.age.lt(18), "young"]], "old")`.
 * Values are in the form of the first operand among them, or of the column that the whole is compared with or set to.
 */
export function caseWhen<T>(branches: Branches<T>, otherwise: T | Operand<T>): Operand<T>;
export function caseWhen<T>(branches: Branches<T>): Operand<T | null>;
export function caseWhen<T>(branches: Branches<T>, otherwise?: T | Operand<T>): Operand<T | null> {
  const values = [...branches.map(([, then]) => then), ...(otherwise === undefined ? [] : [otherwise])];
  const like = values.find((value) => value instanceof Operand);
  if (like === undefined) return new ValueCase(branches, otherwise);
  return new Operand(
    caseOf(branches, otherwise, (value) => Operand.fit(like, value)),
    like,
  );
}

/** Whether a query gives any row. */
export function exists(query: Select<unknown>): Condition {
  return new Condition({ kind: "exists", query: query.subquery });
}

/** A query of one column and at most one row, as a value. */
export function scalar<T>(query: Select<T>): Operand<T | null> {
  const [selected] = query.plan.selections;
  const like = selected?.kind === "value" ? selected.operand : null;
  return new Operand({ kind: "subquery", query: query.subquery }, like);
}
