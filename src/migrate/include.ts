import { findColumn, findTable, type Schema, sameTable, type Table, type TableRef } from "../schema/index.ts";
import type { MigrationHooks, NamedKind, NamedObject } from "./options.ts";

/** The two sides of a comparison. */
export interface Sides {
  readonly database: Schema;
  readonly models: Schema;
}

/** Both sides without what the project's hooks leave out. */
export function includeOnly(sides: Sides, hooks: MigrationHooks): Sides {
  const named = hooks.includeName;
  const database =
    named === undefined
      ? sides.database
      : filterSchema(sides.database, ({ kind, name, table, schema }) => named({ kind, name, table, schema }));
  const object = hooks.includeObject;
  if (object === undefined) return { ...sides, database };
  const inDatabase = membership(database);
  const inModels = membership(sides.models);
  const keep = (thing: Thing): boolean =>
    object({ ...thing, inDatabase: inDatabase(thing), inModels: inModels(thing) });
  return { database: filterSchema(database, keep), models: filterSchema(sides.models, keep) };
}

type Thing = Omit<NamedObject, "inDatabase" | "inModels">;

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
 * A database without what is nobody's business: the version tables, and tables that neither the models nor the
 * history know. What no migration made, none drops.
 */
export function ownedOnly(
  database: Schema,
  models: Schema,
  history: Schema,
  versionTables: readonly TableRef[],
): Schema {
  const owned = (table: Table): boolean =>
    !versionTables.some((own) => sameTable(own, table)) &&
    (findTable(models, table) !== undefined || findTable(history, table) !== undefined);
  const namespaces = database.namespaces.filter(
    (name) => models.namespaces.includes(name) || history.namespaces.includes(name),
  );
  return { ...database, tables: database.tables.filter(owned), namespaces };
}
