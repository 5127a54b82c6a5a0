import { InternalError } from "../../errors/index.ts";
import type { AlterColumn, Operation } from "../../operation/operation.ts";
import {
  type Column,
  findColumn,
  findTable,
  type Schema,
  type Table,
  type TableRef,
} from "../../schema/index.ts";
import type { DdlWriter } from "../design.ts";
import {
  checkClause,
  collationName,
  columnClause,
  createIndexStatement,
  defaultSql,
  exclusionClause,
  foreignKeyClause,
  identityClause,
  option,
  primaryKeyClause,
  uniqueClause,
  withClause,
} from "./ddl-clauses.ts";
import { quoteName, quoteString, quoteTable } from "./quote.ts";
import { typeName } from "./type-name.ts";

/** PostgreSQL alters everything where it stands: no table is ever made anew. */
export const ddl: DdlWriter = {
  quote: quoteName,
  needsRebuild: () => false,
  rebuild: () => {
    throw new InternalError("PostgreSQL needs no rebuild");
  },
  statements,
};

function statements(operation: Operation, state: Schema): readonly string[] {
  switch (operation.kind) {
    case "createTable":
      return createTable(operation.table);
    case "dropTable":
      return [`DROP TABLE ${quoteTable(operation.name)}`];
    case "renameTable":
      return renameTable(operation.from, operation.to);
    case "setTableComment":
      return [`COMMENT ON TABLE ${quoteTable(operation.table)} IS ${commentText(operation.to)}`];
    case "setTableOptions":
      return operation.dialect === "postgresql"
        ? tableOptions(operation.table, operation.from, operation.to)
        : [];
    case "addColumn":
      return addColumn(operation.table, operation.column);
    case "dropColumn":
      return alter(operation.table, `DROP COLUMN ${quoteName(operation.name)}`);
    case "renameColumn":
      return alter(
        operation.table,
        `RENAME COLUMN ${quoteName(operation.from)} TO ${quoteName(operation.to)}`,
      );
    case "alterColumn":
      return alterColumn(operation, state);
    case "createIndex":
      return createIndex(operation.table, operation.index);
    case "dropIndex":
      return [dropIndex(operation.table, operation.name, operation.index?.options)];
    case "createNamespace":
      return [`CREATE SCHEMA ${quoteName(operation.name)}`];
    case "dropNamespace":
      return [`DROP SCHEMA ${quoteName(operation.name)}`];
    case "execute":
    case "run":
    case "onDialect":
      return [];
    default:
      return constraintStatements(operation, state);
  }
}

type ConstraintOperation = Extract<
  Operation,
  { kind: `${"add" | "drop"}${"PrimaryKey" | "ForeignKey" | "Unique" | "Check" | "Exclusion"}` }
>;

function constraintStatements(operation: ConstraintOperation, state: Schema): readonly string[] {
  switch (operation.kind) {
    case "addPrimaryKey":
      return alter(operation.table, `ADD ${primaryKeyClause(operation.primaryKey)}`);
    case "addForeignKey":
      return alter(operation.table, `ADD ${foreignKeyClause(operation.foreignKey)}`);
    case "addUnique":
      return alter(operation.table, `ADD ${uniqueClause(operation.unique)}`);
    case "addCheck":
      return alter(operation.table, `ADD ${checkClause(operation.check)}`);
    case "addExclusion":
      return alter(operation.table, `ADD ${exclusionClause(operation.exclusion)}`);
    case "dropPrimaryKey":
      return dropConstraint(operation.table, operation.name ?? primaryKeyName(operation.table, state));
    default:
      return dropConstraint(operation.table, operation.name);
  }
}

function primaryKeyName(ref: TableRef, state: Schema): string {
  return findTable(state, ref)?.primaryKey?.name ?? `${ref.name}_pkey`;
}

function alter(table: TableRef, action: string): readonly string[] {
  return [`ALTER TABLE ${quoteTable(table)} ${action}`];
}

function dropConstraint(table: TableRef, name: string | null): readonly string[] {
  if (name === null) throw new InternalError(`a constraint of ${table.name} has no name`);
  return alter(table, `DROP CONSTRAINT ${quoteName(name)}`);
}

function commentText(comment: string | null): string {
  return comment === null ? "NULL" : quoteString(comment);
}

function createTable(table: Table): readonly string[] {
  const clauses = [
    ...table.columns.map(columnClause),
    ...(table.primaryKey === null ? [] : [primaryKeyClause(table.primaryKey)]),
    ...table.uniques.map(uniqueClause),
    ...table.checks.map(checkClause),
    ...table.exclusions.map(exclusionClause),
    ...table.foreignKeys.map(foreignKeyClause),
  ];
  const unlogged = option(table.options, "unlogged") === true ? "UNLOGGED " : "";
  const parameters = withClause(option(table.options, "with"));
  return [
    `CREATE ${unlogged}TABLE ${quoteTable(table)} (\n  ${clauses.join(",\n  ")}\n)${parameters}`,
    ...table.indexes.flatMap((index) => createIndex(table, index)),
    ...(table.comment === null
      ? []
      : [`COMMENT ON TABLE ${quoteTable(table)} IS ${quoteString(table.comment)}`]),
    ...table.columns.flatMap((column) => columnComment(table, column)),
  ];
}

function columnComment(table: TableRef, column: Column): readonly string[] {
  if (column.comment === null) return [];
  return [
    `COMMENT ON COLUMN ${quoteTable(table)}.${quoteName(column.name)} IS ${quoteString(column.comment)}`,
  ];
}

function createIndex(table: TableRef, index: Table["indexes"][number]): readonly string[] {
  const name = quoteTable({ schema: table.schema, name: index.name });
  return [
    createIndexStatement(table, index),
    ...(index.comment === null ? [] : [`COMMENT ON INDEX ${name} IS ${quoteString(index.comment)}`]),
  ];
}

function dropIndex(table: TableRef, name: string, options: Table["options"] = {}): string {
  const concurrently = option(options, "concurrently") === true ? "CONCURRENTLY " : "";
  return `DROP INDEX ${concurrently}${quoteTable({ schema: table.schema, name })}`;
}

function renameTable(from: TableRef, to: TableRef): readonly string[] {
  const moved = { schema: to.schema, name: from.name };
  return [
    ...(from.schema === to.schema ? [] : alter(from, `SET SCHEMA ${quoteName(to.schema ?? "public")}`)),
    ...(from.name === to.name ? [] : alter(moved, `RENAME TO ${quoteName(to.name)}`)),
  ];
}

type Options = { readonly [option: string]: unknown };

function tableOptions(table: TableRef, from: Options, to: Options): readonly string[] {
  const before = (from["with"] ?? {}) as Options;
  const after = (to["with"] ?? {}) as Options;
  const reset = Object.keys(before).filter((name) => !(name in after));
  const set = Object.entries(after).filter(([name, value]) => before[name] !== value);
  return [
    ...(from["unlogged"] === to["unlogged"]
      ? []
      : alter(table, to["unlogged"] === true ? "SET UNLOGGED" : "SET LOGGED")),
    ...(reset.length === 0 ? [] : alter(table, `RESET (${reset.join(", ")})`)),
    ...(set.length === 0
      ? []
      : alter(table, `SET (${set.map(([name, value]) => `${name} = ${String(value)}`).join(", ")})`)),
  ];
}

function addColumn(table: TableRef, column: Column): readonly string[] {
  return [...alter(table, `ADD COLUMN ${columnClause(column)}`), ...columnComment(table, column)];
}

function alterColumn(operation: AlterColumn, state: Schema): readonly string[] {
  const table = findTable(state, operation.table);
  const current = table === undefined ? undefined : findColumn(table, operation.name);
  const { to } = operation;
  const actions: string[] = [];
  const name = quoteName(operation.name);
  const was = { ...current, ...operation.from };
  if (to.generated !== undefined && to.generated === null)
    actions.push(`ALTER COLUMN ${name} DROP EXPRESSION`);
  const typed = to.type !== undefined || to.collation !== undefined;
  const dropsDefault = typed && to.type !== undefined && was.default != null;
  if (dropsDefault || to.default === null) actions.push(`ALTER COLUMN ${name} DROP DEFAULT`);
  actions.push(...numbering(name, was, to));
  if (typed) actions.push(typeAction(name, operation, was));
  const filled = to.default === undefined && dropsDefault ? was.default : to.default;
  if (filled != null) actions.push(`ALTER COLUMN ${name} SET DEFAULT ${defaultSql(filled)}`);
  if (to.nullable !== undefined)
    actions.push(`ALTER COLUMN ${name} ${to.nullable ? "DROP" : "SET"} NOT NULL`);
  return [
    ...actions.flatMap((action) => alter(operation.table, action)),
    ...(to.comment === undefined
      ? []
      : [`COMMENT ON COLUMN ${quoteTable(operation.table)}.${name} IS ${commentText(to.comment)}`]),
  ];
}

function typeAction(name: string, operation: AlterColumn, was: Partial<Column>): string {
  const type = operation.to.type ?? was.type;
  if (type === undefined) throw new InternalError(`the type of ${operation.name} is not known`);
  const collation = operation.to.collation ?? (operation.to.collation === null ? null : was.collation);
  const collate = collation == null ? "" : ` COLLATE ${collationName(collation)}`;
  const using = operation.using ?? `${name}::${typeName(type)}`;
  return `ALTER COLUMN ${name} TYPE ${typeName(type)}${collate} USING ${using}`;
}

function numbering(name: string, was: Partial<Column>, to: AlterColumn["to"]): readonly string[] {
  if (to.identity === undefined && to.autoIncrement === undefined) return [];
  const identity = to.identity === undefined ? was.identity : to.identity;
  const automatic = to.autoIncrement ?? was.autoIncrement ?? false;
  const had = was.identity != null || was.autoIncrement === true;
  const wanted = identity ?? (automatic ? ({ generation: "by default" } as const) : null);
  return [
    ...(had ? [`ALTER COLUMN ${name} DROP IDENTITY`] : []),
    ...(wanted === null ? [] : [`ALTER COLUMN ${name} ADD ${identityClause(wanted)}`]),
  ];
}
