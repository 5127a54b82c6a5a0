import type {
  Check,
  Column,
  DialectOptions,
  ForeignKey,
  Identity,
  Json,
  PrimaryKey,
  ReferentialAction,
  Schema,
  Table,
  TableRef,
  Unique,
} from "../../schema/index.ts";
import type { Connection } from "../connection.ts";
import type { InspectOptions, Inspector } from "../design.ts";
import type { AttributeRow, Catalog, ConstraintRow, RelationRow } from "./catalog.ts";
import { readCatalog } from "./catalog.ts";
import { exclusionOf, indexOf } from "./inspect-index.ts";
import { deferrableOf, storageParameters } from "./inspect-parts.ts";
import { parseTypeName } from "./type-name.ts";

/** Reads PostgreSQL's catalog as a schema. The default schema's objects have no schema name. */
export const inspector: Inspector = {
  async inspect(connection: Connection, options: InspectOptions = {}): Promise<Schema> {
    return schemaOf(await readCatalog(connection), options);
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
  const parts = groupParts(catalog);
  const tables = catalog.relations
    .filter((row) => isPlainTable(row) && wanted({ schema: named(row.namespace), name: row.name }))
    .map((row) => tableOf(row, parts, named, enums));
  return {
    namespaces: catalog.namespaces.filter((name) => name !== catalog.defaultNamespace),
    tables,
    enums: catalog.enums.map((row) => ({
      kind: "enum",
      name: row.name,
      schema: named(row.namespace),
      values: row.values,
    })),
    views: catalog.relations
      .filter((row) => row.kind === "v" || row.kind === "m")
      .map((row) => viewOf(row, named(row.namespace))),
    triggers: catalog.triggers.map((row) => ({
      name: row.name,
      table: { schema: named(row.namespace), name: row.table },
      sql: row.definition,
    })),
    unmanaged: [
      ...catalog.relations
        .filter((row) => !isPlainTable(row) && row.kind !== "v" && row.kind !== "m")
        .map((row) => ({ kind: unmanagedKind(row), ...refs.get(row.oid)! })),
      ...catalog.others.map((row) => ({ kind: row.kind, schema: named(row.namespace), name: row.name })),
    ],
  };
}

/** Everything of a table, by the table's oid. */
interface Parts {
  readonly attributes: ReadonlyMap<number, readonly AttributeRow[]>;
  readonly constraints: ReadonlyMap<number, readonly ConstraintRow[]>;
  readonly indexes: ReadonlyMap<number, readonly Catalog["indexes"][number][]>;
  readonly indexById: ReadonlyMap<number, Catalog["indexes"][number]>;
}

function groupParts(catalog: Catalog): Parts {
  return {
    attributes: Map.groupBy(catalog.attributes, (row) => row.relation),
    constraints: Map.groupBy(catalog.constraints, (row) => row.relation),
    indexes: Map.groupBy(catalog.indexes, (row) => row.relation),
    indexById: new Map(catalog.indexes.map((row) => [row.oid, row])),
  };
}

type Named = (namespace: string) => string | null;

function isPlainTable(row: RelationRow): boolean {
  return row.kind === "r" && !row.partition;
}

function unmanagedKind(row: RelationRow): string {
  if (row.kind === "f") return "foreign table";
  return row.partition ? "partition" : "partitioned table";
}

function viewOf(row: RelationRow, schema: string | null): Schema["views"][number] {
  const definition = (row.definition ?? "").replace(/;\s*$/, "").trim();
  const materialized = row.kind === "m";
  return { schema, name: row.name, definition, materialized, sql: definition };
}

function tableOf(
  row: RelationRow,
  parts: Parts,
  named: Named,
  enums: ReadonlyMap<string, readonly string[]>,
): Table {
  const constraints = parts.constraints.get(row.oid) ?? [];
  const of = (type: string): ConstraintRow[] => constraints.filter((each) => each.type === type);
  const schema = named(row.namespace);
  const options = tableOptions(row);
  return {
    schema,
    name: row.name,
    columns: (parts.attributes.get(row.oid) ?? []).map((each) => columnOf(each, schema, enums)),
    primaryKey: of("p").map(primaryKeyOf)[0] ?? null,
    foreignKeys: of("f").map((each) => foreignKeyOf(each, named)),
    uniques: of("u").map((each) => uniqueOf(each, parts)),
    checks: of("c").map(checkOf),
    exclusions: of("x").flatMap((each) => exclusionOf(each, parts.indexById.get(each.index))),
    indexes: (parts.indexes.get(row.oid) ?? []).filter((each) => !each.constraint).map(indexOf),
    comment: row.comment,
    options,
  };
}

function tableOptions(row: RelationRow): DialectOptions {
  const options: Record<string, Json> = {};
  if (row.persistence === "u") options["unlogged"] = true;
  if (row.options !== null) options["with"] = storageParameters(row.options);
  return Object.keys(options).length === 0 ? {} : { postgresql: options };
}

function typeKey(schema: string | null, name: string): string {
  return JSON.stringify([schema, name]);
}

const serialDefault = /^nextval\('/;

function columnOf(
  row: AttributeRow,
  schema: string | null,
  enums: ReadonlyMap<string, readonly string[]>,
): Column {
  const serial = row.ownedSequence !== null && row.default !== null && serialDefault.test(row.default);
  const identity = row.identity === "" ? null : identityOf(row);
  const generated =
    row.generated === "" || row.default === null
      ? null
      : { expression: row.default, stored: row.generated === "s" };
  const plainDefault = row.default === null || serial || generated !== null ? null : row.default;
  return {
    name: row.name,
    type: resolveEnum(row.type, schema, enums),
    nullable: !row.notNull,
    default: plainDefault === null ? null : { kind: "expression", sql: plainDefault },
    generated,
    autoIncrement: serial || identity === "usual",
    identity: identity === "usual" ? null : identity,
    collation: row.collation,
    comment: row.comment,
    options: serial ? { postgresql: { serial: true } } : {},
  };
}

/** The enum a printed type means, whether printed with its schema or without; else what the name says. */
function resolveEnum(
  printed: string,
  _schema: string | null,
  enums: ReadonlyMap<string, readonly string[]>,
): Column["type"] {
  const array = printed.endsWith("[]");
  const parts = splitPrinted(array ? printed.slice(0, -2) : printed);
  const values = enums.get(typeKey(parts.schema, parts.name));
  if (values === undefined) return parseTypeName(printed);
  const type = { kind: "enum", name: parts.name, schema: parts.schema, values } as const;
  return array ? { kind: "array", of: type } : type;
}

function splitPrinted(printed: string): { schema: string | null; name: string } {
  const parts = [...printed.matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(
    (match) => match[1]?.replaceAll('""', '"') ?? match[2] ?? "",
  );
  return parts.length === 2
    ? { schema: parts[0] ?? null, name: parts[1] ?? "" }
    : { schema: null, name: parts[0] ?? printed };
}

const largest: Readonly<Record<string, string>> = {
  smallint: "32767",
  integer: "2147483647",
  bigint: "9223372036854775807",
};

/** `usual` is the identity that a plain auto-increment column gets; anything else is said in full. */
function identityOf(row: AttributeRow): Identity | "usual" {
  const options = row.identityOptions;
  const usual =
    options === null ||
    (options.start === "1" &&
      options.increment === "1" &&
      options.min === "1" &&
      options.max === largest[row.type] &&
      options.cache === "1" &&
      !options.cycle);
  if (usual && row.identity === "d") return "usual";
  const generation = row.identity === "a" ? "always" : "by default";
  if (usual || options === null) return { generation };
  return {
    generation,
    ...(options.start === "1" ? {} : { start: Number(options.start) }),
    ...(options.increment === "1" ? {} : { increment: Number(options.increment) }),
    ...(options.min === "1" ? {} : { minValue: options.min }),
    ...(options.max === largest[row.type] ? {} : { maxValue: options.max }),
    ...(options.cache === "1" ? {} : { cache: Number(options.cache) }),
    ...(options.cycle ? { cycle: true } : {}),
  };
}

function primaryKeyOf(row: ConstraintRow): PrimaryKey {
  return { name: row.name, columns: row.columns ?? [], options: {} };
}

function uniqueOf(row: ConstraintRow, parts: Parts): Unique {
  return {
    name: row.name,
    columns: row.columns ?? [],
    nullsNotDistinct: parts.indexById.get(row.index)?.nullsNotDistinct ?? false,
    deferrable: deferrableOf(row),
    options: {},
  };
}

const actions: Readonly<Record<string, ReferentialAction>> = {
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};

function foreignKeyOf(row: ConstraintRow, named: Named): ForeignKey {
  const options: Record<string, Json> = {};
  if (!row.validated) options["notValid"] = true;
  if (row.deleteColumns !== null) options["onDeleteColumns"] = row.deleteColumns;
  return {
    name: row.name,
    columns: row.columns ?? [],
    references: {
      schema: named(row.refNamespace ?? ""),
      name: row.refTable ?? "",
      columns: row.refColumns ?? [],
    },
    onDelete: actions[row.onDelete] ?? "no action",
    onUpdate: actions[row.onUpdate] ?? "no action",
    deferrable: deferrableOf(row),
    match: row.match === "f" ? "full" : "simple",
    options: Object.keys(options).length === 0 ? {} : { postgresql: options },
  };
}

function checkOf(row: ConstraintRow): Check {
  const options: Record<string, Json> = {};
  if (!row.validated) options["notValid"] = true;
  if (row.noInherit) options["noInherit"] = true;
  return {
    name: row.name,
    expression: row.expression ?? "",
    options: Object.keys(options).length === 0 ? {} : { postgresql: options },
  };
}
