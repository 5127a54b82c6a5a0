import type { Dialect } from "../dialect/index.ts";
import type { SelectPlan } from "../query/index.ts";
import type { Expression, Join, Selected } from "../sql/index.ts";
import { type MappedRelation, relationsOf } from "./mapped-relation.ts";
import { type Mapper, mapperFor } from "./mapper.ts";
import { tablesOf } from "./tables.ts";

/** Rows up to which a page of objects is worth the columns of what they refer to in every row. */
const mostJoinedRows = 100;

/** What a query reads along by joins: after its own columns, those of each of these in turn. */
export interface Joined {
  readonly joins: readonly Join[];
  readonly columns: readonly Selected[];
  readonly mappers: readonly Mapper[];
}

/**
 * Relations that are read in the query itself rather than in one of their own: those to one object of which this
 * side holds the key, so that no row comes twice. The program says so (`withJoined`), or the query is for a page
 * that is small enough. Nothing is joined where the query has SQL written by hand, whose names could become
 * ambiguous, groups, distinct rows or locks.
 */
export function joinedRelations(plan: SelectPlan, dialect: Dialect): Joined {
  const [first] = plan.selections;
  const nothing: Joined = { joins: [], columns: [], mappers: [] };
  if (first?.kind !== "entity" || plan.selections.length > 1 || plan.with.length === 0) return nothing;
  const { statement } = plan;
  const isPlain = !statement.distinct && statement.groupBy.length === 0 && statement.having === null;
  if (!isPlain || statement.lock !== null || tablesOf(plan) === null) return nothing;
  const paths = isSmall(plan) ? plan.with : plan.joined;
  const joins: Join[] = [];
  const columns: Selected[] = [];
  const mappers: Mapper[] = [];
  const aliases = new Map<string, string>();
  for (const path of paths) {
    let mapper = mapperFor(first.source.metadata, dialect);
    let from = first.source.alias;
    let walked = "";
    for (const name of path.split(".")) {
      const relation = relationsOf(mapper).get(name);
      if (relation === undefined || !isToKey(relation)) break;
      walked = walked === "" ? name : `${walked}.${name}`;
      let alias = aliases.get(walked);
      if (alias === undefined) {
        alias = `athanor_${aliases.size + 1}`;
        aliases.set(walked, alias);
        joins.push(joinOf(mapper, from, relation, alias));
        columns.push(...columnsOf(relation.target, alias));
        mappers.push(relation.target);
      }
      mapper = relation.target;
      from = alias;
    }
  }
  return { joins, columns, mappers };
}

function isSmall({ statement: { limit } }: SelectPlan): boolean {
  return limit?.kind === "parameter" && typeof limit.value === "number" && limit.value <= mostJoinedRows;
}

/** Whether this side holds the other's primary key. */
function isToKey({ meta, remote, target }: MappedRelation): boolean {
  const isKey = remote.length === target.key.length && remote.every((column) => target.key.includes(column));
  return meta.kind === "one" && meta.keyOn === "local" && isKey;
}

function joinOf(mapper: Mapper, from: string | null, relation: MappedRelation, alias: string): Join {
  const equal = relation.local.map((own, i): Expression => {
    const other = relation.remote[i] ?? own;
    return {
      kind: "binary",
      operator: "=",
      left: columnOf(mapper, from, own.field),
      right: columnOf(relation.target, alias, other.field),
    };
  });
  const [only] = equal;
  const on: Expression =
    only !== undefined && equal.length === 1 ? only : { kind: "logical", operator: "and", operands: equal };
  return { kind: "left", item: { table: relation.target.meta.table, alias }, on };
}

function columnOf(
  mapper: Mapper,
  alias: string | null,
  field: Mapper["columns"][number]["field"],
): Expression {
  return { kind: "column", table: mapper.meta.table, alias, name: field.column, type: field.type };
}

function columnsOf(mapper: Mapper, alias: string): Selected[] {
  return mapper.eager.map(({ field }) => ({ expression: columnOf(mapper, alias, field), alias: null }));
}
