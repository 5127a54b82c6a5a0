import { posix } from "node:path";
import {
  type NamingConvention,
  type ObjectKind,
  type Schema,
  type SchemaObject,
  sameTable,
  type TableRef,
  tableKey,
} from "../schema/index.ts";
import { type Code, call, layout, text } from "../script/code.ts";
import { json } from "../script/render-values.ts";
import type { EnumNames } from "./enums.ts";
import { fileName, propertyName, unused } from "./names.ts";
import { partOf, renderPart } from "./partitions.ts";
import { member } from "./render-field.ts";
import { renderObject } from "./render-object.ts";
import type { ShapedModel } from "./shape.ts";
import type { Layout } from "./shape-models.ts";

/** A file of objects while it is written. */
export interface ObjectFile {
  readonly path: string;
  /** Functions of `athanor/objects` that it calls. */
  readonly makers: Set<string>;
  readonly models: Set<ShapedModel>;
  /** From Athanor itself. */
  readonly names: Set<string>;
  readonly lines: string[];
}

/** Where the kinds are written: a file each, beside the models. */
const places: Partial<Readonly<Record<Place, string>>> = {
  namespace: "schemas",
  comment: "schemas",
  partition: "partitions",
  extension: "extensions",
  collation: "types",
  domain: "types",
  composite: "types",
  range: "types",
  enum: "types",
  sequence: "sequences",
  function: "routines",
  procedure: "routines",
  aggregate: "routines",
  virtualTable: "virtual-tables",
  view: "views",
  materializedView: "views",
  index: "views",
  rule: "rules",
  trigger: "triggers",
  policy: "policies",
  event: "events",
  grant: "grants",
  publication: "publications",
};

/** What a database has beside its tables, as files of objects. `used` are the enums that models name. */
export function renderObjects(
  found: Schema,
  models: readonly ShapedModel[],
  {
    layout: how,
    enums,
    used,
    naming,
  }: { layout: Layout; enums: EnumNames; used: ReadonlySet<string>; naming: NamingConvention },
): readonly ObjectFile[] {
  const files = new Map<string, ObjectFile>();
  const taken = new Set(models.map((model) => model.file));
  const names = new Set([...models.map((model) => model.className), ...enums.names(), ...reserved]);
  const fileFor = (kind: Place, schema: string | null): ObjectFile => {
    const path = pathOf(kind, schema, how, taken);
    const file = files.get(path) ?? {
      path,
      makers: new Set(),
      models: new Set(),
      names: new Set(),
      lines: [],
    };
    files.set(path, file);
    return file;
  };
  const write = (file: ObjectFile, name: string, kind: string, maker: string, code: Code): void => {
    const plain = propertyName(name);
    const constant = unused([plain, `${plain}${kind.charAt(0).toUpperCase()}${kind.slice(1)}`], names);
    names.add(constant);
    file.makers.add(maker);
    const head = `export const ${constant} = `;
    file.lines.push(`${head}${layout(code, 0, head.length, 1)};\n`);
  };
  for (const table of found.tables) {
    const part = partOf(table);
    if (part === null) continue;
    const file = fileFor("partition", table.schema);
    const code = renderPart(table, part, found, models, naming, {
      uses: (model) => file.models.add(model),
      imports: (name) => file.names.add(name),
    });
    write(file, table.name, "partition", "partitionOf", code);
  }
  const inside = new Set(
    found.objects.filter(({ kind }) => kind === "materializedView").map((each) => tableKey(each)),
  );
  for (const own of found.objects) {
    if (own.kind === "index" && own.table !== null && inside.has(tableKey(own.table)) && folds(own, found))
      continue;
    const file = fileFor(own.kind, own.schema);
    const { maker, code } = renderObject(own, needsOf(found, models, file));
    const called = own.kind === "grant" && own.table !== null ? `${own.name} on ${own.table.name}` : own.name;
    write(file, called, own.kind, maker, code);
  }
  for (const name of bareNamespaces(found)) {
    write(fileFor("namespace", null), name, "schema", "namespace", call("namespace", text(name)));
  }
  for (const type of found.enums) {
    if (used.has(enums.nameOf(type) ?? "")) continue;
    const ref = type.schema === null ? text(type.name) : json({ schema: type.schema, name: type.name });
    const code = call("enumType", ref, json([...type.values]));
    write(fileFor("enum", type.schema), type.name, "type", "enumType", code);
  }
  return [...files.values()];
}

/** Whether an index is said by its materialized view. */
function folds(index: SchemaObject, found: Schema): boolean {
  const view = found.objects.find(
    (each) => each.kind === "materializedView" && index.table !== null && sameTable(each, index.table),
  );
  if (view === undefined) return false;
  const { maker } = renderObject(view, needsOf(found, [], null));
  return maker === "materializedView";
}

function needsOf(
  found: Schema,
  models: readonly ShapedModel[],
  file: ObjectFile | null,
): Parameters<typeof renderObject>[1] {
  const modelOf = (table: TableRef): ShapedModel | undefined =>
    models.find((each) => sameTable(each.table, table));
  const refOf = ({ schema, name }: TableRef): string =>
    schema === null ? text(name) : `{ schema: ${text(schema)}, name: ${text(name)} }`;
  return {
    target(table) {
      const model = modelOf(table);
      if (model === undefined) return refOf(table);
      file?.models.add(model);
      return `() => ${model.className}`;
    },
    column(table, column) {
      const model = modelOf(table);
      const property = model?.columns.get(column)?.property;
      if (model === undefined || property === undefined)
        return `({ table: ${refOf(table)}, column: ${text(column)} })`;
      file?.models.add(model);
      return member(`${model.className}.c`, property);
    },
    indexesOf: (view) =>
      found.objects.filter(({ kind, table }) => kind === "index" && table !== null && sameTable(table, view)),
  };
}

/** Named schemas that nothing else says. */
function bareNamespaces(found: Schema): readonly string[] {
  const said = new Set([...found.tables, ...found.objects, ...found.enums].map(({ schema }) => schema));
  const noted = found.objects.filter(({ kind }) => kind === "comment").map(({ name }) => name);
  return found.namespaces.filter(
    (name) =>
      !said.has(name) && !noted.some((each) => each === `SCHEMA ${name}` || each === `SCHEMA "${name}"`),
  );
}

type Place = ObjectKind | "namespace" | "partition";

function pathOf(kind: Place, schema: string | null, how: Layout, taken: ReadonlySet<string>): string {
  const place =
    kind === "namespace" ? "schemas" : kind === "comment" ? "schemas" : (places[kind] ?? "objects");
  const folder = schema === null ? "" : fileName(schema);
  const base = how === "model" ? posix.join(folder, place) : `${folder === "" ? "" : `${folder}-`}${place}`;
  // A model of that name has the file already.
  const candidates = [base, `${base}-objects`];
  return `${candidates.find((each) => !taken.has(`${each}.ts`)) ?? base}.ts`;
}

/** What a constant would hide from the file, or cannot be called. */
const reserved: readonly string[] = (
  "break case catch class const continue debugger default delete do else enum export extends false finally for " +
  "function if import in instanceof new null return super switch this throw true try typeof var void while with yield " +
  "let static await async arguments eval implements interface package private protected public undefined " +
  "collation composite defaultGrant domain enumType event eventTrigger extension foreignDataWrapper foreignServer foreignTable grant materializedView namespace object partitionOf policy publication range " +
  "routine rule sequence statistics trigger view virtualTable"
).split(" ");
