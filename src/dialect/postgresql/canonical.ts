import {
  type Check,
  type Column,
  type EnumType,
  emptySchema,
  type Index,
  type Schema,
  type Table,
  tableKey,
} from "../../schema/index.ts";
import { canonicalOrder } from "../../schema/order.ts";
import type { Connection } from "../connection.ts";
import { ddl } from "./ddl.ts";
import { inspector } from "./inspect.ts";
import { quoteName, quoteString } from "./quote.ts";
import { parseTypeName, typeName } from "./type-name.ts";

/**
 * A schema as PostgreSQL would give it back. Types, names and numbering follow from rules; the text of
 * expressions only the server's own deparser knows, so the tables are made in a schema of their own inside a
 * transaction, read back, and rolled back. Without a connection expressions stay as written.
 */
export async function canonical(schema: Schema, connection: Connection | null): Promise<Schema> {
  const physical = canonicalOrder({
    ...schema,
    tables: schema.tables.map(physicalTable),
    enums: [...schema.enums, ...usedEnums(schema)],
    views: [],
    triggers: [],
    unmanaged: [],
  });
  return connection === null ? physical : withServerText(physical, connection);
}

function usedEnums(schema: Schema): Schema["enums"] {
  const known = new Map(schema.enums.map((each) => [JSON.stringify([each.schema, each.name]), each]));
  const used = schema.tables
    .flatMap((table) => table.columns.map((column) => enumOf(physicalType(column, table))))
    .filter((each) => each !== null);
  const added = new Map(used.map((each) => [JSON.stringify([each.schema, each.name]), each]));
  return [...added].filter(([key]) => !known.has(key)).map(([, each]) => each);
}

function enumOf(type: Column["type"]): (EnumType & { name: string }) | null {
  if (type.kind === "array") return enumOf(type.of);
  return type.kind === "enum" && type.name !== null ? { ...type, name: type.name } : null;
}

/** An enum without a name of its own is named for its table and column, in the table's schema. */
function physicalType(column: Column, table: Table): Column["type"] {
  const { type } = column;
  if (type.kind === "user") return physicalType({ ...column, type: type.base }, table);
  if (type.kind === "enum" && type.name === null) {
    return { ...type, name: `${table.name}_${column.name}`, schema: table.schema };
  }
  return type.kind === "enum" || type.kind === "array" ? type : parseTypeName(typeName(type));
}

function physicalTable(table: Table): Table {
  return {
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      type: physicalType(column, table),
      nullable: column.nullable && !(table.primaryKey?.columns.includes(column.name) ?? false),
      default: column.default === null ? null : { kind: "expression", sql: defaultText(column.default) },
      options: own(column.options),
    })),
    options: own(table.options),
  };
}

function own(options: Table["options"]): Table["options"] {
  const { postgresql } = options;
  return postgresql === undefined ? {} : { postgresql };
}

function defaultText(value: NonNullable<Column["default"]>): string {
  if (value.kind === "expression") return value.sql;
  if (value.value === null) return "NULL";
  return typeof value.value === "string" ? quoteString(value.value) : String(value.value);
}

const scratch = "athanor_scratch";

/** Makes the tables, without their foreign keys, in a schema that never outlives the transaction. */
async function withServerText(schema: Schema, connection: Connection): Promise<Schema> {
  const inside = connection.inTransaction;
  if (inside) await connection.savepoint(scratch);
  else await connection.begin();
  try {
    await connection.query(`CREATE SCHEMA ${quoteName(scratch)}`);
    await connection.query(`SET LOCAL search_path TO ${quoteName(scratch)}, public`);
    const numbered = schema.tables.map((table, at) => ({
      ...table,
      schema: null,
      name: `t${at}`,
      foreignKeys: [],
    }));
    for (const type of schema.enums) await connection.query(createEnum({ ...type, schema: null }));
    for (const table of numbered) {
      for (const statement of ddl.statements(
        { kind: "createTable", table: unqualified(table) },
        emptySchema,
      )) {
        await connection.query(statement);
      }
    }
    const made = await inspector.inspect(connection, {
      tables: numbered.map(({ name }) => ({ schema: null, name })),
    });
    const byName = new Map(made.tables.map((table) => [tableKey(table), table]));
    return { ...schema, tables: schema.tables.map((table, at) => withText(table, byName.get(`t${at}`))) };
  } finally {
    if (inside) await connection.rollbackToSavepoint(scratch);
    else await connection.rollback();
  }
}

function unqualified(table: Table): Table {
  return {
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      type: column.type.kind === "enum" ? { ...column.type, schema: null } : column.type,
    })),
  };
}

/** The statement that makes an enum type. */
export function createEnum(type: EnumType & { readonly name: string }): string {
  const name =
    type.schema === null ? quoteName(type.name) : `${quoteName(type.schema)}.${quoteName(type.name)}`;
  return `CREATE TYPE ${name} AS ENUM (${type.values.map(quoteString).join(", ")})`;
}

/** The table with the texts that the server gave back for its expressions. */
function withText(table: Table, made: Table | undefined): Table {
  if (made === undefined) return table;
  const columns = new Map(made.columns.map((column) => [column.name, column]));
  return {
    ...table,
    columns: table.columns.map((column) => {
      const read = columns.get(column.name);
      return read === undefined
        ? column
        : {
            ...column,
            default: read.default,
            generated: read.generated,
            identity: read.identity,
            autoIncrement: read.autoIncrement,
          };
    }),
    checks: table.checks.map(
      (check): Check => ({
        ...check,
        expression: byName(made.checks, check)?.expression ?? check.expression,
      }),
    ),
    indexes: table.indexes.map((index): Index => {
      const read = byName(made.indexes, index);
      return read === undefined ? index : { ...read, name: index.name };
    }),
    exclusions: table.exclusions.map((each) => byName(made.exclusions, each) ?? each),
  };
}

function byName<T extends { readonly name: string | null }>(
  list: readonly T[],
  item: { readonly name: string | null },
): T | undefined {
  return list.find((each) => each.name === item.name);
}
