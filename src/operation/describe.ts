import { type ColumnType, kindLabel, objectLabel, tableLabel } from "../schema/index.ts";
import type { AlterColumn, Operation } from "./operation.ts";

/** An operation in one line, for people: `add column hero.age (integer)`. */
export function describe(operation: Operation): string {
  switch (operation.kind) {
    case "createTable":
      return `create table ${tableLabel(operation.table)}`;
    case "dropTable":
      return `drop table ${tableLabel(operation.name)}`;
    case "renameTable":
      return `rename table ${tableLabel(operation.from)} to ${tableLabel(operation.to)}`;
    case "createNamespace":
      return `create schema ${operation.name}`;
    case "dropNamespace":
      return `drop schema ${operation.name}`;
    case "createObject":
      return `create ${kindLabel(operation.object.kind)} ${objectLabel(operation.object)}`;
    case "dropObject":
      return `drop ${kindLabel(operation.ref.kind)} ${objectLabel(operation.ref)}`;
    case "replaceObject":
      return `change ${kindLabel(operation.to.kind)} ${objectLabel(operation.to)}`;
    case "execute":
      return `execute ${firstLine(operation.sql)}`;
    case "run":
      return `run "${operation.name}"`;
    case "onDialect":
      return `on ${operation.dialect}: ${operation.operations.map(describe).join("; ")}`;
    default:
      return describeTableOperation(operation);
  }
}

type TableOperation = Exclude<
  Operation,
  {
    kind:
      | "createTable"
      | "dropTable"
      | "renameTable"
      | "createNamespace"
      | "dropNamespace"
      | "createObject"
      | "dropObject"
      | "replaceObject"
      | "execute"
      | "run"
      | "onDialect";
  }
>;

function describeTableOperation(operation: TableOperation): string {
  const table = tableLabel(operation.table);
  switch (operation.kind) {
    case "setTableComment":
      return operation.to === null ? `drop comment of ${table}` : `comment table ${table}`;
    case "setTableOptions":
      return `set options of table ${table} (${operation.dialect})`;
    case "addColumn":
      return `add column ${table}.${operation.column.name} (${typeLabel(operation.column.type)})`;
    case "dropColumn":
      return `drop column ${table}.${operation.name}`;
    case "renameColumn":
      return `rename column ${table}.${operation.from} to ${operation.to}`;
    case "alterColumn":
      return `alter column ${table}.${operation.name} (${changes(operation)})`;
    case "createIndex":
      return `create ${operation.index.unique ? "unique index" : "index"} ${operation.index.name} on ${table}`;
    case "dropIndex":
      return `drop index ${operation.name} of ${table}`;
    case "addPrimaryKey":
      return `add primary key (${operation.primaryKey.columns.join(", ")}) to ${table}`;
    case "addForeignKey":
      return `add foreign key ${label(operation.foreignKey)} of ${table} to ${tableLabel(operation.foreignKey.references)}`;
    case "addUnique":
      return `add unique constraint ${label(operation.unique)} to ${table} (${operation.unique.columns.join(", ")})`;
    case "addCheck":
      return `add check ${label(operation.check)} to ${table} (${operation.check.expression})`;
    case "addExclusion":
      return `add exclusion constraint ${label(operation.exclusion)} to ${table}`;
    default:
      return `drop ${dropped[operation.kind]} ${label(operation)} of ${table}`;
  }
}

const dropped: Readonly<Record<string, string>> = {
  dropPrimaryKey: "primary key",
  dropForeignKey: "foreign key",
  dropUnique: "unique constraint",
  dropCheck: "check",
  dropExclusion: "exclusion constraint",
};

function label(item: { readonly name: string | null }): string {
  return item.name ?? "(unnamed)";
}

function firstLine(sql: string): string {
  const line = sql.trim().split("\n", 1)[0] ?? "";
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function changes({ from, to }: AlterColumn): string {
  const parts = Object.keys(to).map((key) => {
    if (key === "type" && to.type !== undefined) {
      return from.type === undefined
        ? typeLabel(to.type)
        : `${typeLabel(from.type)} to ${typeLabel(to.type)}`;
    }
    if (key === "nullable") return to.nullable ? "nullable" : "not null";
    return key;
  });
  return parts.join(", ");
}

/** A column type as migration files write it, without the `t.`: `varchar(80)`, `numeric(10, 2)`. */
export function typeLabel(type: ColumnType): string {
  switch (type.kind) {
    case "numeric":
      return type.precision === null ? "numeric" : `numeric(${type.precision}, ${type.scale ?? 0})`;
    case "char":
      return `char(${type.length})`;
    case "varchar":
    case "bytes":
      return type.length === null ? type.kind : `${type.kind}(${type.length})`;
    case "time":
    case "timestamp":
      return `${type.kind}${type.timezone ? "tz" : ""}${type.precision === null ? "" : `(${type.precision})`}`;
    case "enum":
      return `enum(${type.values.join(", ")})`;
    case "array":
      return `${typeLabel(type.of)}[]`;
    case "native":
      return type.sql;
    case "user":
      return type.name;
    default:
      return type.kind;
  }
}
