import type { Connection, DriverValue } from "../connection.ts";

/**
 * The rows of SQLite's catalog that a schema is read from: six queries, whatever the number of tables, through
 * the table-valued forms of the pragmas (https://www.sqlite.org/pragma.html#pragfunc).
 */

/** A row of `sqlite_schema`. */
export interface ObjectRow {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string | null;
}

/** A row of `table_list`. */
export interface TableRow {
  /** `table`, `view`, `virtual` or `shadow`. */
  readonly type: string;
  readonly withoutRowid: boolean;
  readonly strict: boolean;
}

/** A row of `table_xinfo`. */
export interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  /** The place in the primary key, counted from 1; 0 outside it. */
  readonly keyPlace: number;
}

/** A row of `index_list`. */
export interface IndexRow {
  readonly table: string;
  readonly name: string;
  readonly unique: boolean;
  /** `c` made by CREATE INDEX, `u` by a unique constraint, `pk` by the primary key. */
  readonly origin: string;
}

/** A row of `index_xinfo`. */
export interface KeyRow {
  readonly index: string;
  /** Null for an expression, and for the row id. */
  readonly column: string | null;
  readonly descending: boolean;
  readonly collation: string;
}

/** Everything SQLite says of its objects. */
export interface Catalog {
  readonly objects: readonly ObjectRow[];
  readonly tables: ReadonlyMap<string, TableRow>;
  readonly columns: ReadonlyMap<string, readonly ColumnRow[]>;
  readonly indexes: ReadonlyMap<string, readonly IndexRow[]>;
  readonly keys: ReadonlyMap<string, readonly KeyRow[]>;
  /** How many foreign keys each table has. */
  readonly foreignKeys: ReadonlyMap<string, number>;
}

const plainTables = `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`;

const queries = {
  objects: `SELECT type, name, tbl_name, sql FROM main.sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
  tables: `SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
  columns: `SELECT t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk FROM (${plainTables}) AS t, pragma_table_xinfo(t.name, 'main') AS c ORDER BY t.name, c.cid`,
  indexes: `SELECT t.name, i.name, i."unique", i.origin FROM (${plainTables}) AS t, pragma_index_list(t.name, 'main') AS i ORDER BY t.name, i.seq`,
  keys: `SELECT i.name, k.name, k."desc", k.coll FROM (${plainTables}) AS t, pragma_index_list(t.name, 'main') AS i, pragma_index_xinfo(i.name, 'main') AS k WHERE k.key = 1 ORDER BY i.name, k.seqno`,
  foreignKeys: `SELECT t.name, count(DISTINCT f.id) FROM (${plainTables}) AS t, pragma_foreign_key_list(t.name, 'main') AS f GROUP BY t.name`,
};

/** Reads the catalog of the main database. */
export async function readCatalog(connection: Connection): Promise<Catalog> {
  const rows = async (sql: string): Promise<readonly (readonly DriverValue[])[]> =>
    (await connection.query(sql)).rows;
  const objects = await rows(queries.objects);
  const tables = await rows(queries.tables);
  const columns = (await rows(queries.columns)).map(columnRow);
  const indexes = (await rows(queries.indexes)).map(indexRow);
  const keys = (await rows(queries.keys)).map(keyRow);
  const foreignKeys = await rows(queries.foreignKeys);
  return {
    objects: objects.map(([type, name, table, sql]) => ({
      type: String(type),
      name: String(name),
      table: String(table),
      sql: text(sql),
    })),
    tables: new Map(
      tables.map(([name, type, withoutRowid, strict]) => [
        String(name),
        { type: String(type), withoutRowid: Number(withoutRowid) === 1, strict: Number(strict) === 1 },
      ]),
    ),
    columns: Map.groupBy(columns, (row) => row.table),
    indexes: Map.groupBy(indexes, (row) => row.table),
    keys: Map.groupBy(keys, (row) => row.index),
    foreignKeys: new Map(foreignKeys.map(([table, count]) => [String(table), Number(count)])),
  };
}

function text(value: DriverValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

function columnRow(row: readonly DriverValue[]): ColumnRow {
  const [table, name, type, notNull, value, keyPlace] = row;
  return {
    table: String(table),
    name: String(name),
    type: String(type),
    notNull: Number(notNull) === 1,
    default: text(value),
    keyPlace: Number(keyPlace),
  };
}

function indexRow([table, name, unique, origin]: readonly DriverValue[]): IndexRow {
  return {
    table: String(table),
    name: String(name),
    unique: Number(unique) === 1,
    origin: String(origin),
  };
}

function keyRow([index, column, descending, collation]: readonly DriverValue[]): KeyRow {
  return {
    index: String(index),
    column: text(column),
    descending: Number(descending) === 1,
    collation: String(collation),
  };
}
