import { equal } from "../../schema/equal.ts";
import { type Column, findColumn, type Table } from "../../schema/index.ts";
import type { PlanCheck } from "../design.ts";
import { canonicalType } from "./canonical.ts";
import { defaultSql, enumValues, isRowIdColumn } from "./ddl-clauses.ts";
import { defaultForm } from "./expression.ts";
import { collationForm, option } from "./options.ts";
import { quoteName, quoteString } from "./quote.ts";
import { type Affinity, typeAffinity } from "./type-name.ts";

/** How the rows of a table come into the table that takes its place, and what they must be like for that. */

/** One column that is filled. */
export interface Copy {
  /** The column of the new table; null for the row id. */
  readonly column: Column | null;
  readonly target: string;
  /** An expression over a row of the old table. */
  readonly sql: string;
  /** Whether the expression is one that somebody gave, rather than the usual conversion. */
  readonly given: boolean;
}

/** How a column is filled; null leaves it to its default, or to its expression. */
export function copyOf(
  column: Column,
  from: Table,
  to: Table,
  columns: ReadonlyMap<string, string | null>,
  using: ReadonlyMap<string, string>,
): Copy | null {
  if (column.generated !== null) return null;
  const target = quoteName(column.name);
  const given = using.get(column.name);
  const source = sourceOf(column, from, columns);
  if (given === undefined && source === null)
    return numberedByRowId(column, from, to) ? { column, target, sql: "rowid", given: false } : null;
  const sql = given ?? converted(source!, column, from, to);
  const filled = !column.nullable && defaultForm(column.default) !== null && !isRowIdColumn(to, column);
  const mayBeNull = given !== undefined || source!.nullable || source!.generated !== null;
  return {
    column,
    target,
    given: given !== undefined,
    sql: filled && mayBeNull ? `coalesce(${sql}, ${defaultSql(column.default!)})` : sql,
  };
}

function sourceOf(column: Column, from: Table, columns: ReadonlyMap<string, string | null>): Column | null {
  const name = columns.get(column.name) ?? null;
  return name === null ? null : (findColumn(from, name) ?? null);
}

/** A new key column that is another name for the row id starts out as the row id the rows have. */
function numberedByRowId(column: Column, from: Table, to: Table): boolean {
  if (!isRowIdColumn(to, column) || option(from.options, "withoutRowid") === true) return false;
  return from.columns.every((each) => each.name.toLowerCase() !== "rowid");
}

const isStrict = (table: Table): boolean => option(table.options, "strict") === true;

function affinityIn(table: Table, column: Column): Affinity {
  return isRowIdColumn(table, column) ? "integer" : typeAffinity(column.type, isStrict(table));
}

/** Kinds whose values are texts, though the declared type has the affinity of numbers. */
const textKinds: ReadonlySet<string> = new Set(["date", "time", "timestamp", "interval", "json"]);

/** The target of the CAST that turns the old value into the new one; null where the value stays as it is. */
function castTarget(source: Column, column: Column, from: Table, to: Table): string | null {
  const old = affinityIn(from, source);
  const now = affinityIn(to, column);
  if (old === now && old !== "blob") return null;
  const kind = canonicalType(column.type, isStrict(to)).kind;
  if (now === "blob") return kind === "bytes" && old !== "blob" ? "BLOB" : null;
  if (now === "numeric" && (old === "integer" || textKinds.has(kind))) return null;
  return now.toUpperCase();
}

function converted(source: Column, column: Column, from: Table, to: Table): string {
  const target = castTarget(source, column, from, to);
  const name = quoteName(source.name);
  return target === null ? name : `CAST(${name} AS ${target})`;
}

/** What has to be true of the rows before they are copied, each with what it means if it is not. */
export function guards(
  from: Table,
  to: Table,
  copies: readonly Copy[],
  columns: ReadonlyMap<string, string | null>,
): readonly PlanCheck[] {
  return [
    ...copies.flatMap((copy) => conversionGuard(copy, from, to, columns)),
    ...copies.flatMap((copy) => nullGuard(copy, from, to)),
    ...to.columns.flatMap((column) => missingGuard(column, copies, from, to)),
    ...uniquenessGuards(from, to, copies),
  ];
}

function counting(from: Table, condition: string, example: string): string {
  return `SELECT count(*), ${example} FROM ${quoteName(from.name)} WHERE ${condition} HAVING count(*) > 0`;
}

/** A value that the new type cannot hold would be turned into something else, or into nothing. */
function conversionGuard(
  copy: Copy,
  from: Table,
  to: Table,
  columns: ReadonlyMap<string, string | null>,
): PlanCheck[] {
  if (copy.given) return givenGuard(copy, from, to);
  const source = copy.column === null ? null : sourceOf(copy.column, from, columns);
  if (copy.column === null || source === null || !copy.sql.includes(quoteName(source.name))) return [];
  const misfit = misfitCondition(source, copy.column, from, to);
  if (misfit === null) return [];
  const name = quoteName(source.name);
  const condition = `${name} IS NOT NULL AND (${misfit})`;
  const violation = `values of column "${copy.column.name}" of table "${to.name}" do not fit its new type`;
  return [{ sql: counting(from, condition, `min(quote(${name}))`), violation }];
}

/** Of a conversion that somebody gave only its outcome can be told: whether it is a value of the enum. */
function givenGuard({ column, sql }: Copy, from: Table, to: Table): PlanCheck[] {
  const values = column === null ? null : enumValues(canonicalType(column.type, isStrict(to)));
  if (column === null || values === null) return [];
  const condition = `(${sql}) NOT IN (${values.map(quoteString).join(", ")})`;
  const violation = `values of column "${column.name}" of table "${to.name}" do not fit its new type`;
  return [{ sql: counting(from, condition, `min(quote(${sql}))`), violation }];
}

/**
 * Compared with a number, a text is one only if all of it is a number and nothing is lost (section 4.2 of
 * https://www.sqlite.org/datatype3.html): so `CAST(x AS …) = x` tells whether the cast keeps the value.
 */
function misfitCondition(source: Column, column: Column, from: Table, to: Table): string | null {
  const name = quoteName(source.name);
  const old = canonicalType(source.type, isStrict(from));
  const now = canonicalType(column.type, isStrict(to));
  if (equal(old, now) && isStrict(from) === isStrict(to)) return null;
  const conditions: string[] = [];
  const target = castTarget(source, column, from, to);
  const numeric = target === "INTEGER" || target === "REAL" || target === "NUMERIC";
  if (numeric) conditions.push(`NOT CAST(${name} AS ${target}) = ${name}`);
  if (target === "TEXT")
    conditions.push(`typeof(${name}) = 'real' AND NOT CAST(CAST(${name} AS TEXT) AS REAL) = ${name}`);
  const kind = kindCondition(name, now.kind, old.kind);
  if (kind !== null) conditions.push(kind);
  const values = enumValues(now);
  if (values !== null) conditions.push(`${name} NOT IN (${values.map(quoteString).join(", ")})`);
  return conditions.length === 0 ? null : conditions.join(" OR ");
}

function kindCondition(name: string, now: string, old: string): string | null {
  if (now === old) return null;
  const kindred = [now, old].every((kind) => kind === "date" || kind === "timestamp");
  switch (now) {
    case "boolean":
      return `CAST(${name} AS NUMERIC) NOT IN (0, 1)`;
    case "numeric":
      return `typeof(${name}) = 'text' AND NOT CAST(${name} AS NUMERIC) = ${name}`;
    case "json":
      return `NOT json_valid(${name})`;
    case "date":
      return `date(${name}) IS NOT ${name}`;
    case "timestamp":
      return kindred ? null : `datetime(${name}) IS NULL`;
    case "time":
      return `time(${name}) IS NULL`;
    default:
      return null;
  }
}

function nullGuard(copy: Copy, from: Table, to: Table): PlanCheck[] {
  const { column } = copy;
  if (column === null || column.nullable || copy.sql === "rowid" || isRowIdColumn(to, column)) return [];
  const source = from.columns.find((each) => quoteName(each.name) === copy.sql);
  if (copy.sql.startsWith("coalesce(") || source?.nullable === false) return [];
  const violation = `column "${column.name}" of table "${to.name}" becomes NOT NULL, and rows have no value in it`;
  return [{ sql: counting(from, `(${copy.sql}) IS NULL`, rowExample(from)), violation }];
}

/** A row that people can find: its primary key, or its row id. */
function rowExample(from: Table): string {
  const key = from.primaryKey?.columns ?? [];
  if (key.length > 0)
    return `min(${key.map((name) => `'${name.replaceAll("'", "''")} = ' || quote(${quoteName(name)})`).join(" || ', ' || ")})`;
  return option(from.options, "withoutRowid") === true ? "'?'" : "min('row ' || rowid)";
}

function missingGuard(column: Column, copies: readonly Copy[], from: Table, to: Table): PlanCheck[] {
  const needed = !column.nullable && column.generated === null && defaultForm(column.default) === null;
  if (!needed || isRowIdColumn(to, column) || copies.some((copy) => copy.column === column)) return [];
  const violation = `column "${column.name}" is added to table "${to.name}" as NOT NULL without a default, and there are rows`;
  return [{ sql: counting(from, "true", rowExample(from)), violation }];
}

/** Keys that the old table did not have. */
function uniquenessGuards(from: Table, to: Table, copies: readonly Copy[]): PlanCheck[] {
  const keysOf = (table: Table): readonly (readonly string[])[] => [
    ...(table.primaryKey === null ? [] : [table.primaryKey.columns]),
    ...table.uniques.map((unique) => unique.columns),
  ];
  const old = keysOf(from);
  return keysOf(to)
    .filter((key) => !old.some((other) => equal(other, key)))
    .flatMap((key) => {
      const parts = key.map((name) => copies.find((copy) => copy.column?.name === name));
      if (parts.some((part) => part === undefined)) return [];
      const given = parts.filter((part) => part !== undefined);
      return [uniquenessGuard(from, to, key, given)];
    });
}

function uniquenessGuard(from: Table, to: Table, key: readonly string[], parts: readonly Copy[]): PlanCheck {
  const keys = parts.map(({ sql, column }) => {
    const collation = collationForm(column?.collation ?? null);
    return collation === null ? `(${sql})` : `(${sql}) COLLATE ${quoteName(collation)}`;
  });
  const present = parts.map(({ sql }) => `(${sql}) IS NOT NULL`).join(" AND ");
  const example = parts.map(({ sql }) => `quote(${sql})`).join(" || ', ' || ");
  const groups = `SELECT count(*) AS n, min(${example}) AS example FROM ${quoteName(from.name)} WHERE ${present} GROUP BY ${keys.join(", ")} HAVING count(*) > 1`;
  return {
    sql: `SELECT sum(n), min(example) FROM (${groups}) HAVING count(*) > 0`,
    violation: `rows of table "${to.name}" are alike in ${key.map((name) => `"${name}"`).join(", ")}, which is to be unique`,
  };
}
