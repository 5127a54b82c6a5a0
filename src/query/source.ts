import { AthanorError } from "../errors/index.ts";
import { definitionOf, type ModelMetadata, makeColumns, metadataOf } from "../model/index.ts";
import type { Expression, FromItem } from "../sql/index.ts";
import { Operand } from "../sql/index.ts";

/** A model in a query, under the alias it goes by. */
export interface Source {
  readonly metadata: ModelMetadata;
  readonly alias: string | null;
}

const aliases = new WeakMap<object, Source>();

/** A model under another name, for a table that occurs twice in one query: `const boss = alias(Hero, "boss")`. */
export function alias<M extends object>(model: M, name: string): M {
  const definition = definitionOf(model);
  if (definition === undefined) throw new AthanorError("MODEL.NOT_A_MODEL", { what: String(model) });
  const columns = makeColumns(definition, name);
  const aliased = new Proxy(model, {
    get: (target, key, receiver) => (key === "c" ? columns : Reflect.get(target, key, receiver)),
  });
  aliases.set(aliased, { metadata: metadataOf(model), alias: name });
  return aliased;
}

/** The source that a model, or an alias of one, is in a query. */
export function sourceOf(model: object): Source {
  return aliases.get(model) ?? { metadata: metadataOf(model), alias: null };
}

/** The source in FROM. */
export function fromItem({ metadata, alias: name }: Source): FromItem {
  return { table: metadata.table, alias: name };
}

/** The columns of a source, in the order of its fields. */
export function columnsOf({ metadata, alias: name }: Source): Expression[] {
  return metadata.fields.map((field) => ({
    kind: "column",
    table: metadata.table,
    alias: name,
    name: field.column,
    type: field.type,
  }));
}

/** The condition that joins two models along the only foreign key between them. */
export function joinCondition(left: Source, right: Source): Expression {
  const keys = [...pairs(left, right), ...pairs(right, left)];
  const [only] = keys;
  if (only === undefined || keys.length > 1) {
    throw new AthanorError("QUERY.JOIN_CONDITION", {
      left: left.metadata.name,
      right: right.metadata.name,
      found: keys.length,
    });
  }
  return only;
}

function pairs(holder: Source, target: Source): Expression[] {
  return holder.metadata.foreignKeys
    .filter(
      (key) =>
        key.target.name === target.metadata.table.name && key.target.schema === target.metadata.table.schema,
    )
    .map((key): Expression => {
      const operands = key.properties.map((property, at): Expression => {
        const held = holder.metadata.fieldsByProperty.get(property)!;
        const referenced = target.metadata.fields.find((field) => field.column === key.targetColumns[at])!;
        return {
          kind: "binary",
          operator: "=",
          left: columnOf(holder, held.column, held.type),
          right: columnOf(target, referenced.column, referenced.type),
        };
      });
      return operands.length === 1 ? operands[0]! : { kind: "logical", operator: "and", operands };
    });
}

function columnOf(
  source: Source,
  name: string,
  type: Extract<Expression, { kind: "column" }>["type"],
): Expression {
  return { kind: "column", table: source.metadata.table, alias: source.alias, name, type };
}

/** An operand's expression, or a value as a parameter of no particular type. */
export function expressionOf(value: unknown): Expression {
  return value instanceof Operand ? value.expression : { kind: "parameter", value, type: null };
}
