import type { DialectOptions, Json, Schema, Table, UnmanagedObject } from "../../schema/index.ts";
import { canonicalOrder } from "../../schema/order.ts";
import type { Connection } from "../connection.ts";
import type { InspectOptions, Inspector } from "../design.ts";
import { asMade } from "./as-made.ts";
import { type Catalog, readCatalog, type TableRow } from "./catalog.ts";
import type { Binding } from "./flavor.ts";
import { columnsOf } from "./inspect-column.ts";
import { keysOf } from "./inspect-index.ts";
import { objectsOf, partitionText } from "./inspect-object.ts";
import { mysqlOptions } from "./options.ts";
import { asOption, periodOption } from "./period.ts";
import { tableOptionsOf } from "./table-options.ts";

/** Reads information_schema as a schema. What is in the connection's own database has no schema name. */
export function inspectorFor(binding: Binding): Inspector {
  return {
    async inspect(connection: Connection, options: InspectOptions = {}): Promise<Schema> {
      const found = schemaOf(await readCatalog(connection, binding), binding, options);
      return options.asMade === true ? asMade(found, connection, binding) : found;
    },
    async inspectNamed(connection: Connection, names: readonly string[]): Promise<Schema> {
      return schemaOf(await readCatalog(connection, binding, null, names), binding);
    },
  };
}

/** The schema that a catalog describes; `homes` are the names that the database has in its own texts. */
export function schemaOf(
  catalog: Catalog,
  binding: Binding,
  options: InspectOptions = {},
  homes: readonly string[] = [catalog.server.database],
): Schema {
  const wanted = (row: TableRow): boolean =>
    options.tables === undefined ||
    options.tables.some((table) => table.name === row.name && table.schema === null);
  const parts = partsOf(catalog);
  return canonicalOrder({
    namespaces: [],
    tables: catalog.tables
      .filter((row) => isPlainTable(row) && wanted(row))
      .map((row) => tableOf(row, catalog, parts, binding)),
    enums: [],
    objects: objectsOf(catalog, homes),
    unmanaged: unmanagedOf(catalog),
  });
}

/** What is there and cannot be seen whole. */
function unmanagedOf({ objects, tables }: Catalog): readonly UnmanagedObject[] {
  return [
    ...tables
      .filter((row) => !["VIEW", "SEQUENCE"].includes(row.type) && !isPlainTable(row))
      .map((row) => ({ kind: row.type.toLowerCase(), schema: null, name: row.name })),
    ...objects.routines
      .filter((row) => row.text === null)
      .map((row) => ({ kind: row.type.toLowerCase(), schema: null, name: row.name })),
  ];
}

/** Everything of a table, by the table's name. */
interface Parts {
  readonly columns: ReadonlyMap<string, Catalog["columns"]>;
  readonly indexParts: ReadonlyMap<string, Catalog["indexParts"]>;
  readonly foreignKeys: ReadonlyMap<string, Catalog["foreignKeys"]>;
  readonly checks: ReadonlyMap<string, Catalog["checks"]>;
  readonly partitions: ReadonlyMap<string, Catalog["objects"]["partitions"]>;
}

function partsOf(catalog: Catalog): Parts {
  return {
    columns: Map.groupBy(catalog.columns, (row) => row.table),
    indexParts: Map.groupBy(catalog.indexParts, (row) => row.table),
    foreignKeys: Map.groupBy(catalog.foreignKeys, (row) => row.table),
    checks: Map.groupBy(catalog.checks, (row) => row.table),
    partitions: Map.groupBy(catalog.objects.partitions, (row) => row.table),
  };
}

function isPlainTable(row: TableRow): boolean {
  return row.type === "BASE TABLE" || row.type === "SYSTEM VERSIONED";
}

function withFamily(options: DialectOptions, family: { readonly [option: string]: Json }): DialectOptions {
  return mysqlOptions({ ...options["mysql"], ...family });
}

function tableOf(row: TableRow, catalog: Catalog, parts: Parts, binding: Binding): Table {
  const { server } = catalog;
  const columns = parts.columns.get(row.name) ?? [];
  const period = catalog.periods.get(row.name) ?? null;
  const checks = (parts.checks.get(row.name) ?? []).filter((check) => check.name !== period?.name);
  return {
    schema: null,
    name: row.name,
    ...columnsOf(columns, checks, row.collation, binding),
    ...keysOf(parts.indexParts.get(row.name) ?? [], parts.foreignKeys.get(row.name) ?? [], {
      database: server.database,
      memory: row.engine === "MEMORY",
      withoutOverlaps: period?.withoutOverlaps ?? [],
      binding,
    }),
    exclusions: [],
    comment: row.comment === "" ? null : row.comment,
    options: withFamily(tableOptionsOf(row, server), familyOf(row, parts, catalog)),
  };
}

/** What of a table only this family has: its parts, and whether its history is kept. */
function familyOf(row: TableRow, parts: Parts, catalog: Catalog): { readonly [option: string]: Json } {
  const own = parts.partitions.get(row.name);
  const starts = (parts.columns.get(row.name) ?? []).find((each) => each.generated === "ROW START");
  const ends = (parts.columns.get(row.name) ?? []).find((each) => each.generated === "ROW END");
  const period = catalog.periods.get(row.name);
  return {
    ...(period === undefined ? {} : { [periodOption]: asOption(period) }),
    ...(own === undefined ? {} : { partitionBy: catalog.parted.get(row.name) ?? partitionText(own) }),
    ...(row.type === "SYSTEM VERSIONED" ? { systemVersioned: true } : {}),
    ...(starts === undefined || ends === undefined ? {} : { period: [starts.name, ends.name] }),
  };
}
