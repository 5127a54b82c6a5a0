import {
  type Check,
  type Column,
  type ColumnType,
  type ForeignKey,
  findTable,
  type Index,
  type IndexPart,
  type PrimaryKey,
  type Schema,
  type SchemaObject,
  type Table,
  type Unique,
} from "../../schema/index.ts";
import { isIdentifier, isWord, type Token, tokenize } from "../../schema/lexer.ts";
import { canonicalOrder } from "../../schema/order.ts";
import { enumValues, isRowIdColumn } from "./ddl-clauses.ts";
import { isOurs } from "./ddl-object.ts";
import { liftEnums } from "./enum-check.ts";
import { defaultForm, normalForm } from "./expression.ts";
import { collationForm, conflictOption, keyOptions, option, optionAt, sqliteOptions } from "./options.ts";
import { sqliteRules } from "./parse-cursor.ts";
import { parseTypeName, typeName } from "./type-name.ts";

/** A schema as the inspector reads it back once made: what SQLite cannot tell apart is one, what it lacks is gone. */
export function canonicalSchema(schema: Schema): Schema {
  return canonicalOrder({
    ...schema,
    namespaces: [],
    enums: [],
    objects: schema.objects.filter(isOurs).map(canonicalObject),
    tables: schema.tables.map((table) => canonicalTable(table, schema)),
  });
}

function canonicalObject(object: SchemaObject): SchemaObject {
  return { ...object, dialect: "sqlite", definition: object.definition.trim(), comment: null };
}

/** One table of `schema` in canonical form. */
export function canonicalTable(table: Table, schema: Schema): Table {
  const checks = table.checks.map(
    (check): Check => ({ name: check.name, expression: normalForm(check.expression, table), options: {} }),
  );
  return {
    ...table,
    ...liftEnums(
      table.columns.map((column) => canonicalColumn(column, table)),
      checks,
    ),
    primaryKey: canonicalPrimaryKey(table),
    foreignKeys: table.foreignKeys.map((key) => canonicalForeignKey(key, schema)),
    uniques: table.uniques.map((unique) => canonicalUnique(unique, table)),
    exclusions: [],
    indexes: table.indexes.map((index) => canonicalIndex(index, table)),
    comment: null,
    options: sqliteOptions({
      strict: option(table.options, "strict") === true,
      withoutRowid: option(table.options, "withoutRowid") === true,
    }),
  };
}

/** A column type as it is read back. */
export function canonicalType(type: ColumnType, strict = false): ColumnType {
  const values = enumValues(type);
  if (values !== null) return { kind: "enum", name: null, schema: null, values };
  return parseTypeName(typeName(type, strict), strict);
}

function canonicalColumn(column: Column, table: Table): Column {
  const strict = option(table.options, "strict") === true;
  const rowId = isRowIdColumn(table, column);
  const inKey = table.primaryKey?.columns.includes(column.name) === true;
  const never = rowId || (inKey && (strict || option(table.options, "withoutRowid") === true));
  const nullable = column.nullable && !never;
  const sql = column.generated === null ? defaultForm(column.default) : null;
  return {
    name: column.name,
    type: rowId ? { kind: "integer" } : canonicalType(column.type, strict),
    nullable,
    default: sql === null ? null : { kind: "expression", sql },
    generated: column.generated && {
      expression: normalForm(column.generated.expression, table),
      stored: column.generated.stored,
    },
    autoIncrement: rowId,
    identity: null,
    collation: collationForm(column.collation),
    comment: null,
    options: sqliteOptions({
      autoincrement: rowId && option(column.options, "autoincrement") === true,
      notNullConflict: nullable ? null : conflictOption(column.options, "notNullConflict"),
    }),
  };
}

function canonicalKeyOptions(
  columns: readonly string[],
  options: Unique["options"],
  table: Table,
): Unique["options"] {
  const keys = columns.map((column, at) => {
    const own = collationOf(column, table);
    const collation = optionAt(options, "collations", at)?.toUpperCase() ?? null;
    const order = optionAt(options, "order", at) === "desc" ? ("desc" as const) : ("asc" as const);
    return { column, collation: collation === own ? null : collation, order };
  });
  return keyOptions(keys, conflictOption(options, "conflict"));
}

/** The collation a column compares by, in capitals. */
function collationOf(column: string, table: Table): string {
  const own = table.columns.find((each) => each.name === column)?.collation ?? null;
  return (own ?? "BINARY").toUpperCase();
}

function canonicalPrimaryKey(table: Table): PrimaryKey | null {
  const key = table.primaryKey;
  if (key === null || key.columns.length === 0) return null;
  const rowId = table.columns.some((column) => isRowIdColumn(table, column));
  const { order: _, ...unordered } = key.options["sqlite"] ?? {};
  const options = rowId ? { sqlite: unordered } : key.options;
  return { name: key.name, columns: key.columns, options: canonicalKeyOptions(key.columns, options, table) };
}

function canonicalUnique(unique: Unique, table: Table): Unique {
  return {
    name: unique.name,
    columns: unique.columns,
    nullsNotDistinct: false,
    deferrable: null,
    options: canonicalKeyOptions(unique.columns, unique.options, table),
  };
}

function canonicalForeignKey(key: ForeignKey, schema: Schema): ForeignKey {
  const { columns } = key.references;
  const implied =
    columns.length > 0 ? columns : (findTable(schema, key.references)?.primaryKey?.columns ?? []);
  return { ...key, references: { ...key.references, columns: implied }, options: {} };
}

function canonicalIndex(index: Index, table: Table): Index {
  return {
    name: index.name,
    unique: index.unique,
    parts: index.parts.map((part) => canonicalPart(part, table)),
    where: index.where === null ? null : normalForm(index.where, table),
    include: [],
    method: null,
    nullsNotDistinct: false,
    comment: null,
    options: {},
  };
}

/** An expression that is no more than a column is a column, whatever collation follows it. */
function canonicalPart(part: IndexPart, table: Table): IndexPart {
  const tokens = part.expression === null ? [] : tokenize(part.expression, sqliteRules);
  const { inner, collation: written } = splitCollation(tokens);
  const text = part.expression === null ? "" : textOf(part.expression, inner);
  const normal = part.expression === null ? null : normalForm(text, table);
  const column = part.column ?? columnOf(normal ?? "", table);
  const collation = (part.collation ?? written)?.toUpperCase() ?? null;
  const own = column === null ? "BINARY" : collationOf(column, table);
  return {
    column,
    expression: column === null ? normal : null,
    order: part.order,
    nulls: null,
    collation: collation === null || collation === own ? null : (collationForm(collation) ?? "BINARY"),
    operatorClass: null,
    length: null,
  };
}

function splitCollation(tokens: readonly Token[]): { inner: readonly Token[]; collation: string | null } {
  const last = tokens.at(-1);
  const collated = tokens.length > 2 && isWord(tokens.at(-2), "collate") && isIdentifier(last);
  return collated
    ? { inner: tokens.slice(0, -2), collation: last.value }
    : { inner: tokens, collation: null };
}

function textOf(sql: string, tokens: readonly Token[]): string {
  return sql.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? sql.length);
}

function columnOf(expression: string, table: Table): string | null {
  const [token, ...rest] = tokenize(expression, sqliteRules);
  if (rest.length > 0 || !isIdentifier(token)) return null;
  return table.columns.find((column) => column.name === token.value)?.name ?? null;
}
