import { createHash } from "node:crypto";
import type { Operation } from "../operation/operation.ts";
import type { Schema, Table } from "../schema/index.ts";

/** How long a name may be, as the database measures it. */
export interface NameLimit {
  readonly most: number;
  readonly lengthOf: (name: string) => number;
}

/** A limit of so many bytes in UTF-8. */
export function bytes(most: number): NameLimit {
  return { most, lengthOf: (name) => Buffer.byteLength(name) };
}

/** A limit of so many characters. */
export function characters(most: number): NameLimit {
  return { most, lengthOf: (name) => [...name].length };
}

/**
 * A name that fits, always the same one for the same name: the beginning, and four digits of a hash of the whole, as
 * SQLAlchemy shortens the names of constraints and indexes.
 */
export function shortName(name: string, { most, lengthOf }: NameLimit): string {
  if (lengthOf(name) <= most) return name;
  const hash = createHash("md5").update(name).digest("hex").slice(-4);
  let start = "";
  for (const character of name) {
    if (lengthOf(start + character) > most - 8) break;
    start += character;
  }
  return `${start}_${hash}`;
}

/** What has a name, under one that fits. */
export function shortened<T extends { readonly name: string | null }>(item: T, limit: NameLimit): T {
  return item.name === null || limit.lengthOf(item.name) <= limit.most
    ? item
    : { ...item, name: shortName(item.name, limit) };
}

/** A table whose constraints and indexes have names that fit. */
export function shortenedTable(table: Table, limit: NameLimit): Table {
  const short = <T extends { readonly name: string | null }>(item: T): T => shortened(item, limit);
  return {
    ...table,
    primaryKey: table.primaryKey && short(table.primaryKey),
    foreignKeys: table.foreignKeys.map(short),
    uniques: table.uniques.map(short),
    checks: table.checks.map(short),
    exclusions: table.exclusions.map(short),
    indexes: table.indexes.map(short),
  };
}

/** A schema whose constraints and indexes have names that fit; the same one where names have no limit. */
export function shortenedSchema(schema: Schema, limit: NameLimit | undefined): Schema {
  if (limit === undefined) return schema;
  return { ...schema, tables: schema.tables.map((table) => shortenedTable(table, limit)) };
}

/** An operation that names constraints and indexes as they fit: a history may come from where names have no limit. */
export function shortenedOperation(operation: Operation, limit: NameLimit): Operation {
  switch (operation.kind) {
    case "createTable":
      return { ...operation, table: shortenedTable(operation.table, limit) };
    case "createIndex":
      return { ...operation, index: shortened(operation.index, limit) };
    case "addPrimaryKey":
      return { ...operation, primaryKey: shortened(operation.primaryKey, limit) };
    case "addForeignKey":
      return { ...operation, foreignKey: shortened(operation.foreignKey, limit) };
    case "addUnique":
      return { ...operation, unique: shortened(operation.unique, limit) };
    case "addCheck":
      return { ...operation, check: shortened(operation.check, limit) };
    case "addExclusion":
      return { ...operation, exclusion: shortened(operation.exclusion, limit) };
    case "dropIndex":
    case "dropPrimaryKey":
    case "dropForeignKey":
    case "dropUnique":
    case "dropCheck":
    case "dropExclusion":
      return shortened(operation, limit);
    default:
      return operation;
  }
}
