import {
  type Column,
  type EnumType,
  type ForeignKey,
  type NamingConvention,
  sameTable,
} from "../schema/index.ts";
import { arrow, type Code, call, layout, list, object, text } from "../script/code.ts";
import type { RenderedItem } from "../script/render-item.ts";
import { json } from "../script/render-values.ts";
import type { EnumNames } from "./enums.ts";
import { fieldConstraints, renderField } from "./render-field.ts";
import { Items } from "./render-items.ts";
import type { ShapedModel, ShapedRelation } from "./shape.ts";

/** What a file of models imports. */
export interface Imports {
  /** From Athanor itself. */
  readonly names: Set<string>;
  readonly models: Set<ShapedModel>;
  /** Constants of the enums' file. */
  readonly enums: Set<string>;
}

/** A model as source text. */
export function renderModel(
  model: ShapedModel,
  models: readonly ShapedModel[],
  naming: NamingConvention,
  imports: Imports,
  enums: EnumNames,
): string {
  const uses = (other: ShapedModel): void => void imports.models.add(other);
  const needs = {
    set types(_: boolean) {
      imports.names.add("t");
    },
    userType: () => null,
    own: (item: RenderedItem): string | null => {
      const name = item.kind === "type" ? enums.nameOf(item.value) : null;
      if (name === null || item.kind !== "type") return null;
      imports.names.add("t");
      const { name: typeName, schema } = item.value as EnumType;
      return `t.enum(${name}.options, ${schema === null ? `{ name: ${text(typeName ?? "")} }` : `{ name: ${text(typeName ?? "")}, schema: ${text(schema)} }`})`;
    },
    uses,
    imports: (name: string): void => void imports.names.add(name),
  };
  const targetOf = (key: ForeignKey): ShapedModel | undefined =>
    models.find((each) => sameTable(each.table, key.references));
  const said = fieldConstraints(model, targetOf, naming);
  imports.names.add("Model");
  if (model.table.columns.length > 0) imports.names.add("field");
  const fields = model.table.columns.map((column): readonly [string, Code] => {
    const shaped = model.columns.get(column.name)!;
    for (const name of enumsIn(shaped.zod, column.type, enums)) imports.enums.add(name);
    return [shaped.property, renderField(column, shaped, said.get(column.name)!, needs)];
  });
  const relations = model.relations.map((relation): readonly [string, Code] => {
    uses(relation.target);
    if (relation.through !== null) uses(relation.through);
    imports.names.add(relation.cardinality);
    return [relation.property, arrow("", relationCode(relation))];
  });
  const items = new Items(model, naming, needs).all(said, targetOf);
  const { schema, name } = model.table;
  const base = call(
    "Model",
    schema === null ? text(name) : json({ schema, name }),
    object([...fields, ...relations]),
    items.length === 0 ? null : arrow(items.some(usesColumns) ? "c" : "", list(items)),
  );
  const head = `export class ${model.className} extends `;
  return `${head}${layout(base, 0, head.length, 3)} {}\n`;
}

/** The constants that a field's schema speaks of. */
function enumsIn(zod: Code, type: Column["type"], enums: EnumNames): readonly string[] {
  const name = enums.nameOf(type.kind === "array" ? type.of : type);
  return name !== null && JSON.stringify(zod).includes(name) ? [name] : [];
}

function relationCode({ cardinality, target, through, backPopulates, foreignKey }: ShapedRelation): Code {
  const options: (readonly [string, Code])[] = [];
  if (through !== null) options.push(["through", through.className]);
  if (backPopulates !== null) options.push(["backPopulates", text(backPopulates)]);
  if (foreignKey !== null)
    options.push(["foreignKey", json(foreignKey.length === 1 ? foreignKey[0] : foreignKey)]);
  return call(cardinality, target.className, options.length === 0 ? null : object(options));
}

/** Whether code speaks of the model's own columns. */
function usesColumns(code: Code): boolean {
  if (typeof code === "string") return /^c[.[]/.test(code);
  switch (code.kind) {
    case "array":
      return code.items.some(usesColumns);
    case "object":
      return code.entries.some(([, value]) => usesColumns(value));
    case "call":
      return code.args.some(usesColumns);
    case "arrow":
      return usesColumns(code.body);
    case "block":
      return code.statements.some(usesColumns);
  }
}
