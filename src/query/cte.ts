import { AthanorError } from "../errors/index.ts";
import { type Expression, type FromItem, Operand, type SubqueryOperand } from "../sql/index.ts";
import type { Selection, SelectPlan } from "./plan.ts";

/** Whether a row is a tuple of several things, rather than one value, which may be a list itself. */
type IsTuple<T> = [T] extends [readonly unknown[]] ? (number extends T["length"] ? false : true) : false;

/** One name for each thing that a query selects. */
export type OutputNames<T> =
  IsTuple<T> extends true ? { readonly [I in keyof T]: string } : readonly [string];

/** A column of a named query. */
export type OutputColumn<T, N> = Operand<T> & { readonly "~model"?: readonly ["with", N] };

/** The columns of a named query: what it selects, by the names given to them. */
export type Outputs<T, K extends readonly string[], N> =
  IsTuple<T> extends true
    ? {
        readonly [I in keyof K & `${number}` as K[I] & string]: OutputColumn<
          I extends keyof T ? T[I] : never,
          N
        >;
      }
    : { readonly [O in K[number]]: OutputColumn<T, N> };

/** A query, as far as it is given a name. */
interface NamedQuery<T> extends SubqueryOperand<T> {
  readonly plan: SelectPlan;
  /** Only for the type: a row. */
  readonly "~row"?: T;
}

/** A query under a name, to select from and to join: WITH. */
export class CommonTable<C = unknown, N = unknown> {
  /** Only for the type: the query's name. */
  declare readonly "~name"?: N;
  /** Its columns, for selections and conditions. */
  readonly c: C;
  readonly item: FromItem;

  constructor(item: FromItem, columns: C) {
    this.item = item;
    this.c = columns;
  }
}

/**
 * Gives a query of columns and expressions a name, and names to its columns: `const totals = cte("totals", ["shopId",
 * "pieces"], select(Sale.c.shopId, sum(Sale.c.pieces)).groupBy(Sale.c.shopId))`, then `select(Shop,
 * totals.c.pieces).join(totals, totals.c.shopId.eq(Shop.c.id))`. Throws `QUERY.COLUMN_COUNT`.
 */
export function cte<T, const N extends string, const K extends OutputNames<T> & readonly string[]>(
  name: N,
  columns: K,
  query: NamedQuery<T>,
): CommonTable<Outputs<T, K, N>, N> {
  const { selections } = query.plan;
  const values = selections.filter(isValue);
  if (values.length !== columns.length || values.length !== selections.length) {
    const fields = { model: name, columns: columns.length, selected: values.length };
    throw new AthanorError("QUERY.COLUMN_COUNT", fields);
  }
  const table = { schema: null, name };
  const item: FromItem = { table, alias: null, cte: { name, columns, query: query.subquery } };
  const outputs = values.map(({ expression, operand }, at) => {
    const output: Expression = { kind: "output", item, name: columns[at] as string, of: expression };
    return [columns[at], new Operand(output, operand)];
  });
  return new CommonTable(item, Object.fromEntries(outputs) as unknown as Outputs<T, K, N>);
}

function isValue(selection: Selection): selection is Extract<Selection, { kind: "value" }> {
  return selection.kind === "value";
}
