import type { ServerDescription } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { inspectDatabase } from "../inspect/index.ts";
import { type Schema, sameTable, type TableRef, tableLabel } from "../schema/index.ts";
import { nearest } from "../util/nearest.ts";
import type { Context } from "./context.ts";
import type { InspectDocument } from "./documents.ts";
import type { InspectDatabaseOptions } from "./options.ts";

/**
 * `inspect`: what the database has, whoever made it. Throws `MIGRATE.NOT_THERE` for a schema or table that it does
 * not have: a misspelling would look like an empty database.
 */
export function inspect(context: Context, options: InspectDatabaseOptions): Promise<InspectDocument> {
  return context.withReader("inspect", async (connection) => {
    const design = await context.design();
    const server = await design.describeServer(connection);
    const whole = await inspectDatabase(context.dialect, connection);
    const { version, log } = context.store;
    const schema = narrowed(whole, server, options);
    return {
      dialect: context.dialect.id,
      server: server.product,
      defaultSchema: server.namespace,
      versionTables: schema.tables
        .filter((table) => sameTable(table, version) || sameTable(table, log))
        .map(tableLabel),
      schema,
    };
  });
}

/** A schema without what roles may do with it: that is for models to speak of, where they do. */
export function withoutGrants(schema: Schema): Schema {
  return { ...schema, objects: schema.objects.filter(({ kind }) => kind !== "grant") };
}

/** What was asked for, with what hangs on it. */
export function narrowed(whole: Schema, server: ServerDescription, options: InspectDatabaseOptions): Schema {
  const inSchemas = keepSchemas(whole, server, options.schemas ?? []);
  return keepTables(inSchemas, options.tables ?? []);
}

function keepSchemas(whole: Schema, server: ServerDescription, wanted: readonly string[]): Schema {
  if (wanted.length === 0) return whole;
  const known = [...(server.namespace === null ? [] : [server.namespace]), ...whole.namespaces];
  for (const name of wanted) if (!known.includes(name)) throw notThere("schema", name, known);
  const kept = (schema: string | null): boolean => wanted.includes(schema ?? server.namespace ?? "");
  const own = <T extends { readonly schema: string | null }>(items: readonly T[]): readonly T[] =>
    items.filter((item) => kept(item.schema));
  return {
    namespaces: whole.namespaces.filter(kept),
    tables: own(whole.tables),
    enums: own(whole.enums),
    objects: own(whole.objects),
    unmanaged: own(whole.unmanaged),
  };
}

function keepTables(whole: Schema, wanted: readonly string[]): Schema {
  if (wanted.length === 0) return whole;
  const relations = whole.objects.filter((object) => object.table === null);
  const all = [...whole.tables, ...relations, ...whole.unmanaged];
  const means = (name: string, ref: TableRef): boolean => ref.name === name || tableLabel(ref) === name;
  for (const name of wanted) {
    if (!all.some((ref) => means(name, ref))) throw notThere("table", name, all.map(tableLabel));
  }
  const kept = (ref: TableRef): boolean => wanted.some((name) => means(name, ref));
  const tables = whole.tables.filter(kept);
  const enums = tables.flatMap((table) => table.columns).flatMap(({ type }) => namedEnums(type));
  return {
    namespaces: [],
    tables,
    enums: whole.enums.filter((one) =>
      enums.some((used) => used.name === one.name && used.schema === one.schema),
    ),
    objects: whole.objects.filter((object) => kept(object.ownedBy?.table ?? object.table ?? object)),
    unmanaged: whole.unmanaged.filter(kept),
  };
}

type ColumnType = Schema["tables"][number]["columns"][number]["type"];

/** The named enums a column's type is made of. */
function namedEnums(
  type: ColumnType,
): readonly { readonly name: string | null; readonly schema: string | null }[] {
  if (type.kind === "array") return namedEnums(type.of);
  return type.kind === "enum" ? [type] : [];
}

function notThere(kind: "schema" | "table", name: string, known: readonly string[]): AthanorError {
  return new AthanorError("MIGRATE.NOT_THERE", { kind, name, nearest: nearest(name, known) });
}
