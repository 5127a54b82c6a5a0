import type { Column, DefaultValue, ForeignKey, NamingConvention } from "../schema/index.ts";
import { arrow, type Code, call, object, text } from "../script/code.ts";
import { columnType, json, type Needs } from "../script/render-values.ts";
import { isConventional } from "./conventional.ts";
import { convertsBack } from "./names.ts";
import type { ShapedColumn, ShapedModel } from "./shape.ts";

/** What a field says of the table's constraints, so that the third argument need not. */
export interface FieldConstraints {
  readonly primaryKey: boolean;
  readonly foreignKey: { readonly key: ForeignKey; readonly target: ShapedModel } | null;
  readonly index: boolean;
  readonly unique: boolean;
  /** The only column of the primary key. */
  readonly lone: boolean;
}

/** A field of a model, or an arrow of one where it names another model. */
export function renderField(
  column: Column,
  shaped: ShapedColumn,
  said: FieldConstraints,
  needs: Needs & { uses(model: ShapedModel): void },
): Code {
  const zod = column.nullable ? nullable(shaped.zod) : shaped.zod;
  const options: (readonly [string, Code])[] = [];
  const say = (name: string, code: Code | null | false): void => {
    if (code !== null && code !== false) options.push([name, code]);
  };
  if (said.primaryKey) say("primaryKey", "true");
  if (said.primaryKey && column.nullable) say("nullable", "true");
  say("column", !convertsBack(shaped.property, column.name) && text(column.name));
  say("type", shaped.type && columnType(shaped.type, needs));
  say("autoIncrement", numbering(column, said));
  if (column.identity !== null) {
    const { generation, ...rest } = column.identity;
    say("identity", Object.keys(rest).length === 0 ? text(generation) : json(column.identity));
  }
  if (said.foreignKey !== null) {
    const { key, target } = said.foreignKey;
    const other = target.columns.get(key.references.columns[0] ?? "")?.property ?? "id";
    needs.uses(target);
    say("foreignKey", member(`${target.className}.c`, other));
    say("onDelete", key.onDelete !== "no action" && text(key.onDelete));
    say("onUpdate", key.onUpdate !== "no action" && text(key.onUpdate));
    say("deferrable", key.deferrable && text(key.deferrable));
  }
  say("index", said.index && "true");
  say("unique", said.unique && "true");
  say("serverDefault", shaped.default && serverDefault(shaped.default));
  if (column.generated !== null) {
    const { expression, stored } = column.generated;
    say("generated", stored ? text(expression) : json({ as: expression, stored }));
  }
  say("collation", column.collation && text(column.collation));
  say("comment", column.comment && text(column.comment));
  say("options", Object.keys(column.options).length > 0 && json(column.options));
  const field = call("field", zod, options.length === 0 ? null : object(options));
  return said.foreignKey === null ? field : arrow("", field);
}

function nullable(zod: Code): Code {
  if (typeof zod === "string") return `${zod}.nullable()`;
  return call("z.nullable", zod);
}

/** A property behind a dot, or in brackets where it is no identifier. */
export function member(object: string, property: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(property)
    ? `${object}.${property}`
    : `${object}[${text(property)}]`;
}

function numbering(column: Column, { lone, foreignKey }: FieldConstraints): Code | null {
  const { kind } = column.type;
  const integer = kind === "integer" || kind === "bigint" || kind === "smallint";
  const implied =
    lone && integer && foreignKey === null && column.default === null && column.identity === null;
  return implied === column.autoIncrement ? null : String(column.autoIncrement);
}

/** A literal as itself; SQL as a string. */
function serverDefault(value: DefaultValue): Code {
  if (value.kind === "expression") return text(value.sql);
  if (typeof value.value === "string") return text(`'${value.value.replaceAll("'", "''")}'`);
  return value.value === null ? text("NULL") : String(value.value);
}

/** What the fields of a model say of its constraints; the rest is for the third argument. */
export function fieldConstraints(
  model: ShapedModel,
  models: (key: ForeignKey) => ShapedModel | undefined,
  naming: NamingConvention,
): ReadonlyMap<string, FieldConstraints> {
  const { table } = model;
  return new Map(
    table.columns.map(({ name }) => {
      const key = table.foreignKeys.find(
        (each) =>
          each.columns.length === 1 &&
          each.columns[0] === name &&
          isConventional.foreignKey(each, table, naming),
      );
      const target = key && models(key);
      const primaryKey = table.primaryKey?.columns.includes(name) ?? false;
      const index = table.indexes.find(
        (each) => isConventional.index(each, table, naming) && each.parts[0]?.column === name,
      );
      const unique = table.uniques.some(
        (each) => isConventional.unique(each, table, naming) && each.columns[0] === name,
      );
      return [
        name,
        {
          primaryKey,
          lone: primaryKey && table.primaryKey?.columns.length === 1,
          foreignKey: key !== undefined && target !== undefined ? { key, target } : null,
          index: index !== undefined,
          unique: (index?.unique ?? false) || (index === undefined && unique),
        },
      ] as const;
    }),
  );
}
