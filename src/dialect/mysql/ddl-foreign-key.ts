import {
  type ForeignKey,
  findColumn,
  findTable,
  type Schema,
  sameTable,
  type Table,
} from "../../schema/index.ts";
import { foreignKeyClause, keptBy, nameList, quoteTable } from "./ddl-clauses.ts";
import { type Binding, hasIfExists } from "./flavor.ts";
import { textOption } from "./options.ts";
import { canBind, collationOf, hasCollation, physicalType } from "./physical.ts";
import { quoteName } from "./quote.ts";

/**
 * Foreign keys, and the indexes that they need. A foreign key that no index serves gets one of its own, under its
 * own name. A schema does not speak of it; it is there as long as nothing else serves the key.
 */

/** Whether an index, unique constraint or primary key of the table serves a foreign key over the columns. */
export function isServed(table: Table, columns: readonly string[]): boolean {
  const begins = (list: readonly (string | null)[]): boolean =>
    columns.every((column, at) => list[at] === column);
  return (
    begins(table.primaryKey?.columns ?? []) ||
    table.uniques.some((unique) => begins(unique.columns)) ||
    table.indexes.some(
      (index) =>
        textOption(index.options, "kind") === null &&
        begins(index.parts.map((part) => (part.length === null ? part.column : null))),
    )
  );
}

/**
 * The index of a foreign key, where it has to be said: the server takes an index over the beginning of values, or over
 * words, for one that serves the key, and finds out too late. Or somebody says how it is kept.
 */
export function ownIndexClause(table: Table, key: ForeignKey): string | null {
  if (key.name === null || isServed(table, key.columns)) return null;
  const misleads = table.indexes.some((index) =>
    key.columns.every((column, at) => index.parts[at]?.column === column),
  );
  const kept = keptBy(key.options);
  return misleads || kept !== "" ? `KEY ${quoteName(key.name)} ${nameList(key.columns)}${kept}` : null;
}

/**
 * What has to be done about the indexes of foreign keys while a table becomes another: made where what served the
 * key goes, dropped where something else comes to serve it.
 */
export function ownIndexClauses(from: Table, to: Table, binding: Binding): readonly string[] {
  return to.foreignKeys.flatMap((key) => {
    const { name } = key;
    if (name === null || !from.foreignKeys.some((each) => each.name === name)) return [];
    const was = isServed(from, key.columns);
    const is = isServed(to, key.columns);
    if (was === is) return [];
    if (is) return isTaken(to, name) ? [] : [dropOwnIndex(name, binding)];
    return [`ADD KEY ${quoteName(name)} ${nameList(key.columns)}`];
  });
}

function isTaken(table: Table, name: string): boolean {
  return [...table.indexes, ...table.uniques].some((each) => each.name === name);
}

function dropOwnIndex(name: string, binding: Binding): string {
  return `DROP KEY ${hasIfExists(binding) ? "IF EXISTS " : ""}${quoteName(name)}`;
}

/** Takes a foreign key away, with the index it has of its own; others that used that index get theirs. */
export function dropForeignKey(
  table: Table,
  key: ForeignKey,
  state: Schema,
  binding: Binding,
): readonly string[] {
  const name = key.name ?? "";
  const clauses = stands(table, key, state, binding) ? [`DROP FOREIGN KEY ${quoteName(name)}`] : [];
  const served = isServed(table, key.columns);
  const drops = !isTaken(table, name) && (!served || hasIfExists(binding));
  const heirs = served
    ? []
    : table.foreignKeys.filter(
        (each) =>
          each.name !== name &&
          each.name !== null &&
          !isServed(table, each.columns) &&
          each.columns.every((column, at) => key.columns[at] === column),
      );
  const exists = hasIfExists(binding) ? "IF NOT EXISTS " : "";
  const all = [
    ...clauses,
    ...(drops ? [dropOwnIndex(name, binding)] : []),
    ...heirs.map((each) => `ADD KEY ${exists}${quoteName(each.name!)} ${nameList(each.columns)}`),
  ];
  return all.length === 0 ? [] : [`ALTER TABLE ${quoteTable(table)} ${all.join(", ")}`];
}

/**
 * Whether a foreign key of the state is really there. One whose columns are changed one after the other is taken
 * away before the first change, and stands again once its columns can be bound again.
 */
export function stands(table: Table, key: ForeignKey, state: Schema, binding: Binding): boolean {
  const target = findTable(state, key.references);
  if (target === undefined) return true;
  return key.columns.every((name, at) => {
    const own = findColumn(table, name);
    const other = findColumn(target, key.references.columns[at] ?? "");
    return own === undefined || other === undefined || canBind(own, table, other, target, binding);
  });
}

/** A foreign key with the table that has it. */
interface Placed {
  readonly table: Table;
  readonly key: ForeignKey;
}

/** Statements that take foreign keys away before columns change their type, and bring them back. */
export interface Detached {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The server changes no column that a foreign key binds: the keys of these columns have to go for that time. */
export function detached(
  from: Table,
  columns: ReadonlySet<string>,
  before: Schema,
  after: Schema,
  binding: Binding,
): Detached {
  const concerned = keysOver(from, columns, before);
  const gone = concerned.filter(({ table, key }) => stands(table, key, before, binding));
  const back = keysOver(from, columns, after).filter(
    ({ table, key }) =>
      stands(table, key, after, binding) &&
      concerned.some((each) => each.key.name === key.name && sameTable(each.table, table)),
  );
  return {
    before: gone.map(
      ({ table, key }) => `ALTER TABLE ${quoteTable(table)} DROP FOREIGN KEY ${quoteName(key.name!)}`,
    ),
    after: back.map(({ table, key }) => `ALTER TABLE ${quoteTable(table)} ADD ${foreignKeyClause(key)}`),
  };
}

function keysOver(of: Table, columns: ReadonlySet<string>, state: Schema): readonly Placed[] {
  const uses = (names: readonly string[]): boolean => names.some((name) => columns.has(name));
  return state.tables.flatMap((table) =>
    table.foreignKeys
      .filter((key) => key.name !== null)
      .filter(
        (key) =>
          (sameTable(table, of) && uses(key.columns)) ||
          (sameTable(key.references, of) && uses(key.references.columns)),
      )
      .map((key) => ({ table, key })),
  );
}

/** The columns whose type or collation is another in `to`. */
export function retyped(from: Table, to: Table, binding: Binding): ReadonlySet<string> {
  const changed = from.columns.filter((column) => {
    const now = findColumn(to, column.name);
    if (now === undefined) return false;
    const physical = physicalType(now.type, binding);
    if (physicalType(column.type, binding) !== physical) return true;
    return hasCollation(physical) && collationOf(column, from) !== collationOf(now, to);
  });
  return new Set(changed.map((column) => column.name));
}
