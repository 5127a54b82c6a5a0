import { AthanorError } from "../errors/index.ts";
import type { TableRef } from "../schema/index.ts";
import { ModelColumn } from "./column.ts";
import { definitionOf } from "./definition.ts";
import type { ResolvedField } from "./field-metadata.ts";
import type { ForeignKeyMetadata } from "./metadata.ts";
import { moduleNamed } from "./module-owner.ts";
import type { ResolvedForeignKey, ResolvedMetadata } from "./resolved.ts";
import type { ReferredTable } from "./table-items.ts";

/** The foreign keys of a model: those of its fields, then those of its table. */
export function resolveForeignKeys(model: ResolvedMetadata): readonly ResolvedForeignKey[] {
  const ofFields = model.fields.flatMap((field) =>
    field.options.foreignKey === undefined ? [] : [ofField(model, field)],
  );
  const ofTable = model.tableItems.flatMap((item): ResolvedForeignKey[] => {
    if (item.kind !== "foreignKey") return [];
    const referred = referredBy(item.references());
    if (referred === undefined)
      throw new AthanorError("MODEL.NOT_A_FIELD", { model: model.name, property: "foreignKey" });
    return [
      {
        name: item.options.name ?? null,
        properties: item.columns.map((column) => column.property),
        ...referred,
        onDelete: item.options.onDelete ?? "no action",
        onUpdate: item.options.onUpdate ?? "no action",
        deferrable: item.options.deferrable ?? null,
        match: item.options.match ?? "simple",
        constraint: item.options.constraint ?? true,
        options: item.options.options ?? {},
      },
    ];
  });
  for (const key of ofFields) refuseSetNull(model, key);
  return [...ofFields, ...ofTable];
}

/** What a key of a table refers to; undefined where it names nothing. */
function referredBy(
  references: readonly ModelColumn<unknown>[] | ReferredTable,
): Pick<ResolvedForeignKey, "target" | "targetColumns" | "foreign"> | undefined {
  if ("columns" in references) {
    const { schema, name, columns } = references;
    return { target: { schema, name }, targetColumns: columns, foreign: true };
  }
  const [first] = references;
  return (
    first && {
      target: first.table,
      targetColumns: references.map((column) => column.columnName),
      foreign: false,
    }
  );
}

function ofField(model: ResolvedMetadata, field: ResolvedField): ResolvedForeignKey {
  const { options, property } = field;
  const { table, column } = targetOf(model, property, options.foreignKey);
  return {
    name: null,
    properties: [property],
    target: table,
    targetColumns: [column],
    foreign: false,
    onDelete: options.onDelete ?? "no action",
    onUpdate: options.onUpdate ?? "no action",
    deferrable: options.deferrable ?? null,
    match: "simple",
    constraint: options.constraint ?? true,
    options: {},
  };
}

function targetOf(
  model: ResolvedMetadata,
  property: string,
  target: unknown,
): { table: TableRef; column: string } {
  if (target instanceof ModelColumn) return { table: target.table, column: target.columnName };
  const parts = typeof target === "string" ? target.split(".") : [];
  if (parts.length < 2 || parts.length > 3) {
    throw new AthanorError("MODEL.FOREIGN_KEY_TARGET", {
      model: model.name,
      property,
      target: String(target),
    });
  }
  const [name, column] = parts.slice(-2) as [string, string];
  const schema = parts.length === 3 ? parts[0]! : null;
  // A module names its own tables alone; another's are wherever that one has them.
  const owner = schema === null ? definitionOf(model.model)?.registry.module : moduleNamed(schema);
  return { table: owner?.refOf(name) ?? { schema, name }, column };
}

function refuseSetNull(model: ResolvedMetadata, key: ForeignKeyMetadata): void {
  if (key.onDelete !== "set null" && key.onUpdate !== "set null") return;
  const stuck = key.properties.find((property) => model.fieldsByProperty.get(property)?.nullable !== true);
  if (stuck !== undefined && key.properties.length === 1) {
    throw new AthanorError("MODEL.SET_NULL", { model: model.name, property: stuck });
  }
}
