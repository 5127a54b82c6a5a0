import { isDeepStrictEqual } from "node:util";
import type { DiffRules } from "../dialect/index.ts";
import type { ColumnChange, Operation } from "../operation/index.ts";
import {
  type Check,
  type Column,
  findColumn,
  findTable,
  type Schema,
  sameTable,
  type Table,
  type TableRef,
} from "../schema/index.ts";

/**
 * A database tells physical types and its own form of expressions; migration files hold logical ones. What is
 * physically equal to what the history (or the models) said is taken to be that.
 */

/** `physical` in the words of `logical`, whose own physical form is `canonical`, wherever the two agree. */
export function overlay(physical: Schema, logical: Schema, canonical: Schema, rules: DiffRules): Schema {
  return {
    ...physical,
    tables: physical.tables.map((table) => {
      const said = findTable(logical, table);
      const made = findTable(canonical, table);
      return said === undefined || made === undefined ? table : overlayTable(table, said, made, rules);
    }),
  };
}

function overlayTable(table: Table, said: Table, made: Table, rules: DiffRules): Table {
  const named = <T extends { readonly name: string | null }>(own: T, of: (t: Table) => readonly T[]): T => {
    const its = (list: readonly T[]): T | undefined => list.find((item) => item.name === own.name);
    return isDeepStrictEqual(its(of(made)), own) ? (its(of(said)) ?? own) : own;
  };
  return {
    ...table,
    columns: table.columns.map((column) => {
      const logical = findColumn(said, column.name);
      const physical = findColumn(made, column.name);
      return logical === undefined || physical === undefined
        ? column
        : overlayColumn(column, logical, physical, rules);
    }),
    checks: table.checks.map((check) => overlayCheck(check, said, made, rules)),
    exclusions: table.exclusions.map((exclusion) => named(exclusion, (t) => t.exclusions)),
    indexes: table.indexes.map((index) => named(index, (t) => t.indexes)),
  };
}

function overlayColumn(column: Column, said: Column, made: Column, rules: DiffRules): Column {
  const sameType = rules.sameType(made.type, column.type);
  const sameGenerated =
    made.generated !== null &&
    column.generated !== null &&
    rules.sameExpression(made.generated.expression, column.generated.expression);
  return {
    ...column,
    type: sameType ? said.type : column.type,
    default: rules.sameDefault(made.default, column.default, column.type) ? said.default : column.default,
    generated: sameGenerated ? said.generated : column.generated,
    autoIncrement: made.autoIncrement === column.autoIncrement ? said.autoIncrement : column.autoIncrement,
    options: isDeepStrictEqual(made.options, column.options) ? said.options : column.options,
  };
}

function overlayCheck(check: Check, said: Table, made: Table, rules: DiffRules): Check {
  const physical = made.checks.find((other) => other.name === check.name);
  const logical = said.checks.find((other) => other.name === check.name);
  if (physical === undefined || logical === undefined || check.name === null) return check;
  return rules.sameExpression(physical.expression, check.expression) ? logical : check;
}

/** Operations between canonical schemas, in the words of the logical ones they come from. */
export function inLogicalWords(
  operations: readonly Operation[],
  from: Schema,
  to: Schema,
): readonly Operation[] {
  const names = new OldNames();
  return operations.map((operation) => {
    if (operation.kind === "renameTable") names.table(operation.from, operation.to);
    if (operation.kind === "renameColumn") names.column(operation.table, operation.from, operation.to);
    return translate(operation, names, from, to);
  });
}

function translate(operation: Operation, names: OldNames, from: Schema, to: Schema): Operation {
  switch (operation.kind) {
    case "createTable":
      return { ...operation, table: inWordsOf(operation.table, findTable(to, operation.table)) };
    case "dropTable": {
      const table = operation.table;
      if (table === null) return operation;
      return { ...operation, table: inWordsOf(table, findTable(from, names.oldTable(operation.name))) };
    }
    case "addColumn": {
      const column = columnOf(findTable(to, operation.table), operation.column.name);
      return { ...operation, column: column ?? operation.column };
    }
    case "dropColumn": {
      const table = findTable(from, names.oldTable(operation.table));
      const column = columnOf(table, names.oldColumn(operation.table, operation.name));
      return { ...operation, column: column ?? operation.column };
    }
    case "alterColumn": {
      const before = findTable(from, names.oldTable(operation.table));
      const old = columnOf(before, names.oldColumn(operation.table, operation.name));
      const now = columnOf(findTable(to, operation.table), operation.name);
      return { ...operation, from: pick(operation.from, old), to: pick(operation.to, now) };
    }
    case "createIndex":
      return { ...operation, index: byName(findTable(to, operation.table)?.indexes, operation.index) };
    case "addCheck":
      return { ...operation, check: byName(findTable(to, operation.table)?.checks, operation.check) };
    case "addExclusion": {
      const said = findTable(to, operation.table)?.exclusions;
      return { ...operation, exclusion: byName(said, operation.exclusion) };
    }
    case "dropIndex": {
      const said = findTable(from, names.oldTable(operation.table))?.indexes;
      return { ...operation, index: operation.index && byName(said, operation.index) };
    }
    case "dropCheck": {
      const said = findTable(from, names.oldTable(operation.table))?.checks;
      return { ...operation, check: operation.check && byName(said, operation.check) };
    }
    case "dropExclusion": {
      const said = findTable(from, names.oldTable(operation.table))?.exclusions;
      return { ...operation, exclusion: operation.exclusion && byName(said, operation.exclusion) };
    }
    default:
      return operation;
  }
}

/** A table's parts as `said` has them, where it has them. */
function inWordsOf(table: Table, said: Table | undefined): Table {
  if (said === undefined) return table;
  return {
    ...table,
    columns: table.columns.map((column) => findColumn(said, column.name) ?? column),
    checks: table.checks.map((check) => byName(said.checks, check)),
    exclusions: table.exclusions.map((exclusion) => byName(said.exclusions, exclusion)),
    indexes: table.indexes.map((index) => byName(said.indexes, index)),
  };
}

function columnOf(table: Table | undefined, name: string): Column | undefined {
  return table === undefined ? undefined : findColumn(table, name);
}

function byName<T extends { readonly name: string | null }>(said: readonly T[] | undefined, own: T): T {
  return (own.name === null ? undefined : said?.find((item) => item.name === own.name)) ?? own;
}

/** The same keys as `change`, with the column's values. */
function pick(change: ColumnChange, column: Column | undefined): ColumnChange {
  if (column === undefined) return change;
  const keys = Object.keys(change) as (keyof ColumnChange)[];
  return Object.fromEntries(keys.map((key) => [key, column[key]])) as ColumnChange;
}

/** What tables and columns were called before the renames so far. */
class OldNames {
  readonly #tables: { readonly now: TableRef; readonly old: TableRef }[] = [];
  readonly #columns: { readonly table: TableRef; readonly now: string; readonly old: string }[] = [];

  table(from: TableRef, to: TableRef): void {
    this.#tables.push({ now: to, old: this.oldTable(from) });
  }

  column(table: TableRef, from: string, to: string): void {
    this.#columns.push({ table: this.oldTable(table), now: to, old: this.oldColumn(table, from) });
  }

  oldTable(now: TableRef): TableRef {
    return this.#tables.findLast((known) => sameTable(known.now, now))?.old ?? now;
  }

  oldColumn(table: TableRef, now: string): string {
    const old = this.oldTable(table);
    const known = this.#columns.findLast((column) => column.now === now && sameTable(column.table, old));
    return known?.old ?? now;
  }
}
