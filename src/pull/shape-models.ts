import { type Column, type Schema, type Table, tableLabel } from "../schema/index.ts";
import type { EnumNames } from "./enums.ts";
import { className, fileName, propertyName, unused } from "./names.ts";
import type { ShapedColumn, ShapedModel } from "./shape.ts";
import { zodFor } from "./spoken-types.ts";

/** Where models go: a file each, or one for each schema. */
export type Layout = "model" | "schema";

/** The models of a schema, named; their columns say everything themselves, and have no relations yet. */
export function shapeModels(schema: Schema, layout: Layout, enums: EnumNames): readonly ShapedModel[] {
  const classes = new Set<string>();
  const files = new Set<string>(["enums.ts"]);
  const models: ShapedModel[] = [];
  for (const table of schema.tables.toSorted((a, b) => (tableLabel(a) < tableLabel(b) ? -1 : 1))) {
    const name = className(table, classes);
    classes.add(name);
    const file = layout === "model" ? fileOf(table, files) : `${fileName(table.schema ?? "models")}.ts`;
    files.add(file);
    models.push({ table, className: name, file, columns: shapeColumns(table, enums), relations: [] });
  }
  return models;
}

function fileOf(table: Table, taken: ReadonlySet<string>): string {
  const folder = table.schema === null ? "" : `${fileName(table.schema)}/`;
  const base = `${folder}${fileName(table.name)}`;
  const whole = new Set([...taken].map((each) => each.replace(/\.ts$/, "").toLowerCase()));
  return `${unused([base], whole)}.ts`;
}

function shapeColumns(table: Table, enums: EnumNames): ReadonlyMap<string, ShapedColumn> {
  const taken = new Set<string>(reserved);
  const columns = new Map<string, ShapedColumn>();
  for (const column of table.columns) {
    const property = unused([propertyName(column.name), `${propertyName(column.name)}Column`], taken);
    taken.add(property);
    columns.set(column.name, shapeColumn(column, property, enums));
  }
  return columns;
}

function shapeColumn(column: Column, property: string, enums: EnumNames): ShapedColumn {
  return { property, zod: zodFor(column.type, enums), type: column.type, default: column.default };
}

/** What every object has already. */
const reserved: readonly string[] = [
  "constructor",
  "toJSON",
  "__proto__",
  "toString",
  "valueOf",
  "hasOwnProperty",
];
