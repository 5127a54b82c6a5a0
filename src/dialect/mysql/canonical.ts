import {
  type Check,
  type Column,
  type ForeignKey,
  findTable,
  type Index,
  type Json,
  type Schema,
  type Table,
} from "../../schema/index.ts";
import { canonicalOrder } from "../../schema/order.ts";
import type { Connection } from "../connection.ts";
import { shortenedTable } from "../short-name.ts";
import { plainObject, withServerObjects } from "./canonical-object.ts";
import { withServerText } from "./canonical-text.ts";
import { readServer, type ServerRow } from "./catalog.ts";
import { type Collations, collationForm, readCollations } from "./collations.ts";
import { defaultSql, isOfPeriod, kindOf, onUpdateSql, prefixOf } from "./ddl-clauses.ts";
import { isOurs } from "./ddl-object.ts";
import { serverExpression } from "./expression.ts";
import { type Binding, has, hasDescendingIndexes, isMariadb } from "./flavor.ts";
import { isImplied, splitUniques } from "./inspect-index.ts";
import { mysqlOptions, option, saidOfIndex, textOption } from "./options.ts";
import { keptColumns, keptParts, periodOf, periodOfKey } from "./period.ts";
import { hasCollation, isLong, physicalType } from "./physical.ts";
import { nameLimit } from "./quote.ts";
import { canonicalTableOptions } from "./table-options.ts";
import { canonicalType } from "./type-name.ts";
import { writing } from "./writing.ts";

/** What a table is made canonical by. */
interface Setting {
  readonly schema: Schema;
  readonly binding: Binding;
  /** What tables have anyway; null where nobody can be asked. */
  readonly server: ServerRow | null;
  readonly collations: Collations;
}

/**
 * A schema as the inspector reads it back once made. Types, keys and options follow from rules; the text of
 * expressions is the server's own, where there is a connection: without one they stay as written.
 */
export async function canonical(
  schema: Schema,
  connection: Connection | null,
  binding: Binding,
  standing?: Schema,
): Promise<Schema> {
  const server = connection === null ? null : await readServer({ connection, binding, database: null });
  const collations = await readCollations(schema, connection, binding);
  const setting: Setting = { schema, binding, server, collations };
  const tables = schema.tables.map((table) => canonicalTable(table, setting));
  const told =
    connection === null
      ? tables
      : await writing(connection, () => withServerText(tables, connection, binding));
  const objects = schema.objects.filter(isOurs).map(plainObject);
  const made = canonicalOrder({ ...schema, namespaces: [], enums: [], objects, tables: told });
  if (connection === null) return made;
  return canonicalOrder(await withServerObjects(made, connection, binding, standing));
}

function canonicalTable(written: Table, setting: Setting): Table {
  const table = shortenedTable(written, nameLimit);
  const { binding, schema, server } = setting;
  const foreignKeys = table.foreignKeys.map((key) => canonicalForeignKey(key, schema));
  const indexes = table.indexes.map((index) => canonicalIndex(index, table, binding));
  const split = splitUniques(indexes.filter((index) => !isImplied(index, foreignKeys)));
  const uniques = table.uniques.map((unique) => ({
    ...unique,
    columns: keptColumns(unique, table),
    nullsNotDistinct: false,
    deferrable: null,
    options: mysqlOptions(saidOfIndex(unique.options)),
  }));
  const named = table.options["mysql"] ?? {};
  const collation = collationOfTable(table, setting);
  const { charset: _, ...options }: Record<string, Json> = { ...named, collation };
  return {
    ...table,
    columns: table.columns.map((column) => canonicalColumn(column, table, collation, setting)),
    primaryKey:
      table.primaryKey === null || table.primaryKey.columns.length === 0
        ? null
        : {
            name: null,
            columns: keptColumns(table.primaryKey, table),
            options: mysqlOptions({
              withoutOverlaps: periodOfKey(table.primaryKey, table) !== null,
              ...saidOfIndex(table.primaryKey.options),
            }),
          },
    foreignKeys,
    uniques: [...uniques, ...split.uniques],
    checks: table.checks.map((check) => canonicalCheck(check, table, binding)),
    exclusions: [],
    indexes: split.indexes,
    comment: table.comment === "" ? null : table.comment,
    options: canonicalTableOptions(options, server),
  };
}

/** The collation that a table says or that its character set means; null where it says neither. */
function collationOfTable(table: Table, { collations }: Setting): string | null {
  const collation = textOption(table.options, "collation");
  const charset = textOption(table.options, "charset");
  return collation === null ? collations.ofCharset(charset) : collationForm(collation);
}

function canonicalColumn(column: Column, table: Table, ofTable: string | null, setting: Setting): Column {
  const { binding } = setting;
  const generated = column.generated !== null;
  const numbered = column.autoIncrement || column.identity !== null;
  const period = periodOf(table);
  const ofPeriod = column.name === period?.start || column.name === period?.end;
  const inKey = ofPeriod || table.primaryKey?.columns.includes(column.name) === true;
  const value = generated || numbered ? null : defaultSql(column, binding);
  const { charset, ...collation } = canonicalCollation(column, ofTable, setting);
  return {
    name: column.name,
    type: canonicalType(column.type, binding),
    nullable: isOfPeriod(column)
      ? false
      : generated && isMariadb(binding)
        ? true
        : column.nullable && !inKey && !numbered,
    default: value === null || /^\(?null\)?$/i.test(value) ? null : { kind: "expression", sql: value },
    generated: column.generated && {
      expression: isOfPeriod(column)
        ? column.generated.expression.toUpperCase()
        : serverExpression(column.generated.expression, table.columns),
      stored: isOfPeriod(column) || column.generated.stored,
    },
    autoIncrement: numbered,
    identity: null,
    ...collation,
    comment: column.comment === "" ? null : column.comment,
    options: mysqlOptions({
      charset,
      onUpdate: onUpdateSql(column, binding),
      invisible: option(column.options, "invisible") === true,
      unversioned: option(column.options, "unversioned") === true,
      compressed: option(column.options, "compressed") === true,
      srid: option(column.options, "srid") ?? null,
    }),
  };
}

/** The collation where it is not the table's; a character set stays only where nobody can say what it means. */
function canonicalCollation(
  column: Column,
  ofTable: string | null,
  { binding, collations, server }: Setting,
): { readonly collation: string | null; readonly charset: string | null } {
  const physical = physicalType(column.type, binding);
  if (!hasCollation(physical)) return { collation: null, charset: null };
  const charset = textOption(column.options, "charset");
  const own = column.collation === null ? collations.ofCharset(charset) : collationForm(column.collation);
  const usual = ofTable ?? server?.collation ?? null;
  return { collation: own === usual ? null : own, charset: own === null ? charset : null };
}

/** `restrict` and `no action` are one here, and no foreign key waits for the end of a transaction. */
function canonicalForeignKey(key: ForeignKey, schema: Schema): ForeignKey {
  const { columns } = key.references;
  const implied =
    columns.length > 0 ? columns : (findTable(schema, key.references)?.primaryKey?.columns ?? []);
  return {
    ...key,
    references: { ...key.references, columns: implied },
    onDelete: key.onDelete === "restrict" ? "no action" : key.onDelete,
    onUpdate: key.onUpdate === "restrict" ? "no action" : key.onUpdate,
    deferrable: null,
    match: "simple",
    options: mysqlOptions(saidOfIndex(key.options)),
  };
}

function canonicalCheck(check: Check, table: Table, binding: Binding): Check {
  return {
    name: check.name,
    expression: serverExpression(check.expression, table.columns),
    options: mysqlOptions({
      column: isMariadb(binding) && option(check.options, "column") === true,
      notEnforced: has(binding, "unenforcedChecks") && option(check.options, "notEnforced") === true,
    }),
  };
}

/** An index as it is read back. */
export function canonicalIndex(index: Index, table: Table, binding: Binding): Index {
  const kind = kindOf(index, table, binding);
  const said = saidOfIndex(index.options);
  const memory = /^memory$/i.test(textOption(table.options, "engine") ?? "");
  const byHash = index.unique && index.parts.some((part) => isWholeLong(part, index, table, binding));
  return {
    name: index.name,
    unique: index.unique && kind === null,
    parts: keptParts(index, table).map((part) => ({
      column: part.column,
      expression:
        part.column === null && part.expression !== null
          ? serverExpression(part.expression, table.columns)
          : null,
      order: kind !== null || byHash || !hasDescendingIndexes(binding) ? "asc" : part.order,
      nulls: null,
      collation: null,
      operatorClass: null,
      length: prefixOf(part, index, table, binding),
    })),
    where: null,
    include: [],
    method:
      memory && kind === null && !index.unique
        ? String(index.method?.toLowerCase() ?? said.using ?? "hash")
        : null,
    nullsNotDistinct: false,
    comment: index.comment === "" ? null : index.comment,
    options: mysqlOptions({
      kind,
      unused: option(index.options, "unused") === true,
      withoutOverlaps: periodOfKey(index, table) !== null,
      ...said,
    }),
  };
}

/** A unique index over long values is kept by a hash of them, which has no order. */
function isWholeLong(part: Index["parts"][number], index: Index, table: Table, binding: Binding): boolean {
  const column = table.columns.find((each) => each.name === part.column);
  return (
    column !== undefined &&
    isLong(physicalType(column.type, binding)) &&
    prefixOf(part, index, table, binding) === null
  );
}
