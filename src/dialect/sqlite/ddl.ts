import { AthanorError, InternalError } from "../../errors/index.ts";
import type { AddColumn, AlterColumn, Operation } from "../../operation/operation.ts";
import { equal } from "../../schema/equal.ts";
import {
  type ForeignKey,
  findColumn,
  findTable,
  type Schema,
  schema,
  type Table,
  type TableRef,
} from "../../schema/index.ts";
import type { DdlWriter, PlanCheck, Surroundings } from "../design.ts";
import { canonicalType } from "./canonical.ts";
import {
  columnClause,
  createIndexStatement,
  createTableStatement,
  inlineCheck,
  inlineForeignKey,
  isConstantDefault,
} from "./ddl-clauses.ts";
import { lostRows, objectStatements } from "./ddl-object.ts";
import { defaultForm } from "./expression.ts";
import { option } from "./options.ts";
import { ownName, quoteName } from "./quote.ts";
import {
  assertion,
  enforcement,
  foreignKeyCheck,
  mustBeOff,
  rebuild,
  referrers,
  temporaryName,
} from "./rebuild.ts";
import { alone, repeatable } from "./run.ts";

/** SQLite's ALTER TABLE renames, adds and drops columns, within limits; for the rest a table is made anew. */
export const ddl: DdlWriter = {
  quote: quoteName,
  needsRebuild,
  alone,
  repeatable,
  statements,
  rebuild,
  inPlace,
  preconditions: (operations, state) => operations.flatMap((operation) => lostRows(operation, state)),
  surroundings,
  integrityChecks,
  assertion,
  errorsLeaveTransactions: true,
  scriptNote:
    "Run this so that the first error ends it, as `sqlite3 -bail` does: then nothing of a failed step is committed.",
};

function needsRebuild(operation: Operation, table: Table): boolean {
  switch (operation.kind) {
    case "addColumn":
      return !canAdd(operation, table);
    case "dropColumn":
      return !canDrop(table, operation.name);
    case "alterColumn":
      return changesDefinition(operation, table);
    case "setTableOptions":
      return operation.dialect === "sqlite" && changesOptions(operation.from, operation.to);
    case "addPrimaryKey":
    case "dropPrimaryKey":
    case "addForeignKey":
    case "dropForeignKey":
    case "addUnique":
    case "dropUnique":
    case "addCheck":
    case "dropCheck":
      return true;
    default:
      return false;
  }
}

/** The limits of ADD COLUMN (https://www.sqlite.org/lang_altertable.html, section 4). */
function canAdd({ column }: AddColumn, table: Table): boolean {
  if (table.primaryKey?.columns.includes(column.name) || column.autoIncrement || column.identity !== null)
    return false;
  if (column.generated !== null) return !column.generated.stored && column.nullable;
  if (column.default !== null && !isConstantDefault(column.default)) return false;
  return column.nullable || defaultForm(column.default) !== null;
}

/** The check of an enum may stand apart from its column, where another tool made it: then DROP COLUMN fails. */
function canDrop(table: Table, name: string): boolean {
  const column = findColumn(table, name);
  return column !== undefined && table.columns.length > 1 && canonicalType(column.type).kind !== "enum";
}

function changesDefinition(operation: AlterColumn, table: Table): boolean {
  const column = findColumn(table, operation.name);
  if (column === undefined) return false;
  const changed = { ...column, ...operation.to };
  const definition = (each: typeof column): string =>
    columnClause(each, table) + String(defaultForm(each.default));
  const numbering = (each: typeof column): boolean => option(each.options, "autoincrement") === true;
  return definition(column) !== definition(changed) || numbering(column) !== numbering(changed);
}

function changesOptions(
  from: { readonly [name: string]: unknown },
  to: { readonly [name: string]: unknown },
): boolean {
  return ["strict", "withoutRowid"].some((name) => (from[name] === true) !== (to[name] === true));
}

function statements(operation: Operation, state: Schema): readonly string[] {
  switch (operation.kind) {
    case "createTable":
      return createTable(operation.table);
    case "dropTable":
      return [`DROP TABLE ${ownName(operation.name.name)}`];
    case "renameTable":
      return renameTable(operation.from.name, operation.to.name);
    case "addColumn":
      return [addColumn(operation, demandTable(state, operation.table))];
    case "dropColumn":
      return [`${alter(operation.table)} DROP COLUMN ${quoteName(operation.name)}`];
    case "renameColumn":
      return [
        `${alter(operation.table)} RENAME COLUMN ${quoteName(operation.from)} TO ${quoteName(operation.to)}`,
      ];
    case "createIndex":
      return [createIndexStatement(operation.table.name, operation.index)];
    case "dropIndex":
      return [`DROP INDEX ${ownName(operation.name)}`];
    case "addExclusion":
    case "dropExclusion":
      throw unsupported(operation.kind, "SQLite has no exclusion constraints.");
    case "createNamespace":
    case "dropNamespace":
      throw unsupported(`${operation.kind} "${operation.name}"`, "SQLite has no named schemas.");
    case "alterColumn":
    case "setTableComment":
    case "setTableOptions":
    case "execute":
    case "run":
    case "onDialect":
      return [];
    case "createObject":
    case "dropObject":
    case "replaceObject":
      return objectStatements(operation, state);
    default:
      throw new InternalError(`${operation.kind} needs a rebuild`);
  }
}

function unsupported(operation: string, reason: string): AthanorError {
  return new AthanorError("PLAN.UNSUPPORTED", { operation, reason });
}

function alter(table: TableRef): string {
  return `ALTER TABLE ${quoteName(table.name)}`;
}

function demandTable(state: Schema, ref: TableRef): Table {
  const table = findTable(state, ref);
  if (table === undefined) throw new InternalError(`no table ${ref.name}`);
  return table;
}

function createTable(table: Table): readonly string[] {
  return [
    createTableStatement(table),
    ...table.indexes.map((index) => createIndexStatement(table.name, index)),
  ];
}

/** A name that differs in case alone is taken, by the table itself. */
function renameTable(from: string, to: string): readonly string[] {
  const rename = (a: string, b: string): string => `ALTER TABLE ${quoteName(a)} RENAME TO ${quoteName(b)}`;
  if (from.toLowerCase() !== to.toLowerCase()) return [rename(from, to)];
  const between = temporaryName(to);
  return [rename(from, between), rename(between, to)];
}

function addColumn(operation: AddColumn, table: Table): string {
  return `${alter(table)} ADD COLUMN ${columnClause(operation.column, table)}`;
}

/** A column that is added may bring a foreign key and checks along, which alone would need a rebuild. */
function inPlace(operations: readonly Operation[], from: Table, to: Table): readonly string[] | null {
  /** Statements in order; the name of a column stands for the one that adds it, which may still grow. */
  const order: { readonly sql: string; readonly column: string | null }[] = [];
  const clauses = new Map<string, string>();
  for (const operation of operations) {
    const home = operation.kind === "addColumn" ? null : inlineHome(operation, to, [...clauses.keys()]);
    if (home !== null) {
      clauses.set(home.column, clauses.get(home.column) + home.clause);
    } else if (operation.kind === "addColumn") {
      if (!canAdd(operation, to)) return null;
      clauses.set(operation.column.name, "");
      order.push({ sql: addColumn(operation, to), column: operation.column.name });
    } else {
      if (needsRebuild(operation, from)) return null;
      order.push(...statements(operation, schema([to])).map((sql) => ({ sql, column: null })));
    }
  }
  return order.map(({ sql, column }) => (column === null ? sql : sql + clauses.get(column)));
}

/** The column, among those just added, whose definition takes the constraint in. */
function inlineHome(
  operation: Operation,
  table: Table,
  added: readonly string[],
): { readonly column: string; readonly clause: string } | null {
  const last = added.at(-1);
  if (last === undefined) return null;
  if (operation.kind === "addCheck") return { column: last, clause: inlineCheck(operation.check) };
  if (operation.kind !== "addForeignKey") return null;
  const [own, ...others] = operation.foreignKey.columns;
  if (own === undefined || others.length > 0 || !added.includes(own)) return null;
  if (defaultForm(findColumn(table, own)?.default ?? null) !== null) return null;
  return { column: own, clause: inlineForeignKey(operation.foreignKey) };
}

/** Dropping a table deletes its rows first, which would reach into the tables that refer to it. */
function surroundings(operation: Operation, state: Schema): Surroundings | null {
  if (operation.kind !== "dropTable") return null;
  const others = referrers(operation.name, state).filter((table) => table.name !== operation.name.name);
  return others.length === 0 ? null : { ...enforcement, checks: [mustBeOff, ...others.map(foreignKeyCheck)] };
}

/** Steps of the user's own that ran while foreign keys were off: every key that SQLite can check. */
function integrityChecks(state: Schema): readonly PlanCheck[] {
  const sound = (table: Table): boolean =>
    table.foreignKeys.length > 0 && table.foreignKeys.every((key) => findsKey(key, state));
  return state.tables.filter(sound).map(foreignKeyCheck);
}

/** Whether a foreign key refers to a key; SQLite refuses to check one that does not. */
function findsKey(key: ForeignKey, state: Schema): boolean {
  const parent = findTable(state, key.references);
  if (parent === undefined) return false;
  const wanted = [...key.references.columns].sort();
  const keys = [
    parent.primaryKey?.columns ?? [],
    ...parent.uniques.map((unique) => unique.columns),
    ...parent.indexes
      .filter((index) => index.unique && index.where === null)
      .map((index) => index.parts.map((part) => part.column ?? "")),
  ];
  return keys.some((columns) => equal([...columns].sort(), wanted));
}
