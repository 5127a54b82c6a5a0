import { Condition, Operand } from "./operand.ts";
import type { Expression } from "./tree.ts";

/** SQL written by hand: an operand, a condition or a whole statement, as the place wants it. */
export class SqlFragment<T = unknown> extends Condition {
  /** Only for the type: what the fragment's value is. */
  declare readonly "~value"?: T;
}

/** The `sql` tag and its helpers. */
export interface SqlTag {
  /**
   * SQL text with values in it. Columns and other operands come in as SQL, everything else as a bound parameter,
   * so that no value can be taken for SQL.
   */
  <T = unknown>(text: TemplateStringsArray, ...values: readonly unknown[]): SqlFragment<T>;
  /** Text put in as it is. Never give it what a user typed. */
  raw<T = unknown>(text: string): SqlFragment<T>;
  /** A name, quoted. */
  id(name: string): SqlFragment;
}

function tag<T>(text: TemplateStringsArray, ...values: readonly unknown[]): SqlFragment<T> {
  const parts: (string | Expression)[] = [];
  text.forEach((piece, at) => {
    if (piece !== "") parts.push(piece);
    if (at < values.length) parts.push(expressionOf(values[at]));
  });
  return new SqlFragment<T>({ kind: "raw", parts });
}

function expressionOf(value: unknown): Expression {
  return value instanceof Operand ? value.expression : { kind: "parameter", value, type: null };
}

/** SQL written by hand, values bound: ``sql`lower(${Hero.c.name}) = ${name}` ``. */
export const sql: SqlTag = Object.assign(tag, {
  raw: <T = unknown>(text: string): SqlFragment<T> => new SqlFragment<T>({ kind: "raw", parts: [text] }),
  id: (name: string): SqlFragment => new SqlFragment({ kind: "name", name }),
});
