import { allColumns, parentsOf } from "../schema/family.ts";
import {
  type DialectOptions,
  findTable,
  type Json,
  type NamingConvention,
  type Schema,
  sameTable,
  type Table,
  type TableRef,
} from "../schema/index.ts";
import { arrow, type Code, call, list, object, text } from "../script/code.ts";
import { json } from "../script/render-values.ts";
import { Items } from "./render-items.ts";
import type { ShapedModel } from "./shape.ts";

/** What a partition says of the table that it is a part of. */
interface Part {
  readonly bound: string;
  readonly of: TableRef;
  /** Its columns, where they stand in an order of their own. */
  readonly columns: readonly string[] | null;
}

/** What a table is a part of, in the words of whatever dialect; null where it stands for itself. */
export function partOf(table: Table): Part | null {
  for (const own of Object.values(table.options)) {
    const said = own["partitionOf"] as (TableRef & Omit<Part, "of">) | undefined;
    if (said === undefined) continue;
    const { schema, name, bound, columns = null } = said;
    return { bound, of: { schema, name }, columns };
  }
  return null;
}

/** The tables that are models of their own, with every column that they have. */
export function wholeTables(found: Schema): Schema {
  return {
    ...found,
    tables: found.tables
      .filter((table) => partOf(table) === null)
      .map((table) =>
        parentsOf(table).length === 0 ? table : { ...table, columns: allColumns(table, found) },
      ),
  };
}

/** What a file needs for a partition. */
export interface PartNeeds {
  uses(model: ShapedModel): void;
  imports(name: string): void;
}

/** A partition as the call that makes it. */
export function renderPart(
  table: Table,
  { bound, of, columns }: Part,
  found: Schema,
  models: readonly ShapedModel[],
  naming: NamingConvention,
  needs: PartNeeds,
): Code {
  const parent = models.find((each) => sameTable(each.table, of));
  const root = parent ?? rootOf(of, found, models);
  if (root !== undefined) needs.uses(root);
  const items = root === undefined ? [] : itemsOf(table, root, models, naming, needs);
  const ref =
    of.schema === null
      ? `({ schema: null, name: ${text(of.name)} })`
      : `({ schema: ${text(of.schema)}, name: ${text(of.name)} })`;
  const { schema, name } = table;
  const speaks = JSON.stringify(items).match(/\bc[.[]/) !== null;
  return call(
    "partitionOf",
    schema === null ? text(name) : json({ schema, name }),
    arrow("", root?.className ?? ref),
    text(bound.replace(/^FOR VALUES /, "")),
    items.length === 0 ? null : arrow(speaks ? "c" : "", list(items)),
    optionsOf(table.options, parent === undefined && root !== undefined ? of : null, columns),
  );
}

function rootOf(ref: TableRef, found: Schema, models: readonly ShapedModel[]): ShapedModel | undefined {
  const table = findTable(found, ref);
  const above = table && partOf(table);
  if (above == null) return models.find((each) => sameTable(each.table, ref));
  return rootOf(above.of, found, models);
}

/** Its own indexes and constraints, over the columns of the table that it is a part of. */
function itemsOf(
  table: Table,
  root: ShapedModel,
  models: readonly ShapedModel[],
  naming: NamingConvention,
  needs: PartNeeds,
): readonly Code[] {
  const part: ShapedModel = { ...root, table: { ...table, options: {} }, relations: [] };
  const items = new Items(part, naming, needs);
  return items.every((key) => models.find((each) => sameTable(each.table, key.references)));
}

function optionsOf(
  options: DialectOptions,
  within: TableRef | null,
  columns: readonly string[] | null,
): Code | null {
  const own = Object.assign({}, ...Object.values(options)) as { readonly [option: string]: Json };
  const { partitionOf: _, partitionBy, inherited, ...rest } = own;
  const entries: (readonly [string, Code])[] = [
    ...(within === null
      ? []
      : [["within", within.schema === null ? text(within.name) : json({ ...within })] as const]),
    ...(columns === null ? [] : [["columns", json([...columns])] as const]),
    ...(partitionBy === undefined ? [] : [["partitionBy", json(partitionBy)] as const]),
    ...(inherited === undefined ? [] : [["inherited", json(inherited)] as const]),
    ...(Object.keys(rest).length === 0 ? [] : [["options", json(rest)] as const]),
  ];
  return entries.length === 0 ? null : object(entries);
}
