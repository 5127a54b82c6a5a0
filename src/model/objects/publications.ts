import type { DatabaseObject, TableTarget } from "./database-object.ts";
import { made, type ObjectOptions } from "./makers.ts";
import { owners } from "./one-database.ts";
import { nameOf, tableOf } from "./text.ts";

/** A table of which not everything is published. */
export interface PublishedPart {
  readonly table: TableTarget;
  /** By their names in the database. */
  readonly columns?: readonly string[];
  /** Which rows are. */
  readonly where?: string;
  /** Without the tables that inherit from it. */
  readonly only?: boolean;
}

/** A table that is published, or a part of one. */
export type PublishedTable = TableTarget | PublishedPart;

/** What a publication publishes. */
export interface PublicationOptions extends ObjectOptions {
  /** The tables, or all that there are and will be. */
  readonly tables?: "all" | readonly PublishedTable[];
  /** Schemas of which every table is published. */
  readonly schemas?: readonly string[];
  /** Default all of them. */
  readonly publish?: readonly ("insert" | "update" | "delete" | "truncate")[];
  /** Changes of a partition are told as those of the table it is a part of. */
  readonly viaPartitionRoot?: boolean;
}

/**
 * What PostgreSQL tells other servers of: `publication("heroes", { tables: [() => Hero, { table: () => Team, columns:
 * ["id", "name"], where: "active" }] })`.
 */
export function publication(name: string, options: PublicationOptions = {}): DatabaseObject {
  return made(
    "publication",
    name,
    "",
    { dialect: owners.parts, ...options },
    () => ({}),
    () => definitionOf(options),
  );
}

function definitionOf({ tables = [], schemas = [], publish, viaPartitionRoot }: PublicationOptions): string {
  const things =
    tables === "all"
      ? ["ALL TABLES"]
      : [
          ...tables.map(tableText).sort(),
          ...[...schemas]
            .sort()
            .map((schema) => `TABLES IN SCHEMA ${nameOf({ schema: null, name: schema })}`),
        ];
  const kinds = ["insert", "update", "delete", "truncate"].filter((kind) =>
    publish?.some((each) => each === kind),
  );
  const parameters = [
    ...(publish === undefined || kinds.length === 4 ? [] : [`publish = '${kinds.join(", ")}'`]),
    ...(viaPartitionRoot === true ? ["publish_via_partition_root = true"] : []),
  ];
  return [
    ...(things.length === 0 ? [] : [`FOR ${things.join(", ")}`]),
    ...(parameters.length === 0 ? [] : [`WITH (${parameters.join(", ")})`]),
  ].join(" ");
}

function tableText(each: PublishedTable): string {
  if (!isPart(each)) return `TABLE ${tableOf(each)}`;
  const { table, columns, where, only } = each;
  const list = columns
    ?.toSorted()
    .map((name) => nameOf({ schema: null, name }))
    .join(", ");
  return [
    `TABLE ${only === true ? "ONLY " : ""}${tableOf(table)}`,
    ...(list === undefined ? [] : [`(${list})`]),
    ...(where === undefined ? [] : [`WHERE (${where})`]),
  ].join(" ");
}

function isPart(each: PublishedTable): each is PublishedPart {
  return typeof each === "object" && "table" in each;
}
