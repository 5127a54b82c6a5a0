import { apply } from "../../operation/index.ts";
import type { AddColumn, AlterColumn, ColumnChange } from "../../operation/operation.ts";
import { mentions } from "../../schema/expression.ts";
import {
  type Column,
  type ColumnType,
  type EnumType,
  findColumn,
  findTable,
  type Schema,
  type Table,
} from "../../schema/index.ts";
import { alterTable, definition } from "./ddl-alter.ts";
import {
  checkClause,
  defaultSql,
  indexClause,
  primaryKeyClause,
  quoteTable,
  uniqueClause,
} from "./ddl-clauses.ts";
import { detached, isServed } from "./ddl-foreign-key.ts";
import { isLiteral, serverExpression } from "./expression.ts";
import { type Binding, hasIfExists, isMariadb } from "./flavor.ts";
import { mysqlOptions, textOption } from "./options.ts";
import { fillingOf, isPlace, physicalType } from "./physical.ts";
import { quoteName, quoteString } from "./quote.ts";

/** Changes of a column whose values the server does not convert as they are meant: by a statement over the rows. */

/** Whether a change of a column needs statements over the rows. */
export function convertsRows(operation: AlterColumn, table: Table, binding: Binding): boolean {
  const was = findColumn(table, operation.name);
  if (operation.using !== null || hasValues(operation)) return true;
  if (was === undefined) return false;
  if (operation.to.generated === null && fillingOf(was) === "virtual") return true;
  return operation.to.type !== undefined && onlyByText(was.type, operation.to.type, binding);
}

/** Types that the server casts to and from strings, and nothing else. */
const fenced = /^(?:uuid|inet[46])\b/;
const strings = /^(?:(?:var)?(?:char|binary)|(?:tiny|medium|long)?(?:text|blob)|enum|set|json)\b/;

/** Whether the server refuses to make one type of another, but both of a string. */
function onlyByText(from: ColumnType, to: ColumnType, binding: Binding): boolean {
  const was = physicalType(from, binding);
  const is = physicalType(to, binding);
  if (was === is || (!fenced.test(was) && !fenced.test(is))) return false;
  return !strings.test(fenced.test(was) ? is : was) || (fenced.test(was) && fenced.test(is));
}

/** Long enough for every value that is no text itself. */
const anyText: ColumnType = { kind: "varchar", length: 64 };

function hasValues(operation: AlterColumn): boolean {
  return Object.keys(operation.values ?? {}).length > 0;
}

/** The statements of such a change. */
export function convertColumn(operation: AlterColumn, state: Schema, binding: Binding): readonly string[] {
  const table = findTable(state, operation.table)!;
  const was = findColumn(table, operation.name)!;
  const now = { ...was, ...operation.to };
  const plain: AlterColumn = { ...operation, using: null, values: {} };
  const change = alterTable(table, [plain], state, binding);
  if (fillingOf(was) === "virtual" && now.generated === null) {
    return swap(operation, operation.using ?? quoteName(was.name), state, binding);
  }
  if (operation.using !== null) {
    const sql = serverExpression(operation.using, table.columns);
    const same = physicalType(was.type, binding) === physicalType(now.type, binding);
    return same && fillingOf(was) === "plain"
      ? [update(table, was.name, sql), ...change]
      : swap(operation, sql, state, binding);
  }
  if (!hasValues(operation)) {
    const text = asText(operation, was);
    return [
      ...alterTable(table, [text], state, binding),
      ...alterTable(table, [plain], apply(state, text), binding),
    ];
  }
  const mapping = updateValues(table, was.name, operation.values ?? {});
  if (was.type.kind !== "enum") return [mapping, ...change];
  if (now.type.kind !== "enum") return [...change, mapping];
  const wide = {
    ...plain,
    from: { type: was.type },
    to: { type: union(was.type, now.type, operation.values ?? {}) },
  };
  const widened = apply(state, wide);
  return [
    ...alterTable(table, [wide], state, binding),
    mapping,
    ...alterTable(table, [plain], widened, binding),
  ];
}

/** The column as text, with nothing in it that suits its type alone. */
function asText(operation: AlterColumn, was: Column): AlterColumn {
  const to: ColumnChange = { type: anyText, default: null, autoIncrement: false };
  const from: ColumnChange = { type: was.type, default: was.default, autoIncrement: was.autoIncrement };
  return { ...operation, from, to, using: null, values: {} };
}

/** The values of both, and those that the rows take on the way. */
function union(was: EnumType, now: EnumType, values: Readonly<Record<string, string>>): EnumType {
  return { ...was, values: [...new Set([...was.values, ...now.values, ...Object.values(values)])] };
}

/** Functions whose values differ from call to call and from server to server. */
const unrepeatable =
  /\b(?:uuid|uuid_short|rand|random_bytes|sysdate|user|current_user|session_user|system_user)\b/i;

/**
 * Whether MySQL refuses to give a new column's default to the rows that are there: one that a replica would answer
 * otherwise, and one of a place that must not be null.
 */
export function fillsRows({ column }: AddColumn, binding: Binding): boolean {
  const value = isMariadb(binding) ? null : defaultSql(column, binding);
  if (value === null || isLiteral(value)) return false;
  const place = isPlace(physicalType(column.type, binding));
  return unrepeatable.test(value) || (place && !column.nullable);
}

/** The statements of such a column: it comes empty, the rows are filled, and then it is what it should be. */
export function fillColumn(operation: AddColumn, state: Schema, binding: Binding): readonly string[] {
  const { column } = operation;
  const empty: AddColumn = { ...operation, column: { ...column, nullable: true, default: null } };
  const change = { kind: "alterColumn", table: operation.table, name: column.name } as const;
  const [from, to] = [empty.column, column].map(({ nullable, default: value }) => ({
    nullable,
    default: value,
  }));
  const whole: AlterColumn = { ...change, from: from!, to: to!, using: null, values: {} };
  const there = apply(state, empty);
  const table = findTable(there, operation.table)!;
  return [
    ...alterTable(table, [empty], state, binding),
    update(table, column.name, defaultSql(column, binding) ?? "NULL"),
    ...alterTable(table, [whole], there, binding),
  ];
}

/** A row that is changed keeps the moment that it was last changed at. */
function update(table: Table, column: string, value: string, where = ""): string {
  const kept = table.columns
    .filter((each) => each.name !== column && textOption(each.options, "onUpdate") !== null)
    .map((each) => `, ${quoteName(each.name)} = ${quoteName(each.name)}`);
  return `UPDATE ${quoteTable(table)} SET ${quoteName(column)} = ${value}${kept.join("")}${where}`;
}

function updateValues(table: Table, column: string, values: Readonly<Record<string, string>>): string {
  const name = quoteName(column);
  const cases = Object.entries(values).map(
    ([old, value]) => `WHEN ${quoteString(old)} THEN ${quoteString(value)}`,
  );
  const list = Object.keys(values).map(quoteString).join(", ");
  return update(table, column, `CASE ${name} ${cases.join(" ")} END`, ` WHERE ${name} IN (${list})`);
}

/** A column is made beside the old one, filled, and put in its place. */
function swap(operation: AlterColumn, value: string, state: Schema, binding: Binding): readonly string[] {
  const after = apply(state, operation);
  const from = findTable(state, operation.table)!;
  const to = findTable(after, operation.table)!;
  const column = findColumn(to, operation.name)!;
  const fresh = freshName(from);
  const keys = detached(from, new Set([column.name]), state, after, binding);
  const name = quoteTable(from);
  const clauses = [
    `DROP COLUMN ${quoteName(column.name)}`,
    `CHANGE COLUMN ${quoteName(fresh)} ${definition(column, to, binding)}`,
    ...againClauses(from, to, column.name, binding),
  ];
  return [
    `ALTER TABLE ${name} ADD COLUMN ${bareColumn(column, fresh, to, binding)} AFTER ${quoteName(column.name)}`,
    update(from, fresh, value),
    ...keys.before,
    `ALTER TABLE ${name} ${clauses.join(", ")}`,
    ...keys.after,
  ];
}

function freshName(table: Table): string {
  let name = "athanor_new";
  while (findColumn(table, name) !== undefined) name += "_";
  return name;
}

/** A column that holds values of the new type, and may do without them. */
function bareColumn(column: Column, name: string, table: Table, binding: Binding): string {
  const plain: Column = {
    ...column,
    name,
    nullable: true,
    default: null,
    generated: null,
    autoIncrement: false,
    comment: null,
    options: mysqlOptions({ charset: textOption(column.options, "charset") }),
  };
  return definition(plain, { ...table, checks: [], columns: [...table.columns, plain] }, binding);
}

/** What stands on a column goes with it, and has to be made again in the same statement. */
function againClauses(from: Table, to: Table, column: string, binding: Binding): readonly string[] {
  const key = to.primaryKey?.columns.includes(column) === true ? to.primaryKey : null;
  const uniques = to.uniques.filter((unique) => unique.columns.includes(column) && unique.name !== null);
  const indexes = to.indexes.filter((index) =>
    index.parts.some(
      (part) => part.column === column || (part.expression !== null && mentions(part.expression, column)),
    ),
  );
  const checks = to.checks.filter(
    (check) =>
      check.name !== null &&
      check.options["mysql"]?.["column"] !== true &&
      mentions(check.expression, column),
  );
  const own = from.foreignKeys.filter(
    (each) => each.columns.includes(column) && !isServed(from, each.columns),
  );
  const word = isMariadb(binding) ? "CONSTRAINT" : "CHECK";
  const exists = hasIfExists(binding) ? "IF EXISTS " : "";
  return [
    ...(key === null ? [] : ["DROP PRIMARY KEY", `ADD ${primaryKeyClause(key, to)}`]),
    ...uniques.flatMap((unique) => [`DROP KEY ${quoteName(unique.name!)}`, `ADD ${uniqueClause(unique)}`]),
    ...indexes.flatMap((index) => [
      `DROP KEY ${quoteName(index.name)}`,
      `ADD ${indexClause(index, to, binding)}`,
    ]),
    ...checks.flatMap((check) => [`DROP ${word} ${quoteName(check.name!)}`, `ADD ${checkClause(check, to)}`]),
    ...own.map((each) => `DROP KEY ${exists}${quoteName(each.name!)}`),
  ];
}
