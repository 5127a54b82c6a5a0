import type { FieldMetadata } from "../model/index.ts";
import { ModelColumn } from "../model/index.ts";
import {
  and,
  type Condition,
  type Expression,
  Operand,
  type Ordering,
  OrderKey,
  type Selected,
  type SelectStatement,
  type SubqueryOperand,
} from "../sql/index.ts";
import type { Loaded, RelationPath } from "./path.ts";
import { columnsOf, fromItem, joinCondition, type Source, sourceOf } from "./source.ts";

/** One thing a query gives per row: an object of a model, or a value. */
export type Selection =
  | { readonly kind: "entity"; readonly source: Source }
  | {
      readonly kind: "value";
      readonly expression: Expression;
      /** The field a bare column belongs to, which decodes its values. */
      readonly field: FieldMetadata | null;
    };

/** A query as data: what a Session needs to run it. */
export interface SelectPlan {
  readonly selections: readonly Selection[];
  /** Rows are tuples where several things were selected. */
  readonly tuple: boolean;
  /** Without columns; `statementOf` puts them in. */
  readonly statement: Omit<SelectStatement, "columns">;
  /** Sources in FROM and JOIN, first the one selected from. */
  readonly sources: readonly Source[];
  /** Relations to load, as paths. */
  readonly with: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: operands of any value can be selected and sorted by
type AnyOperand = Operand<any>;
type Sortable = AnyOperand | OrderKey;
// biome-ignore lint/suspicious/noExplicitAny: a class with any constructor is taken
type Class<T> = abstract new (...args: any) => T;
type AnyClass = Class<object>;

/** What can be selected: models, and operands. */
export type Selectable = AnyClass | AnyOperand;
/** What a row holds for one thing selected. */
export type ResultOf<S> = S extends Operand<infer T> ? T : S extends Class<infer T> ? T : never;
type Results<S extends readonly Selectable[]> = { -readonly [K in keyof S]: ResultOf<S[K]> };

/** A query. Every method gives a new one; nothing runs before a Session executes it. `T` is a row. */
export class Select<T> implements SubqueryOperand<T> {
  readonly plan: SelectPlan;
  /** Only for the type: a row. */
  declare readonly "~row"?: T;
  declare readonly "~column"?: T;

  constructor(plan: SelectPlan) {
    this.plan = plan;
  }

  /** The query as a statement, for IN and EXISTS. */
  get subquery(): SelectStatement {
    return statementOf(this.plan);
  }

  #change(change: Partial<SelectPlan["statement"]>): Select<T> {
    return new Select({ ...this.plan, statement: { ...this.plan.statement, ...change } });
  }

  /** Only rows for which every condition holds; calls add up. */
  where(...conditions: readonly Condition[]): Select<T> {
    return this.#change({ where: both(this.plan.statement.where, conditions) });
  }

  /** Loads relations along: `with("team", "powers.heroes")`. */
  with<P extends RelationPath<T>>(...paths: readonly P[]): Select<Loaded<T, P>> {
    return new Select({ ...this.plan, with: [...this.plan.with, ...paths] });
  }

  /** Sorted by columns, expressions, or `.asc()` and `.desc()` of them; calls add up. */
  orderBy(...keys: readonly Sortable[]): Select<T> {
    return this.#change({ orderBy: [...this.plan.statement.orderBy, ...keys.map(orderingOf)] });
  }

  /** At most so many rows. */
  limit(count: number): Select<T> {
    return this.#change({ limit: countParameter(count) });
  }

  /** Leaves out so many rows first. */
  offset(count: number): Select<T> {
    return this.#change({ offset: countParameter(count) });
  }

  /** Equal rows once. */
  distinct(): Select<T> {
    return this.#change({ distinct: true });
  }

  /** One row for each combination of these. */
  groupBy(...keys: readonly AnyOperand[]): Select<T> {
    return this.#change({ groupBy: [...this.plan.statement.groupBy, ...keys.map((key) => key.expression)] });
  }

  /** Only groups for which every condition holds. */
  having(...conditions: readonly Condition[]): Select<T> {
    return this.#change({ having: both(this.plan.statement.having, conditions) });
  }

  /** Rows of another model beside those there are; without a condition along the foreign key between them. */
  join(model: AnyClass, on?: Condition): Select<T> {
    return this.#join("inner", model, on);
  }

  /** The same, and rows without a match stay, with nulls beside them. */
  leftJoin(model: AnyClass, on?: Condition): Select<T> {
    return this.#join("left", model, on);
  }

  #join(kind: "inner" | "left", model: AnyClass, on: Condition | undefined): Select<T> {
    const source = sourceOf(model);
    const partner = this.plan.sources.find((each) => each !== source) ?? source;
    const condition = on?.expression ?? joinCondition(partner, source);
    const joins = [...this.plan.statement.joins, { kind, item: fromItem(source), on: condition }];
    return new Select({
      ...this.plan,
      sources: [...this.plan.sources, source],
      statement: { ...this.plan.statement, joins },
    });
  }

  /** Rows stay locked until the transaction ends, where the database can. */
  withForUpdate(): Select<T> {
    return this.#change({ forUpdate: true });
  }
}

function both(before: Expression | null, conditions: readonly Condition[]): Expression | null {
  if (conditions.length === 0) return before;
  const added = and(...conditions).expression;
  return before === null ? added : { kind: "logical", operator: "and", operands: [before, added] };
}

function countParameter(count: number): Expression {
  return { kind: "parameter", value: count, type: { kind: "bigint" } };
}

function orderingOf(key: Sortable): Ordering {
  return key instanceof OrderKey
    ? key.ordering
    : { expression: key.expression, direction: "asc", nulls: null };
}

/** A query for a model, a column or expression, or several of them, which give tuples. */
export function select<S extends Selectable>(selected: S): Select<ResultOf<S>>;
export function select<const S extends readonly [Selectable, Selectable, ...Selectable[]]>(
  ...selected: S
): Select<Results<S>>;
export function select(...selected: readonly Selectable[]): Select<unknown> {
  const selections = selected.map(selectionOf);
  const [first] = sourcesOf(selections);
  return new Select({
    selections,
    tuple: selected.length > 1,
    with: [],
    sources: first === undefined ? [] : [first],
    statement: {
      kind: "select",
      distinct: false,
      from: first === undefined ? null : fromItem(first),
      joins: [],
      where: null,
      groupBy: [],
      having: null,
      orderBy: [],
      limit: null,
      offset: null,
      forUpdate: false,
    },
  });
}

function selectionOf(selected: Selectable): Selection {
  if (selected instanceof ModelColumn) {
    const { metadata } = sourceOf(selected.model);
    return {
      kind: "value",
      expression: selected.expression,
      field: metadata.fieldsByProperty.get(selected.property) ?? null,
    };
  }
  if (selected instanceof Operand) return { kind: "value", expression: selected.expression, field: null };
  return { kind: "entity", source: sourceOf(selected) };
}

/** The sources selected from: entities, and the tables of bare columns. */
function sourcesOf(selections: readonly Selection[]): Source[] {
  return selections.flatMap((selection) => {
    if (selection.kind === "entity") return [selection.source];
    const column = firstColumn(selection.expression);
    return column === null ? [] : [column];
  });
}

/** The table an expression is about, found by the first column in it. */
function firstColumn(expression: Expression): Source | null {
  if (expression.kind === "column") {
    if (expression.owner === undefined) return null;
    return { ...sourceOf(expression.owner), alias: expression.alias };
  }
  const parts =
    expression.kind === "call"
      ? expression.args
      : expression.kind === "cast"
        ? [expression.operand]
        : expression.kind === "raw"
          ? expression.parts.filter((part) => typeof part !== "string")
          : [];
  for (const part of parts) {
    const found = firstColumn(part);
    if (found !== null) return found;
  }
  return null;
}

/** The whole statement of a plan: entities as their columns, in the order of their fields. */
export function statementOf(plan: SelectPlan): SelectStatement {
  const columns = plan.selections.flatMap((selection): Selected[] =>
    selection.kind === "entity"
      ? columnsOf(selection.source).map((expression) => ({ expression, alias: null }))
      : [{ expression: selection.expression, alias: null }],
  );
  return { ...plan.statement, columns };
}
