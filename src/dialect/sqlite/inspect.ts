import { AthanorError } from "../../errors/index.ts";
import type {
  Check,
  Column,
  ForeignKey,
  Index,
  PrimaryKey,
  Schema,
  SchemaObject,
  Table,
  Unique,
  UnmanagedObject,
} from "../../schema/index.ts";
import { schemaObject } from "../../schema/index.ts";
import { canonicalOrder } from "../../schema/order.ts";
import type { Connection } from "../connection.ts";
import type { InspectOptions, Inspector } from "../design.ts";
import {
  type Catalog,
  type ColumnRow,
  type IndexRow,
  type ObjectRow,
  readCatalog,
  type TableRow,
} from "./catalog.ts";
import { liftEnums } from "./enum-check.ts";
import { defaultForm, normalForm, type Scope } from "./expression.ts";
import { collationForm, keyOptions, sqliteOptions } from "./options.ts";
import { parseAfterName, parseIndex } from "./parse-index.ts";
import {
  type ParsedColumn,
  type ParsedForeignKey,
  type ParsedTable,
  type ParsedUnique,
  parseTable,
} from "./parse-table.ts";
import { parseTypeName } from "./type-name.ts";

/** Reads SQLite's catalog, and from the definitions it keeps what the catalog does not say. */
export const inspector: Inspector = {
  async inspect(connection: Connection, options: InspectOptions = {}): Promise<Schema> {
    return schemaOf(await readCatalog(connection), options);
  },
};

/** The schema that a catalog describes. */
export function schemaOf(catalog: Catalog, options: InspectOptions = {}): Schema {
  const wanted = (name: string): boolean =>
    options.tables === undefined || options.tables.some((ref) => ref.schema === null && ref.name === name);
  const tables = catalog.objects.filter((object) => object.type === "table");
  const virtual = tables.filter((object) => catalog.tables.get(object.name)?.type === "virtual");
  const shadows = new Set(virtual.flatMap(shadowsOf));
  const managed = tables.filter(
    (object) => catalog.tables.get(object.name)?.type === "table" && !shadows.has(object.name),
  );
  const definitions = new Map(catalog.objects.map((object) => [object.name, object]));
  return canonicalOrder({
    namespaces: [],
    tables: managed
      .filter((object) => wanted(object.name))
      .map((object) => tableOf(object, catalog, definitions)),
    enums: [],
    objects: [
      ...virtual.map(virtualTableOf),
      ...catalog.objects.filter((object) => object.type === "view").map(viewOf),
      ...catalog.objects
        .filter((object) => object.type === "trigger")
        .map((object) => triggerOf(object, catalog.tables))
        .filter((trigger) => wanted(trigger.table?.name ?? "")),
    ],
    unmanaged: tables
      .filter((object) => !managed.includes(object) && !virtual.includes(object))
      .map(({ name }): UnmanagedObject => ({ kind: "shadow table", schema: null, name })),
  });
}

function viewOf(object: ObjectRow): SchemaObject {
  return schemaObject("view", object.name, parseAfterName(object.sql ?? ""), { dialect: "sqlite" });
}

function triggerOf(object: ObjectRow, tables: Catalog["tables"]): SchemaObject {
  return schemaObject("trigger", object.name, parseAfterName(object.sql ?? ""), {
    dialect: "sqlite",
    table: { schema: null, name: tableNamed(object.table, tables) },
  });
}

/** A table or view as it spells itself: the catalog keeps a trigger's as the trigger wrote it. */
function tableNamed(name: string, tables: Catalog["tables"]): string {
  if (tables.has(name)) return name;
  const lower = name.toLowerCase();
  return [...tables.keys()].find((each) => each.toLowerCase() === lower) ?? name;
}

/** Tables in which a virtual one keeps its rows: it makes them, and they go with it. */
function shadowsOf({ name, sql }: ObjectRow): readonly string[] {
  const module = /^using\s+(\w+)/i.exec(parseAfterName(sql ?? ""))?.[1]?.toLowerCase() ?? "";
  return (shadowWords[module] ?? []).map((word) => `${name}_${word}`);
}

/** SQLite itself knows the shadows of modules that are loaded; those of others go by their names. */
const shadowWords: Readonly<Record<string, readonly string[]>> = {
  fts3: ["content", "segments", "segdir", "docsize", "stat"],
  fts4: ["content", "segments", "segdir", "docsize", "stat"],
  fts5: ["data", "idx", "content", "docsize", "config"],
  rtree: ["rowid", "node", "parent"],
  rtree_i32: ["rowid", "node", "parent"],
  geopoly: ["rowid", "node", "parent"],
  spellfix1: ["vocab"],
};

function virtualTableOf(object: ObjectRow): SchemaObject {
  return schemaObject("virtualTable", object.name, parseAfterName(object.sql ?? ""), { dialect: "sqlite" });
}

/** One table while it is read. */
interface Reading {
  readonly catalog: Catalog;
  readonly parsed: ParsedTable;
  readonly row: TableRow;
  readonly scope: Scope;
  readonly columns: readonly ColumnRow[];
  readonly indexes: readonly IndexRow[];
}

function tableOf(object: ObjectRow, catalog: Catalog, definitions: ReadonlyMap<string, ObjectRow>): Table {
  const sql = object.sql ?? "";
  const parsed = parseTable(sql);
  const columns = catalog.columns.get(object.name) ?? [];
  demandAgreement(object, parsed, columns, catalog);
  const reading: Reading = {
    catalog,
    parsed,
    row: catalog.tables.get(object.name) ?? { type: "table", withoutRowid: false, strict: false },
    scope: { name: object.name, columns },
    columns,
    indexes: catalog.indexes.get(object.name) ?? [],
  };
  const checks = namedOnce(parsed.checks).map(
    (check): Check => ({ ...check, expression: normalForm(check.expression, reading.scope), options: {} }),
  );
  return {
    schema: null,
    name: object.name,
    ...liftEnums(
      columns.map((row, at) => columnOf(row, parsed.columns[at]!, reading)),
      checks,
    ),
    primaryKey: primaryKeyOf(reading),
    foreignKeys: namedOnce(parsed.foreignKeys).map((key) => foreignKeyOf(key, reading)),
    uniques: uniquesOf(reading),
    exclusions: [],
    indexes: reading.indexes
      .filter((row) => row.origin === "c")
      .map((row) => indexOf(row, definitions.get(row.name)?.sql ?? "", reading)),
    comment: null,
    options: sqliteOptions({ strict: reading.row.strict, withoutRowid: reading.row.withoutRowid }),
  };
}

/** What was read of a definition has to agree with what SQLite itself made of it: nothing is lost in silence. */
function demandAgreement(
  object: ObjectRow,
  parsed: ParsedTable,
  columns: readonly ColumnRow[],
  catalog: Catalog,
): void {
  const agrees =
    parsed.columns.length === columns.length &&
    columns.every((row, at) => row.name === parsed.columns[at]?.name) &&
    parsed.foreignKeys.length === (catalog.foreignKeys.get(object.name) ?? 0);
  if (!agrees) throw new AthanorError("INSPECT.UNREADABLE", { sql: object.sql ?? "", position: 0 });
}

/** Whether the column is another name for the row id, so that SQLite numbers it. */
function isRowId(row: ColumnRow, reading: Reading): boolean {
  return (
    row.keyPlace === 1 &&
    row.type.toUpperCase() === "INTEGER" &&
    !reading.row.withoutRowid &&
    reading.columns.every((other) => other === row || other.keyPlace === 0) &&
    reading.indexes.every((index) => index.origin !== "pk")
  );
}

function columnOf(row: ColumnRow, parsed: ParsedColumn, reading: Reading): Column {
  const rowId = isRowId(row, reading);
  const never = rowId || (row.keyPlace > 0 && (reading.row.withoutRowid || reading.row.strict));
  const sql = row.default === null ? null : defaultForm({ kind: "expression", sql: row.default });
  const { generated } = parsed;
  return {
    name: row.name,
    type: parseTypeName(row.type, reading.row.strict),
    nullable: !row.notNull && !never,
    default: sql === null ? null : { kind: "expression", sql },
    generated: generated && {
      expression: normalForm(generated.expression, reading.scope),
      stored: generated.stored,
    },
    autoIncrement: rowId,
    identity: null,
    collation: collationForm(parsed.collation),
    comment: null,
    options: sqliteOptions({
      autoincrement: rowId && (reading.parsed.primaryKey?.autoincrement ?? false),
      notNullConflict: parsed.notNullConflict,
    }),
  };
}

/** A column as its table spells it: SQLite takes it in any case. */
function spelled(name: string, columns: readonly ColumnRow[] | undefined): string {
  return columns?.find((row) => row.name.toLowerCase() === name.toLowerCase())?.name ?? name;
}

function spelledKeys(unique: ParsedUnique, reading: Reading): ParsedUnique["keys"] {
  return unique.keys.map((key) => {
    const column = spelled(key.column, reading.columns);
    const own = reading.parsed.columns.find((each) => each.name === column)?.collation ?? null;
    const collation = key.collation?.toUpperCase() ?? null;
    const differs = collation !== null && collation !== (own ?? "BINARY").toUpperCase();
    return { ...key, column, collation: differs ? collation : null };
  });
}

function primaryKeyOf(reading: Reading): PrimaryKey | null {
  const parsed = reading.parsed.primaryKey;
  if (parsed === null) return null;
  const keys = spelledKeys(parsed, reading);
  const rowId = reading.columns.some((row) => isRowId(row, reading));
  return {
    name: parsed.name,
    columns: keys.map((key) => key.column),
    options: keyOptions(rowId ? keys.map((key) => ({ ...key, order: "asc" })) : keys, parsed.conflict),
  };
}

function uniquesOf(reading: Reading): readonly Unique[] {
  const spelt = reading.parsed.uniques.map((parsed) => ({ ...parsed, keys: spelledKeys(parsed, reading) }));
  return namedOnce(withoutRepetition(spelt)).map(({ name, keys, conflict }) => ({
    name,
    columns: keys.map((key) => key.column),
    nullsNotDistinct: false,
    deferrable: null,
    options: keyOptions(keys, conflict),
  }));
}

/**
 * SQLite makes one index of what is said twice, whatever the order, and what it does about rows that break it is what
 * any of them says: a name is kept, else the first.
 */
function withoutRepetition(uniques: readonly ParsedUnique[]): readonly ParsedUnique[] {
  const same = ({ keys }: ParsedUnique): string =>
    JSON.stringify(keys.map(({ column, collation }) => [column, collation]));
  return [...Map.groupBy(uniques, same).values()].map((all) => ({
    ...all[0]!,
    name: all.find(({ name }) => name !== null)?.name ?? null,
    conflict: all.find(({ conflict }) => conflict !== null)?.conflict ?? null,
  }));
}

/** Parts of a table without names that an earlier one has: SQLite takes any, and nobody could tell which is meant. */
function namedOnce<T extends { readonly name: string | null }>(parts: readonly T[]): readonly T[] {
  const taken = new Set<string>();
  return parts.map((part) => {
    const name = part.name?.toLowerCase() ?? null;
    if (name === null || !taken.has(name)) {
      if (name !== null) taken.add(name);
      return part;
    }
    return { ...part, name: null };
  });
}

function foreignKeyOf(parsed: ParsedForeignKey, reading: Reading): ForeignKey {
  const { tables, columns } = reading.catalog;
  const parent = tableNamed(parsed.table, tables);
  const rows = columns.get(parent);
  return {
    name: parsed.name,
    columns: parsed.columns.map((name) => spelled(name, reading.columns)),
    references: {
      schema: null,
      name: parent,
      columns: (parsed.to ?? keyColumns(rows)).map((name) => spelled(name, rows)),
    },
    onDelete: parsed.onDelete,
    onUpdate: parsed.onUpdate,
    deferrable: parsed.deferrable,
    match: parsed.match,
    options: {},
  };
}

/** The columns of a primary key, in its order. */
function keyColumns(rows: readonly ColumnRow[] = []): readonly string[] {
  return rows
    .filter((row) => row.keyPlace > 0)
    .sort((a, b) => a.keyPlace - b.keyPlace)
    .map((row) => row.name);
}

function indexOf(row: IndexRow, sql: string, reading: Reading): Index {
  const parsed = parseIndex(sql);
  const keys = reading.catalog.keys.get(row.name) ?? [];
  return {
    name: row.name,
    unique: row.unique,
    parts: keys.map((key, at) => {
      const own = reading.parsed.columns.find((each) => each.name === key.column)?.collation ?? "BINARY";
      const differs = key.collation.toUpperCase() !== own.toUpperCase();
      return {
        column: key.column,
        expression: key.column === null ? normalForm(parsed.keys[at] ?? "", reading.scope) : null,
        order: key.descending ? "desc" : "asc",
        nulls: null,
        collation: differs ? (collationForm(key.collation) ?? "BINARY") : null,
        operatorClass: null,
        length: null,
      };
    }),
    where: parsed.where === null ? null : normalForm(parsed.where, reading.scope),
    include: [],
    method: null,
    nullsNotDistinct: false,
    comment: null,
    options: {},
  };
}
