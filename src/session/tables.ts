import type { SelectPlan } from "../query/index.ts";
import { tableKey } from "../schema/index.ts";
import { type Expression, type FromItem, partsOf, type SelectStatement } from "../sql/index.ts";

/** The tables a query reads; null where SQL written by hand leaves it open. Keys are those of `tableKey`. */
export function tablesOf(plan: SelectPlan): ReadonlySet<string> | null {
  const tables = new Set(plan.sources.map(({ metadata }) => tableKey(metadata.table)));
  const walk = new Walk(tables);
  for (const selection of plan.selections) {
    if (selection.kind === "entity") tables.add(tableKey(selection.source.metadata.table));
    else walk.expression(selection.expression);
  }
  walk.statement(plan.statement);
  return walk.isOpen ? null : tables;
}

class Walk {
  /** Something was met that may read any table. */
  isOpen = false;
  readonly #tables: Set<string>;

  constructor(tables: Set<string>) {
    this.#tables = tables;
  }

  statement(statement: Omit<SelectStatement, "columns">): void {
    if (statement.from !== null) this.#item(statement.from);
    for (const { item, on } of statement.joins) {
      this.#item(item);
      this.expression(on);
    }
    for (const each of [statement.where, statement.having, ...statement.groupBy]) {
      if (each !== null) this.expression(each);
    }
    for (const { expression } of statement.orderBy) this.expression(expression);
  }

  expression(expression: Expression): void {
    if (expression.kind === "raw") this.isOpen = true;
    for (const query of queriesIn(expression)) this.#query(query);
    for (const part of partsOf(expression)) this.expression(part);
  }

  #item({ table, cte }: FromItem): void {
    if (cte === undefined) this.#tables.add(tableKey(table));
    else this.#query(cte.query);
  }

  #query(query: SelectStatement): void {
    this.statement(query);
    for (const { expression } of query.columns) this.expression(expression);
  }
}

function queriesIn(expression: Expression): readonly SelectStatement[] {
  if (expression.kind === "subquery" || expression.kind === "exists") return [expression.query];
  return expression.kind === "in" && "kind" in expression.values ? [expression.values.query] : [];
}
