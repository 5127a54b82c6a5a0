import { AthanorError } from "../errors/index.ts";
import {
  definitionOf,
  type FieldMetadata,
  type ModelMetadata,
  makeColumns,
  metadataOf,
} from "../model/index.ts";
import type { Expression, FromItem } from "../sql/index.ts";
import { Operand } from "../sql/index.ts";
import type { AliasOf } from "./aliased.ts";

/** A model in a query, under the alias it goes by. */
export interface Source {
  readonly metadata: ModelMetadata;
  readonly alias: string | null;
}

const aliases = new WeakMap<object, Source>();

/** A model under another name, for a table that occurs twice in one query: `const boss = alias(Hero, "boss")`. */
export function alias<M extends object, const N extends string>(model: M, name: N): AliasOf<M, N> {
  const definition = definitionOf(model);
  if (definition === undefined) throw new AthanorError("MODEL.NOT_A_MODEL", { what: String(model) });
  const columns = makeColumns(definition, name);
  const aliased = new Proxy(model, {
    get: (target, key, receiver) => (key === "c" ? columns : Reflect.get(target, key, receiver)),
  });
  aliases.set(aliased, { metadata: metadataOf(model), alias: name });
  return aliased as unknown as AliasOf<M, N>;
}

/** The source that a model, or an alias of one, is in a query. */
export function sourceOf(model: object): Source {
  return aliases.get(model) ?? { metadata: metadataOf(model), alias: null };
}

/** The source in FROM. */
export function fromItem({ metadata, alias: name }: Source): FromItem {
  return { table: metadata.table, alias: name };
}

/**
 * Which rows of the source's table are rows of its model, where it shares the table with others; null where all
 * are.
 */
export function ownRows({ metadata, alias: name }: Source): Expression | null {
  const { discriminator, table } = metadata;
  if (discriminator === null || discriminator.isRoot) return null;
  const { column, type, toStored } = discriminator.field;
  const operand: Expression = { kind: "column", table, alias: name, name: column, type };
  const values = discriminator.values.map((value): Expression => {
    return { kind: "parameter", value: toStored(value), type };
  });
  return { kind: "in", operand, values, negated: false };
}

/** The columns of a source, in the order of its table's fields, all or some. */
export function columnsOf(
  { metadata, alias: name }: Source,
  fields: readonly FieldMetadata[] = metadata.stored.fields,
): Expression[] {
  return fields.map((field) => ({
    kind: "column",
    table: metadata.table,
    alias: name,
    name: field.column,
    type: field.type,
  }));
}

/** An operand's expression, or a value as a parameter of no particular type. */
export function expressionOf(value: unknown): Expression {
  return value instanceof Operand ? value.expression : { kind: "parameter", value, type: null };
}
