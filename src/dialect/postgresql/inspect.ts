import { type Schema, type TableRef, table } from "../../schema/index.ts";
import { canonicalOrder } from "../../schema/order.ts";
import type { Connection } from "../connection.ts";
import type { InspectOptions, Inspector } from "../design.ts";
import { type Catalog, type ObjectCatalog, type RelationRow, readCatalog } from "./catalog.ts";
import { objectsOf } from "./inspect-object.ts";
import { sequencesOf, serialSequences } from "./inspect-sequence.ts";
import { tablesOf, typeKey } from "./inspect-table.ts";

/** Reads PostgreSQL's catalog as a schema. The default schema's objects have no schema name. */
export const inspector: Inspector = {
  async inspect(connection: Connection, options: InspectOptions = {}): Promise<Schema> {
    return schemaOf(await readCatalog(connection, options.alone === true ? "current" : "user"), options);
  },
};

/** The schema that a catalog describes. */
export function schemaOf(catalog: Catalog, options: InspectOptions = {}): Schema {
  const named = (namespace: string): string | null =>
    namespace === catalog.defaultNamespace ? null : namespace;
  const wanted = (ref: TableRef): boolean =>
    (options.tables === undefined ||
      options.tables.some((table) => table.name === ref.name && table.schema === ref.schema)) &&
    (options.namespaces === undefined || ref.schema === null || options.namespaces.includes(ref.schema));
  const refs = new Map(
    catalog.relations.map((row) => [row.oid, { schema: named(row.namespace), name: row.name }]),
  );
  const enums = new Map(catalog.enums.map((row) => [typeKey(named(row.namespace), row.name), row.values]));
  const serials = serialSequences(catalog);
  const plain = catalog.relations.filter(
    (row) => isPlainTable(row) && wanted({ schema: named(row.namespace), name: row.name }),
  );
  return canonicalOrder({
    namespaces: madeNamespaces(catalog.namespaces).filter((name) => name !== catalog.defaultNamespace),
    tables: tablesOf(plain, catalog, { named, enums, serials, refs }),
    enums: catalog.enums.map((row) => ({
      kind: "enum",
      name: row.name,
      schema: named(row.namespace),
      values: row.values,
    })),
    objects: [...sequencesOf(catalog, serials, named), ...objectsOf(catalog, named)],
    unmanaged: [
      ...catalog.relations
        .filter((row) => !isPlainTable(row))
        .map((row) => ({ kind: "foreign partition", ...refs.get(row.oid)! })),
      ...catalog.indexes
        .filter((row) => !row.valid)
        .map((row) => ({
          kind: "invalid index",
          schema: refs.get(row.relation)?.schema ?? null,
          name: row.name,
        })),
      ...catalog.others.map((row) => ({ kind: row.kind, schema: named(row.namespace), name: row.name })),
    ],
  });
}

/** The schemas that somebody has to make: where another is the default, `public` is there all the same. */
export function madeNamespaces(names: readonly string[]): readonly string[] {
  return names.filter((name) => name !== "public");
}

/** Everything but partitions that are kept elsewhere. */
function isPlainTable(row: RelationRow): boolean {
  return row.kind !== "f";
}

/** Objects, and tables with nothing but how they are parted. */
export function knownOf(catalog: ObjectCatalog): Pick<Schema, "tables" | "objects"> {
  const named = (namespace: string): string | null =>
    namespace === catalog.defaultNamespace ? null : namespace;
  return {
    objects: [...sequencesOf(catalog, new Set(), named), ...objectsOf(catalog, named)],
    tables: catalog.relations
      .filter(({ partitionBy, partition }) => partitionBy !== null || partition)
      .map(({ namespace, name, partitionBy, bound }) =>
        table({ schema: named(namespace), name }, [], {
          options: {
            postgresql: {
              ...(partitionBy === null ? {} : { partitionBy }),
              ...(bound === null ? {} : { partitionOf: { bound } }),
            },
          },
        }),
      ),
  };
}
