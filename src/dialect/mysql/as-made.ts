import { isDeepStrictEqual } from "node:util";
import type { DialectOptions, Json, Schema, Table } from "../../schema/index.ts";
import { compareText } from "../../schema/order.ts";
import type { Connection } from "../connection.ts";
import type { Binding } from "./flavor.ts";
import { unlessRefused } from "./lost-text.ts";
import { parseOptions } from "./option-text.ts";
import { mysqlOptions } from "./options.ts";
import { isColumnCheck } from "./physical.ts";
import { quoteName } from "./quote.ts";
import { type ShownTable, showCreate } from "./show-create.ts";

/**
 * What makes no difference and stands in no catalog, but in the statement that SHOW CREATE TABLE prints and a dump has:
 * how an index is said to be kept, that a table is crash-safe anyway, where its files are, the order of checks.
 */
export async function asMade(schema: Schema, connection: Connection, binding: Binding): Promise<Schema> {
  const tables: Table[] = [];
  for (const table of schema.tables) {
    const shown = await showCreate(connection, quoteName(table.name), binding).catch(unlessRefused);
    tables.push(shown === null ? table : withShown(table, shown));
  }
  return { ...schema, tables };
}

/** Options of a table that information_schema does not have. */
const unseen: readonly string[] = ["transactional", "dataDirectory", "indexDirectory"];

function withShown(table: Table, { checks, keys, rest }: ShownTable): Table {
  const options = new Map(parseOptions(rest));
  const more = unseen.flatMap((name): [string, Json][] => {
    const value = options.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const isIndex = (name: string | null): boolean =>
    [...table.indexes, ...table.uniques].some((each) => each.name === name);
  const kept = <T extends { readonly name: string | null; readonly options: DialectOptions }>(
    item: T,
    name: string | null = item.name,
  ): T => {
    const said = name === null ? undefined : keys.get(name)?.["mysql"];
    return said === undefined
      ? item
      : { ...item, options: mysqlOptions({ ...item.options["mysql"], ...said }) };
  };
  return {
    ...table,
    primaryKey: table.primaryKey && kept(table.primaryKey, "PRIMARY"),
    uniques: table.uniques.map((unique) => kept(unique)),
    indexes: table.indexes.map((index) => kept(index)),
    // The index that a foreign key has of its own goes by its name.
    foreignKeys: table.foreignKeys.map((key) => (isIndex(key.name) ? key : kept(key))),
    options: mysqlOptions({
      ...table.options["mysql"],
      ...Object.fromEntries(more),
      checkOrder: orderOf([...checks.keys()], table),
    }),
  };
}

/** The order in which checks are kept, which the first one that a row breaks is told by; null where it is that of their names. */
function orderOf(names: readonly string[], { checks }: Table): readonly string[] | null {
  const own = names.filter((name) => checks.some((check) => check.name === name && !isColumnCheck(check)));
  return isDeepStrictEqual(own, own.toSorted(compareText)) ? null : own;
}
