import { AthanorError } from "../../errors/index.ts";
import { type Json, type NamingConvention, table as newTable, type Table } from "../../schema/index.ts";
import { type ColumnsByProperty, definitionOf } from "../definition.ts";
import { resolveForeignKeys } from "../foreign-key-metadata.ts";
import { columnsOf, metadataOf } from "../resolve.ts";
import type { ResolvedMetadata } from "../resolved.ts";
import { buildTable } from "../table.ts";
import type { TableItem } from "../table-items.ts";
import { DatabaseObject, type ObjectName, refOf } from "./database-object.ts";
import { owners } from "./one-database.ts";

type Items = (columns: ColumnsByProperty) => readonly TableItem[];

/** What can be said of a partition beside what belongs to its rows. */
export interface PartitionOptions {
  /** The partition that it is a part of, where it is not one of the model's table itself. */
  readonly within?: ObjectName;
  /** Its columns, where they stand in an order of their own. */
  readonly columns?: readonly string[];
  /** How it is parted itself: `LIST (kind)`. */
  readonly partitionBy?: string;
  /** What of its columns is not as in its table: `{ kind: { default: "'a'::text" } }`. */
  readonly inherited?: { readonly [column: string]: { readonly [what: string]: Json } };
  /** Any other option of PostgreSQL's tables. */
  readonly options?: { readonly [option: string]: Json };
}

/**
 * A partition of a model's table, which says how it is parted (`tableOptions({ postgresql: { partitionBy: "RANGE (at)"
 * } })`): `partitionOf("event_2020", () => Event, "FROM ('2020-01-01') TO ('2021-01-01')")`, or `"DEFAULT"`. What
 * indexes and constraints are its own alone, the last argument gives, as that of a model does.
 */
export function partitionOf<C>(
  name: ObjectName,
  of: () => { readonly c: C } | { readonly schema: string | null; readonly name: string },
  bound: string,
  items: ((columns: C) => readonly TableItem[]) | PartitionOptions = {},
  options: PartitionOptions = {},
): DatabaseObject {
  const ref = refOf(name);
  const own = (typeof items === "function" ? items : () => []) as Items;
  const said = typeof items === "function" ? options : items;
  return new DatabaseObject(`partition ${ref.name}`, ({ naming }) => ({
    tables: [
      tableOf(
        ref,
        of(),
        /^(?:for\b|default\b)/i.test(bound) ? bound : `FOR VALUES ${bound}`,
        own,
        said,
        naming,
      ),
    ],
  }));
}

function tableOf(
  ref: { readonly schema: string | null; readonly name: string },
  parent: unknown,
  bound: string,
  items: Items,
  { within, columns, partitionBy, inherited, options = {} }: PartitionOptions,
  naming: NamingConvention,
): Table {
  const definition = definitionOf(parent);
  if (definition === undefined && !isRef(parent)) {
    throw new AthanorError("MODEL.NOT_A_MODEL", { what: String(parent) });
  }
  const whole =
    definition === undefined ? (parent as { schema: string | null; name: string }) : definition.table;
  const table = within === undefined ? whole : refOf(within);
  const family: { readonly [option: string]: Json } = {
    ...options,
    ...(partitionBy === undefined ? {} : { partitionBy }),
    ...(inherited === undefined ? {} : { inherited }),
    partitionOf: {
      schema: table.schema,
      name: table.name,
      bound,
      ...(columns === undefined ? {} : { columns }),
    },
  };
  const built =
    definition === undefined
      ? newTable(ref, [])
      : ownTable(ref, parent, items(columnsOf(definition)), naming);
  return {
    ...built,
    columns: [],
    options: { ...built.options, [owners.parts]: { ...built.options[owners.parts], ...family } },
  };
}

/** A part of what is a part itself has no model to be named by. */
function isRef(value: unknown): value is { schema: string | null; name: string } {
  return typeof value === "object" && value !== null && "name" in value;
}

/** What the items say, over the columns of the parted table. */
function ownTable(
  ref: { readonly schema: string | null; readonly name: string },
  parent: unknown,
  items: readonly TableItem[],
  naming: NamingConvention,
): Table {
  const metadata = metadataOf(parent) as ResolvedMetadata;
  const fields = metadata.fields.map((field) => {
    const { index: _, unique: __, foreignKey: ___, ...options } = field.options;
    return { ...field, options };
  });
  const part = {
    name: ref.name,
    model: metadata.model,
    table: ref,
    fields,
    fieldsByProperty: new Map(fields.map((field) => [field.property, field])),
    primaryKey: [],
    tableItems: items,
  } as unknown as ResolvedMetadata;
  return buildTable({ ...part, foreignKeys: resolveForeignKeys(part) }, naming);
}
