import { type DeclaredRename, type SchemaParts, withParts } from "../model/index.ts";
import { emptySchema, findTable, type Schema, type Table, type TableRef, tableKey } from "../schema/index.ts";
import { canonicalOrder } from "../schema/order.ts";
import { deepFreeze } from "../util/deep-freeze.ts";
import type { Unit } from "./cache.ts";

/** Models as data, each with the file that exports it, from the root. */
export interface Gathered {
  readonly schema: Schema;
  readonly renames: readonly DeclaredRename[];
  readonly models: readonly { readonly name: string; readonly table: TableRef; readonly file: string }[];
  /** What objects beside the models' tables add to the schema, each with its file. */
  readonly parts: readonly { readonly file: string; readonly parts: SchemaParts }[];
}

/** What the units of model files make up together; null where they do not fit, and all have to be imported anew. */
export function assemble(units: ReadonlyMap<string, Unit>): Gathered | null {
  const list = [...units].sort(([a], [b]) => (a < b ? -1 : 1));
  const tables = list.flatMap(([, unit]) => unit.tables);
  if (new Set(tables.map(tableKey)).size < tables.length) return null;
  const namespaces = new Set(tables.flatMap((table) => table.schema ?? []));
  const parts = list.flatMap(([file, unit]) => unit.parts.map((each) => ({ file, parts: each })));
  const plain = { ...emptySchema, tables, namespaces: [...namespaces] };
  const whole = withParts(
    plain,
    parts.map((each) => each.parts),
  );
  const schema = deepFreeze(canonicalOrder(whole));
  if (!tables.every((table) => targetsExist(table, schema))) return null;
  return {
    schema,
    renames: list.flatMap(([, unit]) => unit.renames),
    models: list.flatMap(([file, unit]) => unit.models.map((model) => ({ ...model, file }))),
    parts,
  };
}

function targetsExist(table: Table, schema: Schema): boolean {
  return table.foreignKeys.every((key) => {
    const target = findTable(schema, key.references);
    return key.references.columns.every((name) => target?.columns.some((column) => column.name === name));
  });
}

/** Takes apart what was gathered, file by file, so that each part can be kept. */
export function takeApart(
  { schema, renames, models, parts }: Gathered,
  keys: ReadonlyMap<string, string | null>,
): ReadonlyMap<string, Unit> {
  const { tables } = schema;
  const filesOf = Map.groupBy(models, ({ table }) => tableKey(table));
  const taken = new Map<string, Unit>();
  for (const [file, key] of keys) {
    const mine = models.filter((model) => model.file === file);
    // A table that several files share stands with the first of them.
    const own = mine.filter(({ table }) => filesOf.get(tableKey(table))?.[0]?.file === file);
    const names = new Set(own.map(({ table }) => tableKey(table)));
    const group = mine.flatMap(({ table }) => (filesOf.get(tableKey(table)) ?? []).map((each) => each.file));
    if (key === null) continue;
    taken.set(file, {
      key,
      group: [...new Set(group)].filter((each) => each !== file),
      models: mine.map(({ name, table }) => ({ name, table })),
      tables: tables.filter((table) => names.has(tableKey(table))),
      parts: parts.filter((each) => each.file === file).map((each) => each.parts),
      renames: renames.filter((rename) =>
        names.has(tableKey(rename.kind === "table" ? rename.to : rename.table)),
      ),
    });
  }
  return taken;
}
