import { enumObject } from "../schema/enum-object.ts";
import {
  findColumn,
  findObject,
  findTable,
  type Schema,
  type SchemaObject,
  sameTable,
  type Table,
  type TableRef,
} from "../schema/index.ts";
import type { MigrationHooks, NamedKind, NamedObject } from "./hooks.ts";

/** The two sides of a comparison. */
export interface Sides {
  readonly database: Schema;
  readonly models: Schema;
}

/** What tables are called by models and migration files, and whose they are. */
export interface NamesOfObjects {
  readonly logical: (ref: TableRef) => TableRef;
  readonly ownerOf: (ref: TableRef) => string | null;
}

const plainNames: NamesOfObjects = { logical: (ref) => ref, ownerOf: () => null };

/** Both sides without what the project's hooks leave out. */
export function includeOnly(sides: Sides, hooks: MigrationHooks, names: NamesOfObjects = plainNames): Sides {
  const named = hooks.includeName;
  const database =
    named === undefined
      ? sides.database
      : filterSchema(sides.database, (thing) => {
          return named(inLogicalNames(thing, names));
        });
  const object = hooks.includeObject;
  if (object === undefined) return { ...sides, database };
  const inDatabase = membership(database);
  const inModels = membership(sides.models);
  const keep = (thing: Thing): boolean =>
    object({ ...inLogicalNames(thing, names), inDatabase: inDatabase(thing), inModels: inModels(thing) });
  return { database: filterSchema(database, keep), models: filterSchema(sides.models, keep) };
}

type Thing = Omit<NamedObject, "inDatabase" | "inModels" | "module">;

/** A thing by the names that models and migration files have for it. */
function inLogicalNames(
  thing: Thing,
  { logical, ownerOf }: NamesOfObjects,
): Omit<NamedObject, "inDatabase" | "inModels"> {
  const { kind, name, schema } = thing;
  if (kind === "namespace") return { ...thing, module: ownerOf({ schema: name, name: "" }) };
  if (thing.table === null) {
    const ref = logical({ schema, name });
    return { kind, table: null, ...ref, module: ownerOf(ref) };
  }
  const table = logical(thing.table);
  return { kind, name, table, schema: table.schema, module: ownerOf(table) };
}

/** A schema without the things that `keep` refuses; what has no name stays. */
function filterSchema(schema: Schema, keep: (thing: Thing) => boolean): Schema {
  const tables = schema.tables
    .filter((table) => keep({ kind: "table", name: table.name, table: null, schema: table.schema }))
    .map((table) => filterTable(table, keep));
  const namespaces = schema.namespaces.filter((name) =>
    keep({ kind: "namespace", name, table: null, schema: null }),
  );
  return { ...schema, tables, namespaces };
}

function filterTable(table: Table, keep: (thing: Thing) => boolean): Table {
  const ref: TableRef = { schema: table.schema, name: table.name };
  const kept =
    (kind: NamedKind) =>
    (item: { readonly name: string | null }): boolean =>
      item.name === null || keep({ kind, name: item.name, table: ref, schema: table.schema });
  return {
    ...table,
    columns: table.columns.filter(kept("column")),
    foreignKeys: table.foreignKeys.filter(kept("foreignKey")),
    uniques: table.uniques.filter(kept("unique")),
    checks: table.checks.filter(kept("check")),
    exclusions: table.exclusions.filter(kept("exclusion")),
    indexes: table.indexes.filter(kept("index")),
  };
}

/** Whether a schema has a thing. */
function membership(schema: Schema): (thing: Thing) => boolean {
  return ({ kind, name, table: ref, schema: namespace }) => {
    if (kind === "namespace") return schema.namespaces.includes(name);
    if (kind === "table") return schema.tables.some((table) => sameTable(table, { schema: namespace, name }));
    const table = ref === null ? undefined : findTable(schema, ref);
    if (table === undefined) return false;
    if (kind === "column") return findColumn(table, name) !== undefined;
    if (kind === "primaryKey") return table.primaryKey?.name === name;
    const lists = {
      index: table.indexes,
      unique: table.uniques,
      foreignKey: table.foreignKeys,
      check: table.checks,
      exclusion: table.exclusions,
    };
    return lists[kind].some((item) => item.name === name);
  };
}

/**
 * A database without what is nobody's business: the version tables, and tables, enums and objects that neither the
 * models nor the history know. What no migration made, none drops. `physical` is both as the database has them, where
 * that is known: names may be others there.
 */
export function ownedOnly(
  database: Schema,
  models: Schema,
  history: Schema,
  versionTables: readonly TableRef[],
  physical: readonly Schema[] = [models, history],
): Schema {
  const owned = (table: Table): boolean =>
    !versionTables.some((own) => sameTable(own, table)) &&
    (findTable(models, table) !== undefined || findTable(history, table) !== undefined);
  const namespaces = database.namespaces.filter(
    (name) => models.namespaces.includes(name) || history.namespaces.includes(name),
  );
  const known = (object: SchemaObject): boolean =>
    physical.some((side) => findObject(side, object) !== undefined);
  const objects = database.objects.filter(known);
  const enums = database.enums.filter((each) => known(enumObject(each)));
  return { ...database, tables: database.tables.filter(owned), namespaces, objects, enums };
}
