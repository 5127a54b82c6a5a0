import {
  type Check,
  type Column,
  conventionalName,
  type DialectOptions,
  type Exclusion,
  type ForeignKey,
  type Index,
  type IndexPart,
  indexPart,
  type NameParts,
  type NamingConvention,
  type PrimaryKey,
  type Table,
  type Unique,
} from "../schema/index.ts";
import { orderTable } from "../schema/order.ts";
import { prefixed } from "../schema/place.ts";
import { type Condition, inlineSql, type Operand, OrderKey } from "../sql/index.ts";
import { ModelColumn } from "./column.ts";
import type { ResolvedField } from "./field-metadata.ts";
import type { ResolvedForeignKey, ResolvedMetadata } from "./resolved.ts";
import type { TableItem } from "./table-items.ts";

type Item<K extends TableItem["kind"]> = Extract<TableItem, { kind: K }>;

/**
 * A model's table in full: every constraint and index named by the convention, unless it has a name. What is in a named
 * schema bears its name too: where a database has no schemas, all share one set of names.
 */
export function buildTable(model: ResolvedMetadata, naming: NamingConvention): Table {
  const items = model.tableItems;
  const of = <K extends TableItem["kind"]>(kind: K): Item<K>[] =>
    items.filter((item): item is Item<K> => item.kind === kind);
  const name = (kind: keyof NamingConvention, parts: Omit<NameParts, "table">): string =>
    conventionalName(naming, kind, { table: prefixed(model.table).name, ...parts });
  return orderTable({
    schema: model.table.schema,
    name: model.table.name,
    columns: model.fields.map(columnOf),
    primaryKey: primaryKeyOf(
      model,
      of("primaryKey")[0],
      name("pk", { columns: model.primaryKey.map((f) => f.column) }),
    ),
    foreignKeys: model.foreignKeys
      .filter((key) => key.constraint)
      .map((key) => foreignKeyOf(model, key, name)),
    uniques: [...fieldUniques(model, name), ...of("unique").map((item) => uniqueOf(item, name))],
    checks: of("check").map((item) => checkOf(item, name)),
    exclusions: of("exclude").map((item) => exclusionOf(item, name)),
    indexes: [...fieldIndexes(model, name), ...of("index").map((item) => indexOf(item, name))],
    comment: of("comment").at(-1)?.text ?? null,
    options: Object.assign({}, ...of("options").map((item) => item.options)) as DialectOptions,
  });
}

type Name = (kind: keyof NamingConvention, parts: Omit<NameParts, "table">) => string;

function columnOf(field: ResolvedField): Column {
  return {
    name: field.column,
    type: field.type,
    nullable: field.nullable,
    default: field.serverDefault,
    generated: field.generated,
    autoIncrement: field.autoIncrement,
    identity: field.identity,
    collation: field.options.collation ?? null,
    comment: field.options.comment ?? null,
    options: field.options.options ?? {},
  };
}

function primaryKeyOf(
  model: ResolvedMetadata,
  item: Item<"primaryKey"> | undefined,
  name: string,
): PrimaryKey | null {
  const columns =
    item?.columns.map((column) => column.columnName) ?? model.primaryKey.map((field) => field.column);
  if (columns.length === 0) return null;
  return { name: item?.name ?? name, columns, options: item?.options ?? {} };
}

function foreignKeyOf(model: ResolvedMetadata, key: ResolvedForeignKey, name: Name): ForeignKey {
  const columns = key.properties.map((property) => model.fieldsByProperty.get(property)?.column ?? property);
  return {
    name: key.name ?? name("fk", { columns, referredTable: prefixed(key.target).name }),
    columns,
    references: { schema: key.target.schema, name: key.target.name, columns: key.targetColumns },
    onDelete: key.onDelete,
    onUpdate: key.onUpdate,
    deferrable: key.deferrable,
    match: key.match,
    options: key.options,
  };
}

/** A unique field that is indexed too is one unique index: a constraint beside it would be a second. */
function fieldUniques(model: ResolvedMetadata, name: Name): Unique[] {
  return model.fields
    .filter(({ options }) => options.unique === true && options.index !== true)
    .map(({ column }) => ({
      name: name("uq", { columns: [column] }),
      columns: [column],
      nullsNotDistinct: false,
      deferrable: null,
      options: {},
    }));
}

function uniqueOf({ columns, options }: Item<"unique">, name: Name): Unique {
  const names = columns.map((column) => column.columnName);
  return {
    name: options.name ?? name("uq", { columns: names }),
    columns: names,
    nullsNotDistinct: options.nullsNotDistinct ?? false,
    deferrable: options.deferrable ?? null,
    options: options.options ?? {},
  };
}

function checkOf(item: Item<"check">, name: Name): Check {
  return {
    name: typeof item.name === "string" ? name("ck", { constraint: item.name }) : item.name.given,
    expression: textOf(item.condition),
    options: item.options,
  };
}

function textOf(condition: Condition | string): string {
  return typeof condition === "string" ? condition : inlineSql(condition.expression);
}

function fieldIndexes(model: ResolvedMetadata, name: Name): Index[] {
  return model.fields
    .filter(({ options }) => options.index === true)
    .map(({ column, options }) => ({
      ...plainIndex,
      name: name("ix", { columns: [column] }),
      unique: options.unique === true,
      parts: [indexPart(column)],
    }));
}

const plainIndex: Omit<Index, "name" | "parts"> = {
  unique: false,
  where: null,
  include: [],
  method: null,
  nullsNotDistinct: false,
  comment: null,
  options: {},
};

function indexOf({ keys, options }: Item<"index">, name: Name): Index {
  const parts = keys.map(partOf);
  const columns = parts.map((part) => part.column ?? "expr");
  return {
    name: options.name ?? name("ix", { columns }),
    unique: options.unique ?? false,
    parts,
    where: options.where === undefined ? null : textOf(options.where),
    include: (options.include ?? []).map((column) => column.columnName),
    method: options.method ?? null,
    nullsNotDistinct: options.nullsNotDistinct ?? false,
    comment: options.comment ?? null,
    options: options.options ?? {},
  };
}

function partOf(key: Item<"index">["keys"][number]): IndexPart {
  if (key instanceof ModelColumn) return indexPart(key.columnName);
  if (key instanceof OrderKey) {
    const { expression, direction, nulls } = key.ordering;
    return { ...operandPart(expression), order: direction, nulls };
  }
  if ("key" in key) {
    return {
      ...operandPart(key.key.expression),
      order: key.order ?? "asc",
      nulls: key.nulls ?? null,
      collation: key.collation ?? null,
      operatorClass: key.operatorClass ?? null,
      length: key.length ?? null,
    };
  }
  return operandPart(key.expression);
}

function operandPart(expression: Operand<unknown>["expression"]): IndexPart {
  return expression.kind === "column"
    ? indexPart(expression.name)
    : indexPart(null, { expression: inlineSql(expression) });
}

function exclusionOf({ elements, options }: Item<"exclude">, name: Name): Exclusion {
  const parts = elements.map(({ key, operator }) => ({ part: partOf(key), operator }));
  return {
    name:
      options.name ??
      name("ck", { constraint: `${parts.map(({ part }) => part.column ?? "expr").join("_")}_excl` }),
    method: options.method ?? "gist",
    elements: parts,
    where: options.where === undefined ? null : textOf(options.where),
    deferrable: options.deferrable ?? null,
    options: options.options ?? {},
  };
}
