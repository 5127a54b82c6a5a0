import { mentions } from "../../schema/expression.ts";
import {
  type Column,
  findColumn,
  type Index,
  type Schema,
  type Table,
  tableLabel,
} from "../../schema/index.ts";
import { isNumbered } from "./ddl-alter.ts";
import { defaultSql, prefixOf } from "./ddl-clauses.ts";
import { isOurs } from "./ddl-object.ts";
import { isLiteral } from "./expression.ts";
import { type Binding, broughtBy, type Feature, has, hasJsonType, isMariadb, productName } from "./flavor.ts";
import { option, textOption } from "./options.ts";
import { periodOf } from "./period.ts";
import { isLong, physicalType } from "./physical.ts";
import { nameLimit } from "./quote.ts";

/** Reasons why a server of this family cannot hold a schema with the meaning it has, for people. */
export function unsupported(schema: Schema, binding: Binding): readonly string[] {
  const server = productName(binding);
  const reasons = [
    ...schema.namespaces.map((name) => `has no schemas within a database: "${name}".`),
    ...(isMariadb(binding) ? [] : [...repeatedChecks(schema), ...onlyMariadbs(schema)]),
    ...schema.tables.flatMap((table) => [
      ...reasonsOfTable(table, binding),
      ...table.columns.flatMap((column) => reasonsOfColumn(column, table, binding)),
      ...table.indexes.flatMap((index) => reasonsOfIndex(index, table, binding)),
    ]),
  ];
  return reasons.map((reason) => `${server} ${reason}`);
}

function repeatedChecks({ tables }: Schema): string[] {
  const names = tables.flatMap((table) => table.checks.flatMap(({ name }) => name?.toLowerCase() ?? []));
  const repeated = new Set(names.filter((name, at) => names.indexOf(name) !== at));
  return [...repeated].map((name) => `takes the name of a check once in a database: "${name}".`);
}

/** What the other server of the family has. */
function onlyMariadbs({ objects, tables }: Schema): string[] {
  const sequences = objects.filter((object) => object.kind === "sequence" && isOurs(object));
  const kept = tables.filter((table) => option(table.options, "systemVersioned") === true);
  return [
    ...sequences.map(({ name }) => `has no sequences: "${name}".`),
    ...tables
      .filter((table) => periodOf(table) !== null)
      .map((table) => `has no periods for which rows hold: table "${tableLabel(table)}".`),
    ...kept.map((table) => `does not keep the history of rows: table "${tableLabel(table)}".`),
  ];
}

/** A reason where the server lacks a feature that is used. */
function needs(binding: Binding, used: boolean, feature: Feature, words: string, where: string): string[] {
  if (!used || has(binding, feature)) return [];
  const version = broughtBy(binding, feature);
  if (version === null) return [`has no ${words}: ${where}.`];
  return [`has ${words} from ${version} on, and this server is ${binding.version.join(".")}: ${where}.`];
}

function reasonsOfTable(table: Table, binding: Binding): string[] {
  const label = tableLabel(table);
  const reasons: string[] = namesOf(table).flatMap(({ kind, name, bounded }) =>
    badName(kind, name, label, bounded),
  );
  if (table.columns.length === 0) reasons.push(`has no tables without columns: "${label}".`);
  for (const exclusion of table.exclusions)
    reasons.push(`has no exclusion constraints: "${exclusion.name ?? ""}" of table "${label}".`);
  for (const unique of table.uniques) {
    const name = `"${unique.name ?? unique.columns.join(", ")}" of table "${label}"`;
    if (unique.nullsNotDistinct) reasons.push(`takes nulls for distinct in unique constraints: ${name}.`);
    if (unique.deferrable !== null) reasons.push(`does not defer constraints: ${name}.`);
    if (!isMariadb(binding) && unique.columns.some((column) => isLongColumn(table, column, binding)))
      reasons.push(`has no unique constraints over texts of any length, give them one: ${name}.`);
  }
  for (const check of table.checks) {
    const name = `"${check.name ?? check.expression}" of table "${label}"`;
    const loose = option(check.options, "notEnforced") === true;
    reasons.push(
      ...needs(binding, true, "checks", "checks that hold", name),
      ...needs(binding, loose, "unenforcedChecks", "checks that are not enforced", name),
    );
  }
  for (const column of table.primaryKey?.columns ?? [])
    if (isLongColumn(table, column, binding))
      reasons.push(`has no primary keys over texts of any length, give them one: "${label}.${column}".`);
  for (const key of table.foreignKeys) {
    const name = `"${key.name ?? key.columns.join(", ")}" of table "${label}"`;
    if (key.deferrable !== null) reasons.push(`does not defer constraints: ${name}.`);
    if (key.match !== "simple") reasons.push(`has no MATCH ${key.match.toUpperCase()}: ${name}.`);
    if (key.onDelete === "set default" || key.onUpdate === "set default")
      reasons.push(`has no SET DEFAULT for foreign keys: ${name}.`);
    const sets = key.onDelete === "set null" || (key.onUpdate !== "no action" && key.onUpdate !== "restrict");
    if (sets && key.columns.some((column) => isComputedFrom(table, column)))
      reasons.push(`has no checks and generated columns over columns that a foreign key sets: ${name}.`);
    if (key.columns.some((column) => isLongColumn(table, column, binding)))
      reasons.push(`has no foreign keys over texts of any length, give them one: ${name}.`);
  }
  if (table.columns.filter((column) => isAutomatic(column)).length > 1)
    reasons.push(`numbers one column of a table: "${label}".`);
  return reasons;
}

/** What a table names. Names of constraints and indexes are shortened, so that only those of tables and columns are bounded. */
function namesOf(table: Table): readonly { kind: string; name: string; bounded: boolean }[] {
  const { columns, foreignKeys, uniques, checks, indexes } = table;
  const parts = [...foreignKeys, ...uniques, ...checks, ...indexes].flatMap(({ name }) => name ?? []);
  return [
    { kind: "table", name: table.name, bounded: true },
    ...columns.map(({ name }) => ({ kind: "column", name, bounded: true })),
    ...parts.map((name) => ({ kind: "constraint or index", name, bounded: false })),
  ];
}

function badName(kind: string, name: string, table: string, bounded: boolean): string[] {
  const where = kind === "table" ? `table "${name}"` : `${kind} "${name}" of table "${table}"`;
  const reasons: string[] = [];
  const length = nameLimit.lengthOf(name);
  if (bounded && length > nameLimit.most)
    reasons.push(`has names of ${nameLimit.most} characters at most, and this has ${length}: ${where}.`);
  if (/[\u{10000}-\u{10FFFF}]/u.test(name))
    reasons.push(`has no characters beyond the first 65,536 in names, emoji among them: ${where}.`);
  if (name.endsWith(" ")) reasons.push(`has no names that end with a space: ${where}.`);
  return reasons;
}

function isLongColumn(table: Table, name: string, binding: Binding): boolean {
  const column = findColumn(table, name);
  return column !== undefined && isLong(physicalType(column.type, binding));
}

function isJsonColumn(table: Table, name: string | null, binding: Binding): boolean {
  const column = name === null ? undefined : findColumn(table, name);
  return column !== undefined && physicalType(column.type, binding) === "json";
}

function isAutomatic(column: Column): boolean {
  return column.autoIncrement || column.identity !== null;
}

function reasonsOfColumn(column: Column, table: Table, binding: Binding): string[] {
  const label = `"${tableLabel(table)}.${column.name}"`;
  const reasons: string[] = [];
  if (isAutomatic(column) && !isNumbered({ ...column, autoIncrement: true }, table))
    reasons.push(`numbers a column only where it begins a key: ${label}.`);
  if (column.type.kind === "native" && column.type.dialect !== "mysql")
    reasons.push(
      `does not have the type ${column.type.sql}, which is ${column.type.dialect}'s own: ${label}.`,
    );
  if (binding.impliesTimestamps === true && isBareTimestamp(column, binding))
    reasons.push(
      `gives a timestamp that must not be null a default of its own here (explicit_defaults_for_timestamp is off); give it one, or make it a datetime: ${label}.`,
    );
  const srid = option(column.options, "srid") ?? null;
  const compressed = option(column.options, "compressed") === true;
  const value = defaultSql(column, binding);
  const computed = value !== null && !isLiteral(value) && !/^CURRENT_TIMESTAMP/i.test(value);
  reasons.push(
    ...needs(binding, computed, "expressionDefaults", "defaults that are expressions", label),
    ...needs(binding, srid !== null, "spatialReferences", "a spatial reference of columns", label),
    ...needs(binding, compressed, "compressedColumns", "compressed columns", label),
  );
  if (option(column.options, "invisible") === true) {
    reasons.push(...needs(binding, true, "invisibleColumns", "invisible columns", label));
    if (!column.nullable && column.default === null && column.generated === null && !isAutomatic(column))
      reasons.push(`hides only columns that may be null or have a default: ${label}.`);
  }
  if (isAutomatic(column) && isComputedFrom(table, column.name))
    reasons.push(`has no checks and generated columns over a column that it numbers: ${label}.`);
  return reasons;
}

function isBareTimestamp(column: Column, binding: Binding): boolean {
  const isBare = !column.nullable && column.default === null && column.generated === null;
  return isBare && physicalType(column.type, binding).startsWith("timestamp");
}

function isComputedFrom(table: Table, column: string): boolean {
  return (
    table.checks.some((check) => mentions(check.expression, column)) ||
    table.columns.some((each) => each.generated !== null && mentions(each.generated.expression, column))
  );
}

function reasonsOfIndex(index: Index, table: Table, binding: Binding): string[] {
  const name = `"${index.name}" of table "${tableLabel(table)}"`;
  const reasons: string[] = [];
  if (index.unique && index.where !== null)
    reasons.push(`has no unique indexes over some rows only: ${name}.`);
  if (index.nullsNotDistinct) reasons.push(`takes nulls for distinct in unique indexes: ${name}.`);
  const computed = index.parts.some((part) => part.column === null);
  reasons.push(...needs(binding, computed, "functionalIndexes", "indexes over expressions", name));
  if (hasJsonType(binding) && index.parts.some((part) => isJsonColumn(table, part.column, binding)))
    reasons.push(`indexes JSON only through a generated column: ${name}.`);
  const endless = index.parts.some(
    (part) =>
      isLongColumn(table, part.column ?? "", binding) && prefixOf(part, index, table, binding) === null,
  );
  if (!isMariadb(binding) && index.unique && endless && textOption(index.options, "kind") === null)
    reasons.push(`has no unique indexes over texts of any length, give them one: ${name}.`);
  return reasons;
}
