import { readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import { type AnyModel, type ModelSchema, toSchema } from "../model/index.ts";
import { moduleBases, placeFor } from "../module/index.ts";
import type { Schema, Table } from "../schema/index.ts";
import { tableKey } from "../schema/index.ts";
import { placeRefs } from "../schema/place.ts";
import type { FoundModule } from "./find-modules.ts";

/** Every table of every module, as one. */
export interface ModuleMetadata {
  /** The modules, each after those it depends on. */
  readonly modules: readonly FoundModule[];
  readonly models: readonly AnyModel[];
  /** In the words of the provider; logical where none is known. */
  readonly schema: Schema;
  readonly renames: ModelSchema["renames"];
  /** The tables, each after those its foreign keys lead to; else by schema and name. */
  readonly sortedTables: readonly Table[];
}

/**
 * Imports the models of modules, in the order of their dependencies, and unites them. A module without models contributes
 * nothing. Rejects with `MODULE.IMPORT` where one cannot be imported, `MODULE.MISNAMED` and `MODULE.DISAGREES` where base
 * and definition say two things, and whatever `toSchema` refuses.
 */
export async function unite(
  root: string,
  modules: readonly FoundModule[],
  provider: string | null,
): Promise<ModuleMetadata> {
  for (const module of modules) await importModels(root, module);
  const known = new Map(modules.map((module) => [module.name, module]));
  const bases = moduleBases().filter(({ name }) => known.has(name));
  for (const { name, dependsOn } of bases) {
    const meta = Object.keys(known.get(name)!.dependsOn).sort().join(", ");
    const base = dependsOn === null ? meta : [...dependsOn].sort().join(", ");
    if (meta !== base) throw new AthanorError("MODULE.DISAGREES", { module: name, meta, base });
  }
  const order = modules.map(({ name }) => name);
  const sorted = bases.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const models = sorted.flatMap((base) => base.models);
  const made = toSchema(models);
  const place = provider === null ? null : placeFor(provider);
  const schema = place === null ? made.schema : placeRefs(made.schema, place);
  const namespaces = [...new Set(schema.tables.flatMap((table) => table.schema ?? []))];
  return {
    modules,
    models,
    schema: { ...schema, namespaces },
    renames: made.renames,
    sortedTables: sortTables(schema.tables),
  };
}

async function importModels(root: string, module: FoundModule): Promise<void> {
  const before = new Set(moduleBases().map(({ name }) => name));
  const files = module.models.flatMap(filesOf);
  for (const path of files) {
    try {
      await import(pathToFileURL(path).href);
    } catch (cause) {
      if (isAthanorError(cause)) throw cause;
      const file = relative(root, path).split(sep).join("/");
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AthanorError("MODULE.IMPORT", { module: module.name, file, reason }, { cause });
    }
  }
  const made = moduleBases().map(({ name }) => name);
  if (files.length === 0 || made.includes(module.name)) return;
  const base = made.find((name) => !before.has(name));
  if (base !== undefined)
    throw new AthanorError("MODULE.MISNAMED", { file: module.file, name: module.name, base });
}

/** The source files of a folder, or the file itself. */
function filesOf(path: string): readonly string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.m?[jt]s$/.test(name) && !/\.d\.m?ts$|\.(?:test|spec)\.\w+$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** Each after those it refers to. Circles are cut where they are met. */
function sortTables(tables: readonly Table[]): readonly Table[] {
  const byKey = new Map(tables.map((table) => [tableKey(table), table]));
  const sorted = new Set<Table>();
  const visit = (table: Table, path: readonly Table[]): void => {
    if (sorted.has(table) || path.includes(table)) return;
    for (const key of table.foreignKeys) {
      const target = byKey.get(tableKey(key.references));
      if (target !== undefined) visit(target, [...path, table]);
    }
    sorted.add(table);
  };
  for (const table of tables) visit(table, []);
  return [...sorted];
}
