import type { BinaryOperator, Expression, Ordering, SelectStatement } from "./tree.ts";

/** What an operator takes on its right: a value, or another operand of the same kind of value. */
export type Comparable<T> = T | Operand<T>;

/** A query that stands for one column of values. */
export interface SubqueryOperand<T> {
  readonly subquery: SelectStatement;
  /** Only for the type: what the column holds. */
  readonly "~column"?: T;
}

/** Something that has a value in SQL: a column, a function's result, a parameter. `T` is the value's type. */
export class Operand<T> {
  readonly expression: Expression;
  // biome-ignore lint/suspicious/noExplicitAny: what an operand is made of has any value
  readonly #kin: Operand<any> | null;

  /** `like` is the operand whose values this one has, where that is known: an extreme has those of its column. */
  // biome-ignore lint/suspicious/noExplicitAny: what an operand is made of has any value
  constructor(expression: Expression, like: Operand<any> | null = null) {
    this.expression = expression;
    this.#kin = like;
  }

  /** Turns a value into a parameter that compares with this operand; columns encode it as their own. */
  protected bind(value: unknown): Expression {
    return this.#kin === null ? { kind: "parameter", value, type: null } : this.#kin.bind(value);
  }

  /** The expression for a place where values are such as `other` has. */
  // biome-ignore lint/suspicious/noExplicitAny: operands of any value stand beside each other
  protected beside(_other: Operand<any>): Expression {
    return this.expression;
  }

  /** What can stand beside an operand: another one, or a value in the form that it has. */
  // biome-ignore lint/suspicious/noExplicitAny: operands of any value stand beside each other
  static fit(operand: Operand<any>, value: unknown): Expression {
    return value instanceof Operand ? value.beside(operand) : operand.bind(value);
  }

  #right(value: unknown): Expression {
    return Operand.fit(this, value);
  }

  #compare(operator: BinaryOperator, value: unknown): Condition {
    return new Condition({ kind: "binary", operator, left: this.expression, right: this.#right(value) });
  }

  /** Equal; `.eq(null)` is IS NULL. */
  eq(value: Comparable<T>): Condition {
    return value === null ? this.isNull() : this.#compare("=", value);
  }

  /** Not equal; `.ne(null)` is IS NOT NULL. */
  ne(value: Comparable<T>): Condition {
    return value === null ? this.isNotNull() : this.#compare("<>", value);
  }

  /** Less than. */
  lt(value: Comparable<NonNullable<T>>): Condition {
    return this.#compare("<", value);
  }

  /** Less than or equal. */
  le(value: Comparable<NonNullable<T>>): Condition {
    return this.#compare("<=", value);
  }

  /** Greater than or equal. */
  ge(value: Comparable<NonNullable<T>>): Condition {
    return this.#compare(">=", value);
  }

  /** Greater than. */
  gt(value: Comparable<NonNullable<T>>): Condition {
    return this.#compare(">", value);
  }

  /** One of a list, or of a query's column. An empty list matches nothing. */
  in(values: readonly Comparable<T>[] | SubqueryOperand<T | null>): Condition {
    return this.#in(values, false);
  }

  /** None of a list, or of a query's column. */
  notIn(values: readonly Comparable<T>[] | SubqueryOperand<T | null>): Condition {
    return this.#in(values, true);
  }

  #in(values: readonly Comparable<T>[] | SubqueryOperand<T | null>, negated: boolean): Condition {
    const list =
      "subquery" in values
        ? ({ kind: "subquery", query: values.subquery } as const)
        : values.map((value) => this.#right(value));
    return new Condition({ kind: "in", operand: this.expression, values: list, negated });
  }

  /** Like a pattern, case respected: `%` any text, `_` any character, `\` takes their meaning away. */
  like(pattern: Comparable<string>): Condition {
    return this.#like(pattern, false);
  }

  /** Like a pattern, whatever the case. */
  ilike(pattern: Comparable<string>): Condition {
    return this.#like(pattern, true);
  }

  #like(pattern: Comparable<string>, ignoreCase: boolean): Condition {
    const right: Expression =
      pattern instanceof Operand
        ? pattern.expression
        : { kind: "parameter", value: pattern, type: { kind: "text" } };
    return new Condition({ kind: "like", ignoreCase, left: this.expression, right });
  }

  /** Text that begins with this, case respected; `%` and `_` have no meaning. */
  startsWith(text: string): Condition {
    return this.#like(`${escapePattern(text)}%`, false);
  }

  /** Text that ends with this, case respected. */
  endsWith(text: string): Condition {
    return this.#like(`%${escapePattern(text)}`, false);
  }

  /** Text that has this in it, case respected. */
  contains(text: string): Condition {
    return this.#like(`%${escapePattern(text)}%`, false);
  }

  /** The sum with a value. */
  plus(value: Comparable<NonNullable<T>>): Operand<T> {
    return this.#calculate("+", value);
  }

  /** What is left when a value is taken away. */
  minus(value: Comparable<NonNullable<T>>): Operand<T> {
    return this.#calculate("-", value);
  }

  /** The product with a value. */
  times(value: Comparable<NonNullable<T>>): Operand<T> {
    return this.#calculate("*", value);
  }

  /** The quotient by a value; of whole numbers, as the database divides them. */
  dividedBy(value: Comparable<NonNullable<T>>): Operand<T> {
    return this.#calculate("/", value);
  }

  #calculate(operator: BinaryOperator, value: unknown): Operand<T> {
    const expression: Expression = {
      kind: "binary",
      operator,
      left: this.expression,
      right: this.#right(value),
    };
    return new Operand<T>(expression, this);
  }

  /** Has no value. */
  isNull(): Condition {
    return new Condition({ kind: "isNull", operand: this.expression, negated: false });
  }

  /** Has a value. */
  isNotNull(): Condition {
    return new Condition({ kind: "isNull", operand: this.expression, negated: true });
  }

  /** From `low` to `high`, both included. */
  between(low: Comparable<NonNullable<T>>, high: Comparable<NonNullable<T>>): Condition {
    return new Condition({
      kind: "between",
      operand: this.expression,
      low: this.#right(low),
      high: this.#right(high),
    });
  }

  /** Sorted upwards. */
  asc(): OrderKey {
    return new OrderKey({ expression: this.expression, direction: "asc", nulls: null });
  }

  /** Sorted downwards. */
  desc(): OrderKey {
    return new OrderKey({ expression: this.expression, direction: "desc", nulls: null });
  }
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\%_]/g, "\\$&");
}

/** A key of ORDER BY. */
export class OrderKey {
  readonly ordering: Ordering;

  constructor(ordering: Ordering) {
    this.ordering = ordering;
  }

  /** Rows without a value come first. */
  nullsFirst(): OrderKey {
    return new OrderKey({ ...this.ordering, nulls: "first" });
  }

  /** Rows without a value come last. */
  nullsLast(): OrderKey {
    return new OrderKey({ ...this.ordering, nulls: "last" });
  }
}

/** Something that is true, false or unknown of a row. */
export class Condition extends Operand<boolean> {
  /** Both. */
  and(...others: readonly Condition[]): Condition {
    return and(this, ...others);
  }

  /** Either. */
  or(...others: readonly Condition[]): Condition {
    return or(this, ...others);
  }
}

/** True where all are; of none, true. */
export function and(...conditions: readonly Condition[]): Condition {
  return logical("and", conditions);
}

/** True where one is; of none, false. */
export function or(...conditions: readonly Condition[]): Condition {
  return logical("or", conditions);
}

/** True where the condition is false. */
export function not(condition: Condition): Condition {
  return new Condition({ kind: "not", operand: condition.expression });
}

function logical(operator: "and" | "or", conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  if (only !== undefined && conditions.length === 1) return only;
  return new Condition({ kind: "logical", operator, operands: conditions.map((each) => each.expression) });
}
