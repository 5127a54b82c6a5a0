import { AthanorError } from "../errors/index.ts";
import type { FieldMetadata } from "../model/index.ts";
import { ModelColumn } from "../model/index.ts";
import {
  and,
  type Condition,
  type Expression,
  type FromItem,
  type Join,
  Operand,
  type Ordering,
  OrderKey,
  partsOf,
  type Selected,
  type SelectStatement,
  type SubqueryOperand,
} from "../sql/index.ts";
import { CommonTable } from "./cte.ts";
import { joinModel, joinQuery } from "./join.ts";
import type { LeftJoined } from "./left-joined.ts";
import { loadedFields } from "./loaded-fields.ts";
import type { Loaded, LoadedOnly, RelationNames, RelationPath } from "./path.ts";
import type { Selection, SelectPlan } from "./plan.ts";
import { columnsOf, fromItem, ownRows, type Source, sourceOf } from "./source.ts";

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

/** The relations of the models in a row. */
type RelationsIn<T> = T extends readonly unknown[]
  ? RelationsIn<T[number]>
  : T extends object
    ? RelationNames<T>
    : never;

/** What a join can go along; of a query without models any name is taken, and looked up when it is built. */
export type JoinName<T> = [RelationsIn<T>] extends [never] ? string : RelationsIn<T>;

/** How `withForUpdate` locks. */
export interface LockOptions {
  readonly share?: boolean;
  readonly skipLocked?: boolean;
  readonly noWait?: boolean;
}

/**
 * A query. Every method gives a new one; nothing runs before a Session executes it. `T` is a row, `S` what was selected,
 * where that is known: what a left join brings may be null.
 */
// biome-ignore lint/suspicious/noExplicitAny: a query of a row is one whatever it was selected from
export class Select<T, S = any> implements SubqueryOperand<T> {
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

  #change(change: Partial<SelectPlan["statement"]>): Select<T, S> {
    return new Select({ ...this.plan, statement: { ...this.plan.statement, ...change } });
  }

  /** Only rows for which every condition holds; calls add up. */
  where(...conditions: readonly Condition[]): Select<T, S> {
    return this.#change({ where: both(this.plan.statement.where, conditions) });
  }

  /**
   * Loads relations along: `with("team", "powers.heroes")`. Each is one more query however many objects there are,
   * or, for a relation to one object and a small page, part of the query itself.
   */
  with<P extends RelationPath<T>>(...paths: readonly P[]): Select<Loaded<T, P>, S> {
    return new Select({ ...this.plan, with: [...this.plan.with, ...paths] });
  }

  /**
   * Loads relations along as `with` does; those to one object whose key stands here are read in the query itself,
   * whatever its size.
   */
  withJoined<P extends RelationPath<T>>(...paths: readonly P[]): Select<Loaded<T, P>, S> {
    const { plan } = this.with(...paths);
    return new Select({ ...plan, joined: [...plan.joined, ...paths] });
  }

  /**
   * Reads only these properties of the objects, beside keys and versions; others are awaitable, as deferred columns
   * are. Throws `MODEL.UNKNOWN_PROPERTY`.
   */
  loadOnly<K extends keyof T & string>(...properties: readonly K[]): Select<LoadedOnly<T, K>, S> {
    const [first] = this.plan.selections;
    if (first?.kind === "entity") {
      const { metadata } = first.source;
      const unknown = properties.find((property) => !metadata.stored.fieldsByProperty.has(property));
      if (unknown !== undefined) {
        throw new AthanorError("MODEL.UNKNOWN_PROPERTY", { model: metadata.name, property: unknown });
      }
    }
    return new Select({ ...this.plan, only: [...(this.plan.only ?? []), ...properties] });
  }

  /** Says what is selected from, where that is no model's columns: `select(count()).from(Hero)`. */
  from(model: AnyClass | CommonTable): Select<T, S> {
    if (model instanceof CommonTable) return this.#change({ from: model.item });
    const source = sourceOf(model);
    const { statement, sources } = this.plan;
    return new Select({
      ...this.plan,
      sources: [source, ...sources],
      statement: { ...statement, from: fromItem(source), where: bothOf(statement.where, ownRows(source)) },
    });
  }

  /** Sorted by columns, expressions, or `.asc()` and `.desc()` of them; calls add up. */
  orderBy(...keys: readonly Sortable[]): Select<T, S> {
    return this.#change({ orderBy: [...this.plan.statement.orderBy, ...keys.map(orderingOf)] });
  }

  /** At most so many rows. */
  limit(count: number): Select<T, S> {
    return this.#change({ limit: countParameter(count) });
  }

  /** Leaves out so many rows first. */
  offset(count: number): Select<T, S> {
    return this.#change({ offset: countParameter(count) });
  }

  /** Equal rows once. */
  distinct(): Select<T, S> {
    return this.#change({ distinct: true });
  }

  /** One row for each combination of these. */
  groupBy(...keys: readonly AnyOperand[]): Select<T, S> {
    return this.#change({ groupBy: [...this.plan.statement.groupBy, ...keys.map((key) => key.expression)] });
  }

  /** Only groups for which every condition holds. */
  having(...conditions: readonly Condition[]): Select<T, S> {
    return this.#change({ having: both(this.plan.statement.having, conditions) });
  }

  /**
   * Rows of another model beside those there are: on a condition, along a relation by its name, or, without either,
   * along the foreign key between them. A named query (`cte`) wants a condition.
   */
  join<N extends JoinName<T>>(model: AnyClass | CommonTable, on?: Condition | N): Select<T, S> {
    return this.#join("inner", model, on);
  }

  /** The same, and rows without a match stay, with nulls beside them. */
  leftJoin<M extends AnyClass | CommonTable, N extends JoinName<T>>(
    model: M,
    on?: Condition | N,
  ): Select<LeftJoined<T, S, M>, S> {
    return this.#join("left", model, on) as unknown as Select<LeftJoined<T, S, M>, S>;
  }

  #join(kind: Join["kind"], model: AnyClass | CommonTable, on: Condition | string | undefined): Select<T, S> {
    const { statement, sources } = this.plan;
    if (statement.from === null) throw new AthanorError("QUERY.NO_SOURCE", {});
    const joins =
      model instanceof CommonTable ? joinQuery(kind, model, on) : joinModel(kind, model, on, sources);
    return new Select({
      ...this.plan,
      sources: model instanceof CommonTable ? sources : [...sources, sourceOf(model)],
      statement: { ...statement, joins: [...statement.joins, ...joins] },
    });
  }

  /**
   * Rows are read anew and stay locked until the transaction ends. A database that cannot lock rows locks out every
   * other writer instead. `share` lets others take the same lock; of rows that somebody else has locked, `skipLocked`
   * leaves them out, and `noWait` fails with `DATABASE.BUSY`.
   */
  withForUpdate({ share = false, skipLocked = false, noWait = false }: LockOptions = {}): Select<T, S> {
    const taken = skipLocked ? "skip" : noWait ? "fail" : "wait";
    return this.#change({ lock: { strength: share ? "share" : "update", taken } });
  }
}

function bothOf(one: Expression | null, other: Expression | null): Expression | null {
  if (one === null || other === null) return one ?? other;
  return { kind: "logical", operator: "and", operands: [one, other] };
}

function both(before: Expression | null, conditions: readonly Condition[]): Expression | null {
  if (conditions.length === 0) return before;
  return bothOf(before, and(...conditions).expression);
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
export function select<S extends Selectable>(selected: S): Select<ResultOf<S>, readonly [S]>;
export function select<const S extends readonly [Selectable, Selectable, ...Selectable[]]>(
  ...selected: S
): Select<Results<S>, S>;
export function select(...selected: readonly Selectable[]): Select<unknown> {
  const selections = selected.map(selectionOf);
  const [first] = sourcesOf(selections);
  const item = first === undefined ? namedItem(selections) : fromItem(first);
  return new Select({
    selections,
    tuple: selected.length > 1,
    with: [],
    joined: [],
    only: null,
    sources: first === undefined ? [] : [first],
    statement: {
      kind: "select",
      distinct: false,
      from: item,
      joins: [],
      where: first === undefined ? null : ownRows(first),
      groupBy: [],
      having: null,
      orderBy: [],
      limit: null,
      offset: null,
      lock: null,
    },
  });
}

function selectionOf(selected: Selectable): Selection {
  if (selected instanceof ModelColumn) {
    const { metadata } = sourceOf(selected.model);
    return {
      kind: "value",
      expression: selected.expression,
      operand: selected,
      field: metadata.fieldsByProperty.get(selected.property) ?? null,
    };
  }
  if (selected instanceof Operand)
    return { kind: "value", expression: selected.expression, operand: selected, field: null };
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

/** The named query that is selected from, where no model is. */
function namedItem(selections: readonly Selection[]): FromItem | null {
  for (const selection of selections) {
    if (selection.kind === "value" && selection.expression.kind === "output")
      return selection.expression.item;
  }
  return null;
}

/** The table an expression is about, found by the first column in it. */
function firstColumn(expression: Expression): Source | null {
  if (expression.kind === "column") {
    if (expression.owner === undefined) return null;
    return { ...sourceOf(expression.owner), alias: expression.alias };
  }
  for (const part of partsOf(expression)) {
    const found = firstColumn(part);
    if (found !== null) return found;
  }
  return null;
}

/** The fields that are read for one of the models selected. */
export function fieldsOf(
  plan: SelectPlan,
  selection: Selection & { kind: "entity" },
): readonly FieldMetadata[] {
  const isFirst = plan.selections[0] === selection;
  return loadedFields(selection.source.metadata.stored, isFirst ? plan.only : null, isFirst ? plan.with : []);
}

/** The whole statement of a plan: entities as their columns, in the order of their fields. */
export function statementOf(plan: SelectPlan): SelectStatement {
  const columns = plan.selections.flatMap((selection): Selected[] =>
    selection.kind === "entity"
      ? columnsOf(selection.source, fieldsOf(plan, selection)).map((expression) => ({
          expression,
          alias: null,
        }))
      : [{ expression: selection.expression, alias: null }],
  );
  const { from } = plan.statement;
  const counts = columns.some(({ expression }) => expression.kind === "call" && expression.star);
  if (from === null && counts) throw new AthanorError("QUERY.NO_SOURCE", {});
  return { ...plan.statement, columns };
}
