import { apply } from "../../operation/apply.ts";
import { enumKey, namedEnum } from "../../operation/apply-enum.ts";
import type { AlterColumn, Operation } from "../../operation/operation.ts";
import {
  type Column,
  type DefaultValue,
  findColumn,
  findTable,
  isGrantOn,
  type Schema,
  type Table,
  type TableRef,
} from "../../schema/index.ts";
import { tokenize } from "../../schema/lexer.ts";
import { parseArray, printArray } from "./array-text.ts";
import { commentAgain, isCommentOnType } from "./comments.ts";
import { grantAgain } from "./ddl-grant.ts";
import { createEnum, defaultSql, enumName, enumsOf, type NamedEnum, physicalType } from "./physical.ts";
import { quoteName, quoteString, quoteTable } from "./quote.ts";
import { typeName } from "./type-name.ts";

/** Enum types come with the first column that has them and go with the last: no operation of their own is needed. */

/** The enums that the columns an operation brings are of. */
function broughtEnums(operation: Operation): readonly NamedEnum[] {
  const ofColumns = (table: TableRef, columns: readonly Pick<Column, "name" | "type">[]): NamedEnum[] =>
    columns.flatMap((column) => namedEnum(physicalType(column.type, table, column.name)) ?? []);
  switch (operation.kind) {
    case "createTable":
      return ofColumns(operation.table, operation.table.columns);
    case "addColumn":
      return ofColumns(operation.table, [operation.column]);
    case "alterColumn":
      return operation.to.type === undefined
        ? []
        : ofColumns(operation.table, [{ name: operation.name, type: operation.to.type }]);
    default:
      return [];
  }
}

/** Statements that make the enum types an operation needs, before it. */
export function enumsBefore(operation: Operation, state: Schema): readonly string[] {
  const brought = broughtEnums(operation);
  if (brought.length === 0) return [];
  const standing = enumsOf(state);
  const missing = new Map(
    brought.filter((type) => !standing.has(enumKey(type))).map((type) => [enumKey(type), type]),
  );
  const changed =
    operation.kind === "alterColumn"
      ? []
      : brought.flatMap((type) => {
          const old = standing.get(enumKey(type));
          return old === undefined ? [] : changeEnum(old, type, state);
        });
  return [...[...missing.values()].map(createEnum), ...changed];
}

/** Statements that drop the enum types nothing needs any longer, after an operation. */
export function enumsAfter(operation: Operation, state: Schema): readonly string[] {
  if (!mayFreeEnum(operation, state)) return [];
  const after = apply(state, operation);
  const left = enumsOf({ tables: after.tables, enums: [] });
  const gone = [...enumsOf({ tables: state.tables, enums: [] })].filter(([key]) => !left.has(key));
  return gone.map(([, type]) => dropEnum(type));
}

function mayFreeEnum(operation: Operation, state: Schema): boolean {
  const isEnum = (table: Table, column: Column): boolean =>
    namedEnum(physicalType(column.type, table, column.name)) !== null;
  switch (operation.kind) {
    case "dropTable": {
      const table = findTable(state, operation.name);
      return table?.columns.some((column) => isEnum(table, column)) ?? false;
    }
    case "dropColumn":
    case "alterColumn": {
      if (operation.kind === "alterColumn" && operation.to.type === undefined) return false;
      const table = findTable(state, operation.table);
      const column = table && findColumn(table, operation.name);
      return table !== undefined && column !== undefined && isEnum(table, column);
    }
    default:
      return false;
  }
}

/** What else stands on the type (a function, a view) keeps it: it was not only the columns' own. */
function dropEnum(type: NamedEnum): string {
  return `DO $athanor$ BEGIN DROP TYPE ${enumName(type)}; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END $athanor$`;
}

/** Enums named for a table or column take its new name. */
export function renamedEnums(
  state: Schema,
  from: TableRef,
  columns: readonly { readonly from: string; readonly to: string }[],
  to: TableRef,
): readonly string[] {
  const table = findTable(state, from);
  return columns.flatMap((names) => {
    const column = table && findColumn(table, names.from);
    const type = column && namedEnum(physicalType(column.type, from, names.from));
    if (!type || type.name !== `${from.name}_${names.from}` || type.schema !== from.schema) return [];
    const name = `${to.name}_${names.to}`;
    const moved = { schema: to.schema, name: type.name };
    return [
      ...(type.schema === to.schema
        ? []
        : [`ALTER TYPE ${enumName(type)} SET SCHEMA ${quoteName(to.schema ?? "public")}`]),
      ...(type.name === name ? [] : [`ALTER TYPE ${enumName(moved)} RENAME TO ${quoteName(name)}`]),
    ];
  });
}

/** The statements that change the values of an enum, in all columns that have it. */
export function changeEnum(
  from: NamedEnum,
  to: NamedEnum,
  state: Schema,
  values: AlterColumn["values"] = {},
): readonly string[] {
  if (from.values.join("\0") === to.values.join("\0")) return [];
  const renamed = renamedValues(from, to, values);
  if (renamed !== null) {
    return renamed.map(
      ([old, now]) => `ALTER TYPE ${enumName(to)} RENAME VALUE ${quoteString(old)} TO ${quoteString(now)}`,
    );
  }
  const added = addedValues(from, to);
  if (added !== null && Object.keys(values).length === 0) return added;
  return remadeEnum(from, to, state, values);
}

/** Old and new names where all that happens is that values are called something else. */
function renamedValues(
  from: NamedEnum,
  to: NamedEnum,
  values: { readonly [old: string]: string },
): readonly (readonly [string, string])[] | null {
  const now = from.values.map((value) => values[value] ?? value);
  if (now.join("\0") !== to.values.join("\0")) return null;
  const changed = Object.entries(values).filter(([old, value]) => old !== value);
  return changed.some(([, value]) => from.values.includes(value)) ? null : changed;
}

/** `ADD VALUE` for each new value; null where one goes or changes its place. */
export function addedValues(from: NamedEnum, to: NamedEnum): readonly string[] | null {
  const kept = to.values.filter((value) => from.values.includes(value));
  if (kept.join("\0") !== from.values.join("\0")) return null;
  return to.values.flatMap((value, at) => {
    if (from.values.includes(value)) return [];
    const before = to.values[at - 1];
    const place =
      before === undefined ? ` BEFORE ${quoteString(from.values[0] ?? "")}` : ` AFTER ${quoteString(before)}`;
    const where = from.values.length === 0 ? "" : place;
    return [`ALTER TYPE ${enumName(to)} ADD VALUE IF NOT EXISTS ${quoteString(value)}${where}`];
  });
}

/** A new type takes the place of the old one, column by column, with what stands on the columns made again. */
function remadeEnum(
  from: NamedEnum,
  to: NamedEnum,
  state: Schema,
  values: { readonly [old: string]: string },
): readonly string[] {
  const old = { ...from, name: `${from.name.slice(0, 50)}__athanor` };
  const users = state.tables.flatMap((table) =>
    table.columns
      .filter((column) => {
        const type = namedEnum(physicalType(column.type, table, column.name));
        return type !== null && enumKey(type) === enumKey(from);
      })
      .map((column) => ({ table, column })),
  );
  return [
    `ALTER TYPE ${enumName(from)} RENAME TO ${quoteName(old.name)}`,
    createEnum(to),
    ...users.flatMap(({ table, column }) => convertColumn(table, column, to, values)),
    sameOwner(old, to),
    `DROP TYPE ${enumName(old)}`,
    ...saidOf(to, state),
  ];
}

/** The server knows whose the old type is. */
function sameOwner(from: NamedEnum, to: NamedEnum): string {
  return `DO $athanor$ BEGIN
  EXECUTE format('ALTER TYPE %s OWNER TO %I', ${quoteString(enumName(to))},
    (SELECT pg_get_userbyid(typowner) FROM pg_type WHERE oid = ${quoteString(enumName(from))}::regtype));
END $athanor$`;
}

/** What was granted on the type, and said of it. */
function saidOf(type: NamedEnum, state: Schema): readonly string[] {
  const object = { kind: "enum" as const, schema: type.schema, name: type.name, signature: null };
  return state.objects.flatMap((each) =>
    isGrantOn(each, object) ? grantAgain(each) : isCommentOnType(each, type) ? [commentAgain(each)] : [],
  );
}

function convertColumn(
  table: Table,
  column: Column,
  to: NamedEnum,
  values: { readonly [old: string]: string },
): readonly string[] {
  const name = quoteName(column.name);
  const alter = `ALTER TABLE ${quoteTable(table)} ALTER COLUMN ${name}`;
  const type = retyped(column.type, to);
  const using = conversion(name, column.type.kind === "array", typeName(type), enumName(to), values);
  const kept = column.default === null ? null : keptDefault(column.default, to, values);
  return [
    ...(column.default === null ? [] : [`${alter} DROP DEFAULT`]),
    `${alter} TYPE ${typeName(type)} USING ${using}`,
    ...(kept === null ? [] : [`${alter} SET DEFAULT ${kept}`]),
  ];
}

/** The default under the new type; null where its value goes, and nobody says what becomes of it. */
function keptDefault(
  value: DefaultValue,
  to: NamedEnum,
  values: { readonly [old: string]: string },
): string | null {
  const sql = defaultSql(value);
  const [first, second] = tokenize(sql);
  const plain = first?.kind === "string" && (second === undefined || second.text === "::");
  if (!plain) return sql;
  const items = first.value.startsWith("{") ? parseArray(first.value) : [first.value];
  const mapped = items.map((item) => (typeof item === "string" ? (values[item] ?? item) : item));
  if (mapped.some((item) => typeof item === "string" && !to.values.includes(item))) return null;
  if (mapped.join("\0") === items.join("\0")) return sql;
  return quoteString(first.value.startsWith("{") ? printArray(mapped) : String(mapped[0]));
}

function retyped(type: Column["type"], to: NamedEnum): Column["type"] {
  return type.kind === "array" ? { kind: "array", of: retyped(type.of, to) } : to;
}

/** The old value by its text, with the values that go put as what they become. */
export function conversion(
  name: string,
  array: boolean,
  type: string,
  element: string,
  values: { readonly [old: string]: string },
): string {
  const cases = Object.entries(values);
  if (cases.length === 0) return array ? `${name}::text[]::${type}` : `${name}::text::${type}`;
  const whens = cases.map(([old, now]) => `WHEN ${quoteString(old)} THEN ${quoteString(now)}`).join(" ");
  if (!array) return `(CASE ${name}::text ${whens} ELSE ${name}::text END)::${type}`;
  const replaced = cases.reduce(
    (sql, [old, now]) => `array_replace(${sql}, ${quoteString(old)}, ${quoteString(now)})`,
    `${name}::text[]`,
  );
  return `${replaced}::${element}[]`;
}
