import { AthanorError } from "../errors/index.ts";
import type { FieldMetadata, ModelMetadata, RelationMetadata } from "../model/index.ts";
import type { Condition, Expression, Join } from "../sql/index.ts";
import type { CommonTable } from "./cte.ts";
import { fromItem, ownRows, type Source, sourceOf } from "./source.ts";

type On = Condition | string | undefined;

/** The joins that bring a model in beside `sources`. Throws `QUERY.JOIN_CONDITION` and `SESSION.UNKNOWN_RELATION`. */
export function joinModel(
  kind: Join["kind"],
  model: object,
  on: On,
  sources: readonly Source[],
): readonly Join[] {
  const source = sourceOf(model);
  if (typeof on === "string") return joinRelation(kind, source, on, sources);
  return [joinOf(kind, source, on?.expression ?? joinCondition(sources, source))];
}

/** The join that brings a named query in. */
export function joinQuery(kind: Join["kind"], { item }: CommonTable, on: On): readonly Join[] {
  if (on === undefined || typeof on === "string") {
    throw new AthanorError("QUERY.JOIN_CONDITION", { left: "the query", right: item.table.name, found: 0 });
  }
  return [{ kind, item, on: on.expression }];
}

/** Of a model that shares its table, only its own rows. */
function joinOf(kind: Join["kind"], source: Source, condition: Expression): Join {
  const own = ownRows(source);
  const on = own === null ? condition : all([condition, own]);
  return { kind, item: fromItem(source), on };
}

function all(operands: readonly Expression[]): Expression {
  const [only] = operands;
  return only !== undefined && operands.length === 1 ? only : { kind: "logical", operator: "and", operands };
}

/** Along a relation: that of the model which came last, where several have one of the name. */
function joinRelation(
  kind: Join["kind"],
  target: Source,
  name: string,
  sources: readonly Source[],
): readonly Join[] {
  const isThere = ({ target: { stored } }: RelationMetadata): boolean => stored === target.metadata.stored;
  const holders = sources.filter(({ metadata }) => metadata.relations.has(name));
  const holder = holders.findLast(({ metadata }) => isThere(metadata.relations.get(name)!));
  if (holder === undefined) {
    const { metadata } = holders[0] ?? sources[0] ?? target;
    const known = [...metadata.relations.values()].filter(isThere).map(({ property }) => property);
    throw new AthanorError("SESSION.UNKNOWN_RELATION", { model: metadata.name, relation: name, known });
  }
  const { pairs, link } = holder.metadata.relations.get(name)!;
  if (link === null) {
    const on = pairs.map(({ local, remote }) => equal(holder, local, target, remote));
    return [joinOf(kind, target, all(on))];
  }
  const between: Source = {
    metadata: link.model,
    alias: `${target.alias ?? target.metadata.table.name}_link`,
  };
  const here = link.local.map((pair) => equal(holder, pair.local, between, pair.link));
  const there = link.remote.map((pair) => equal(between, pair.link, target, pair.remote));
  return [joinOf(kind, between, all(here)), joinOf(kind, target, all(there))];
}

function equal(left: Source, property: string, right: Source, other: string): Expression {
  return {
    kind: "binary",
    operator: "=",
    left: columnOf(left, fieldOf(left.metadata, property)),
    right: columnOf(right, fieldOf(right.metadata, other)),
  };
}

function fieldOf(metadata: ModelMetadata, property: string): FieldMetadata {
  return metadata.stored.fieldsByProperty.get(property)!;
}

function columnOf({ metadata, alias }: Source, { column, type }: FieldMetadata): Expression {
  return { kind: "column", table: metadata.table, alias, name: column, type };
}

/**
 * The condition along the only foreign key between a model and those before it: the first of them, or else the last
 * that has one.
 */
function joinCondition(sources: readonly Source[], source: Source): Expression {
  const others = sources.filter((each) => each !== source);
  const [first = source, ...rest] = others;
  const found = [first, ...rest.toReversed()].map((each) => [...pairs(each, source), ...pairs(source, each)]);
  const [only, ...more] = found.find((keys) => keys.length > 0) ?? [];
  if (only !== undefined && more.length === 0) return only;
  throw new AthanorError("QUERY.JOIN_CONDITION", {
    left: first.metadata.name,
    right: source.metadata.name,
    found: only === undefined ? 0 : more.length + 1,
  });
}

function pairs(holder: Source, target: Source): Expression[] {
  const { table } = target.metadata;
  return holder.metadata.foreignKeys
    .filter((key) => key.target.name === table.name && key.target.schema === table.schema)
    .map((key) => {
      const operands = key.properties.map((property, at): Expression => {
        const held = holder.metadata.fieldsByProperty.get(property)!;
        const referenced = target.metadata.fields.find((field) => field.column === key.targetColumns[at])!;
        return {
          kind: "binary",
          operator: "=",
          left: columnOf(holder, held),
          right: columnOf(target, referenced),
        };
      });
      return all(operands);
    });
}
