import { isDeepStrictEqual } from "node:util";
import type { DiffRules } from "../dialect/index.ts";
import {
  type Column,
  column,
  type DefaultValue,
  findColumn,
  findTable,
  type NamingConvention,
  type Schema,
  schema,
  type Table,
  table,
} from "../schema/index.ts";
import { EnumNames } from "./enums.ts";
import { type PulledFile, renderFiles } from "./files.ts";
import { withNames } from "./named.ts";
import { wholeTables } from "./partitions.ts";
import type { ShapedColumn, ShapedModel } from "./shape.ts";
import { type Layout, shapeModels } from "./shape-models.ts";
import { shapeRelations } from "./shape-relations.ts";
import { plainTypes, type Spoken, sizedType } from "./spoken-types.ts";

/** How a database becomes models. */
export interface PullOptions {
  readonly layout: Layout;
  readonly naming: NamingConvention;
  readonly rules: DiffRules;
  /** A schema as the database would give it back. */
  readonly canonical: (schema: Schema) => Promise<Schema>;
}

/**
 * Model files for what a database has, `read` being in its canonical form. What models say shorter than the database
 * does (a type by its Zod schema alone, a default without its cast) is kept only where the database takes it for the
 * same.
 */
export async function pullModels(read: Schema, options: PullOptions): Promise<readonly PulledFile[]> {
  const found = withNames(read, options.naming);
  const plain = await physicalTypes(options.canonical);
  const enums = new EnumNames(found);
  const shaped = shapeModels(wholeTables(found), options.layout, enums);
  const short = shaped.map((model) => shortened(model, plain, options.rules));
  const asked = await options.canonical({
    ...found,
    tables: short.map((model) => ({
      ...model.table,
      columns: model.table.columns.map((each) => said(each, model)),
    })),
  });
  const models = short.map((model, at) => ({
    ...model,
    columns: proven(model, shaped[at]!, findTable(asked, model.table), options.rules),
  }));
  shapeRelations(models);
  return renderFiles(found, models, { naming: options.naming, enums, layout: options.layout });
}

/** What the database makes of the types that Zod alone says. */
async function physicalTypes(
  canonical: PullOptions["canonical"],
): Promise<readonly (readonly [Spoken, Column["type"]])[]> {
  const columns = plainTypes.map((each, at) => column(`c${at}`, each.type));
  const [made] = (await canonical(schema([table("athanor_types", columns)]))).tables;
  return plainTypes.map((each, at) => [each, made?.columns[at]?.type ?? each.type]);
}

/** The model with everything said as shortly as it might be. */
function shortened(
  model: ShapedModel,
  plain: readonly (readonly [Spoken, Column["type"]])[],
  rules: DiffRules,
): ShapedModel {
  const columns = new Map(
    model.table.columns.map((each): [string, ShapedColumn] => {
      const whole = model.columns.get(each.name)!;
      const spoken =
        sizedType(each.type) ?? plain.find(([, type]) => rules.sameType(type, each.type))?.[0] ?? null;
      return [
        each.name,
        {
          ...whole,
          ...(spoken === null ? {} : { zod: spoken.zod, type: null }),
          default: each.default && shortDefault(each.default),
        },
      ];
    }),
  );
  return { ...model, columns };
}

/** `'x'::text` as `'x'`, `'5'::integer` as 5: what a person would have written. */
function shortDefault(value: DefaultValue): DefaultValue {
  if (value.kind === "literal") return value;
  const cast = /^\(?('(?:[^']|'')*'|-?\d+(?:\.\d+)?)\)?::[\w\s."(),[\]]+$/.exec(value.sql);
  const sql = cast?.[1] ?? value.sql;
  if (/^-?\d{1,15}(\.\d{1,15})?$/.test(sql) && String(Number(sql)) === sql)
    return { kind: "literal", value: Number(sql) };
  if (/^(true|false)$/i.test(sql)) return { kind: "literal", value: sql.toLowerCase() === "true" };
  return { kind: "expression", sql };
}

/** A column of the table as the shortened model says it. */
function said(own: Column, model: ShapedModel): Column {
  const shaped = model.columns.get(own.name)!;
  return { ...own, type: shaped.type ?? spokenType(own), default: shaped.default };
}

function spokenType(own: Column): Column["type"] {
  return sizedType(own.type)?.type ?? own.type;
}

/** What the database took for the same is said shortly, the rest in full. */
function proven(
  short: ShapedModel,
  whole: ShapedModel,
  asked: Table | undefined,
  rules: DiffRules,
): ReadonlyMap<string, ShapedColumn> {
  return new Map(
    short.table.columns.map((own): [string, ShapedColumn] => {
      const brief = short.columns.get(own.name)!;
      const full = whole.columns.get(own.name)!;
      const made = asked && findColumn(asked, own.name);
      const sameType =
        made !== undefined &&
        rules.sameType(made.type, own.type) &&
        isDeepStrictEqual(made.collation, own.collation);
      const sameDefault = made !== undefined && rules.sameDefault(made.default, own.default, own.type);
      return [
        own.name,
        {
          ...(sameType ? brief : full),
          default: sameDefault ? brief.default : full.default,
        },
      ];
    }),
  );
}
