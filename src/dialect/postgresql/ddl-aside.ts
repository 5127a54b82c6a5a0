import { applyAll } from "../../operation/apply.ts";
import type { Operation } from "../../operation/operation.ts";
import { mentions } from "../../schema/expression.ts";
import { type Column, findTable, type Schema, sameTable, type Table } from "../../schema/index.ts";
import {
  addColumnStatements,
  checkClause,
  createIndexStatements,
  exclusionClause,
  uniqueClause,
} from "./ddl-clauses.ts";
import { columnGrants } from "./ddl-grant.ts";
import { withPhysicalType } from "./physical.ts";
import { quoteName, quoteTable } from "./quote.ts";

/** Statements that take something out of the way, and put it back. */
export interface Aside {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Nothing in the way. */
export const nothing: Aside = { before: [], after: [] };

/**
 * What has to be out of the way while a column gets another type: generated columns over it always; checks and
 * indexes that compare it with values of an enum that goes, since their text names the type; indexes of expressions
 * over it that have a collation, where it gets another one: the server takes one for granted that an expression had
 * from the column anyway, and makes the index again without it.
 */
export function dependents(
  table: Table,
  name: string,
  {
    remade,
    collated,
    state,
  }: { readonly remade: boolean; readonly collated: boolean; readonly state: Schema },
): Aside {
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  const generated = table.columns.filter(
    (column) => column.generated !== null && mentions(column.generated.expression, name),
  );
  const asides = generated.map((column) => standingOn(table, column.name));
  const own = remade ? expressionsOver(table, name) : collated ? collatedOver(table, name) : nothing;
  return {
    before: [
      ...own.before,
      ...asides.flatMap((each) => each.before),
      ...generated.map((column) => `${alter} DROP COLUMN ${quoteName(column.name)}`),
    ],
    after: [
      ...generated.flatMap((column) => addColumnStatements(table, withPhysicalType(column, table))),
      ...asides.flatMap((each) => each.after),
      ...own.after,
      ...columnGrants(
        table,
        generated.map((column) => column.name),
        state,
      ),
    ],
  };
}

/** Checks and expressions of indexes that mention a column. */
function expressionsOver(table: Table, name: string): Aside {
  const checks = table.checks.filter((check) => mentions(check.expression, name));
  const indexes = table.indexes.filter(
    (index) =>
      (index.where !== null && mentions(index.where, name)) ||
      index.parts.some((part) => part.expression !== null && mentions(part.expression, name)),
  );
  return asideOf(table, { checks, indexes });
}

/** Indexes of expressions that mention a column and have a collation. */
function collatedOver(table: Table, name: string): Aside {
  const indexes = table.indexes.filter((index) =>
    index.parts.some(
      (part) => part.collation !== null && part.expression !== null && mentions(part.expression, name),
    ),
  );
  return asideOf(table, { indexes });
}

/** Everything that stands on a column that goes and comes again. */
export function standingOn(table: Table, name: string): Aside {
  const checks = table.checks.filter((check) => mentions(check.expression, name));
  const uniques = table.uniques.filter((unique) => unique.columns.includes(name));
  const indexes = table.indexes.filter(
    (index) =>
      index.include.includes(name) ||
      (index.where !== null && mentions(index.where, name)) ||
      index.parts.some(
        (part) => part.column === name || (part.expression !== null && mentions(part.expression, name)),
      ),
  );
  return asideOf(table, { checks, uniques, indexes });
}

/** Parts of a table, dropped and made as they were. */
export function asideOf(
  table: Table,
  parts: Partial<Pick<Table, "checks" | "uniques" | "exclusions" | "indexes">>,
): Aside {
  const { checks = [], uniques = [], exclusions = [], indexes = [] } = parts;
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  const named = [...checks, ...uniques, ...exclusions].flatMap(({ name }) => (name === null ? [] : [name]));
  return {
    before: [
      ...named.map((name) => `${alter} DROP CONSTRAINT ${quoteName(name)}`),
      ...indexes.map((index) => `DROP INDEX ${quoteTable({ schema: table.schema, name: index.name })}`),
    ],
    after: [
      ...checks.map((check) => `${alter} ADD ${checkClause(check)}`),
      ...uniques.map((unique) => `${alter} ADD ${uniqueClause(unique)}`),
      ...exclusions.map((exclusion) => `${alter} ADD ${exclusionClause(exclusion)}`),
      ...indexes.flatMap((index) => createIndexStatements(table, index)),
    ],
  };
}

/**
 * Several changes of one table of which some give a column another type that others are computed from: the computed
 * ones go first and come at the end, as they then shall be. Null where there are none.
 */
export function withGeneratedAside(
  operations: readonly Operation[],
  state: Schema,
  statements: (operation: Operation, state: Schema) => readonly string[],
): readonly string[] | null {
  const first = operations[0];
  const ref = first !== undefined && "table" in first ? first.table : null;
  const table = ref === null ? undefined : findTable(state, ref);
  if (table === undefined) return null;
  const pinned = pinnedColumns(operations, table);
  if (pinned.length === 0) return null;
  const names = new Set(pinned.map((column) => column.name));
  const final = findTable(applyAll(state, operations), table);
  const back = final?.columns.filter((column) => names.has(column.name)) ?? [];
  const before = pinned.map((column) => standingOn(table, column.name).before);
  const after = back.map((column) => standingOn(final!, column.name).after);
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  const rest = operations.filter((operation) => !isAbout(operation, names));
  let open = without(state, table, names);
  return [
    ...before.flat(),
    ...pinned.map((column) => `${alter} DROP COLUMN ${quoteName(column.name)}`),
    ...rest.flatMap((operation) => {
      const list = statements(operation, open);
      open = applyAll(open, [operation]);
      return list;
    }),
    ...back.flatMap((column) => addColumnStatements(table, withPhysicalType(column, table))),
    ...after.flat(),
    ...columnGrants(
      table,
      back.map((column) => column.name),
      open,
    ),
  ];
}

/** Computed columns that change while one they are computed from gets another type. */
function pinnedColumns(operations: readonly Operation[], table: Table): readonly Column[] {
  const altered = operations.filter((operation) => operation.kind === "alterColumn");
  const retyped = altered.filter((operation) => "type" in operation.to || "collation" in operation.to);
  return table.columns.filter(({ name, generated }) => {
    const change = altered.find((operation) => operation.name === name && "generated" in operation.to);
    const expressions = [generated?.expression ?? "", change?.to.generated?.expression ?? ""];
    return (
      generated !== null &&
      change !== undefined &&
      expressions.some((sql) => retyped.some((operation) => mentions(sql, operation.name)))
    );
  });
}

/** Whether an operation is about one of these columns, or something that stands on it. */
function isAbout(operation: Operation, names: ReadonlySet<string>): boolean {
  const over = (sql: string | null): boolean =>
    sql !== null && [...names].some((name) => mentions(sql, name));
  switch (operation.kind) {
    case "alterColumn":
      return names.has(operation.name);
    case "createIndex":
    case "dropIndex":
      return (
        operation.index !== null &&
        (operation.index.parts.some((part) => names.has(part.column ?? "") || over(part.expression)) ||
          operation.index.include.some((name) => names.has(name)) ||
          over(operation.index.where))
      );
    case "addUnique":
    case "dropUnique":
      return operation.unique?.columns.some((name) => names.has(name)) ?? false;
    case "addCheck":
    case "dropCheck":
      return over(operation.check?.expression ?? null);
    default:
      return false;
  }
}

/** The schema without these columns of a table, and without what stands on them. */
function without(state: Schema, table: Table, names: ReadonlySet<string>): Schema {
  const free = (operation: Operation): boolean => !isAbout(operation, names);
  const left: Table = {
    ...table,
    columns: table.columns.filter((column) => !names.has(column.name)),
    checks: table.checks.filter((check) => free({ kind: "addCheck", table, check })),
    uniques: table.uniques.filter((unique) => free({ kind: "addUnique", table, unique })),
    indexes: table.indexes.filter((index) => free({ kind: "createIndex", table, index })),
  };
  return { ...state, tables: state.tables.map((each) => (sameTable(each, table) ? left : each)) };
}
