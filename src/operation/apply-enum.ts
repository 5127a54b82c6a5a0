import { renameCasts } from "../schema/expression.ts";
import type { Column, ColumnType, EnumType, IndexPart, Schema, Table, TableRef } from "../schema/index.ts";
import { canonicalOrder } from "../schema/order.ts";

type NamedEnum = EnumType & { readonly name: string };

/** The enum with a name of its own that a type is, or is a list of. */
export function namedEnum(type: ColumnType): NamedEnum | null {
  if (type.kind === "array") return namedEnum(type.of);
  if (type.kind === "user") return namedEnum(type.base);
  return type.kind === "enum" && type.name !== null ? { ...type, name: type.name } : null;
}

/** The name of an enum that has none of its own: that of its table and column, in the table's schema. */
export function enumNamedFor(table: TableRef, column: string): TableRef {
  return { schema: table.schema, name: `${table.name}_${column}` };
}

/** A type with the enum `from` called `to`. */
function renameEnumType(type: ColumnType, from: TableRef, to: TableRef): ColumnType {
  if (type.kind === "array") return { ...type, of: renameEnumType(type.of, from, to) };
  const named = type.kind === "enum" && type.name === from.name && type.schema === from.schema;
  return named ? { ...type, schema: to.schema, name: to.name } : type;
}

/**
 * The table with the enum `from` called `to`: in the types of its columns, and where its expressions cast to it, as a
 * database that knows it by more than its name shows them afterwards.
 */
export function withEnumRenamed(table: Table, from: TableRef, to: TableRef): Table {
  if (!usesOf(table).some(({ key }) => key === enumKey(from))) return table;
  const columns = table.columns.map((column) => ({ ...column, type: renameEnumType(column.type, from, to) }));
  return withExpressions({ ...table, columns }, (sql) => renameCasts(sql, from, to));
}

/** The table with each of its expressions put another way. */
function withExpressions(table: Table, put: (sql: string) => string): Table {
  const perhaps = (sql: string | null): string | null => sql && put(sql);
  const part = (each: IndexPart): IndexPart => ({ ...each, expression: perhaps(each.expression) });
  return {
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      default:
        column.default?.kind === "expression"
          ? { ...column.default, sql: put(column.default.sql) }
          : column.default,
      generated: column.generated && { ...column.generated, expression: put(column.generated.expression) },
    })),
    checks: table.checks.map((check) => ({ ...check, expression: put(check.expression) })),
    indexes: table.indexes.map((index) => ({
      ...index,
      parts: index.parts.map(part),
      where: perhaps(index.where),
    })),
    exclusions: table.exclusions.map((each) => ({
      ...each,
      elements: each.elements.map((element) => ({ ...element, part: part(element.part) })),
      where: perhaps(each.where),
    })),
  };
}

/** The key of an enum's name. */
export function enumKey(type: { readonly schema: string | null; readonly name: string }): string {
  return JSON.stringify([type.schema, type.name]);
}

/** A column that has a named enum, with that and its key. */
interface Use {
  readonly column: Column;
  readonly key: string;
  readonly type: NamedEnum;
}

const known = new WeakMap<Table, readonly Use[]>();

/** The columns of a table that have named enums. */
function usesOf(table: Table): readonly Use[] {
  const found = known.get(table);
  if (found !== undefined) return found;
  const uses = table.columns.flatMap((column): Use[] => {
    const type = namedEnum(column.type);
    return type === null ? [] : [{ column, key: enumKey(type), type }];
  });
  known.set(table, uses);
  return uses;
}

function usedEnums(schema: Schema): ReadonlyMap<string, NamedEnum> {
  const used = new Map<string, NamedEnum>();
  for (const table of schema.tables) for (const { key, type } of usesOf(table)) used.set(key, type);
  return used;
}

/** Whether a table that has an enum came, went or changed. */
function touchesEnums(before: Schema, after: Schema): boolean {
  const [old, now] = differing(before.tables, after.tables);
  const touched = [...new Set(old).symmetricDifference(new Set(now))];
  return touched.some((table) => usesOf(table).length > 0);
}

/** Two lists without what they begin and end with alike: of a thousand tables an operation changes one. */
function differing<T>(a: readonly T[], b: readonly T[]): readonly [readonly T[], readonly T[]] {
  const least = Math.min(a.length, b.length);
  let start = 0;
  while (start < least && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < least - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

/**
 * Named enums come with the first column that has them, change with any, and go with the last; those that no
 * column had before stay as they are.
 */
export function followEnums(before: Schema, after: Schema): Schema {
  if (before.tables === after.tables || !touchesEnums(before, after)) return after;
  const old = usedEnums(before);
  const now = usedEnums(after);
  const listed = new Map(before.enums.map((each) => [enumKey(each), each]));
  const changed = changedEnums(before, after, listed);
  const stay = before.enums.filter((each) => !old.has(enumKey(each)) || now.has(enumKey(each)));
  const enums = new Map(stay.map((each) => [enumKey(each), each]));
  for (const [key, type] of now) if (!enums.has(key)) enums.set(key, type);
  for (const [key, type] of changed) enums.set(key, type);
  return canonicalOrder({
    ...after,
    tables: changed.size === 0 ? after.tables : after.tables.map((table) => withValues(table, changed)),
    enums: [...enums.values()],
  });
}

/** The table with those enums as they are now: all columns have one and the same. */
function withValues(table: Table, enums: ReadonlyMap<string, NamedEnum>): Table {
  const isOld = ({ key, type }: Use): boolean =>
    enums.get(key) !== undefined && enums.get(key)?.values.join("\0") !== type.values.join("\0");
  const old = new Map(usesOf(table).flatMap((use) => (isOld(use) ? [[use.column, use.key] as const] : [])));
  if (old.size === 0) return table;
  const revalued = (type: ColumnType, to: NamedEnum): ColumnType => {
    if (type.kind === "array") return { ...type, of: revalued(type.of, to) };
    if (type.kind === "user") return { ...type, base: revalued(type.base, to) };
    return type.kind === "enum" ? { ...type, values: to.values } : type;
  };
  const columns = table.columns.map((column) => {
    const now = enums.get(old.get(column) ?? "");
    return now === undefined ? column : { ...column, type: revalued(column.type, now) };
  });
  return { ...table, columns };
}

/** Enums of columns whose type is another than before: the newest word on what the enum's values are. */
function changedEnums(
  before: Schema,
  after: Schema,
  listed: ReadonlyMap<string, NamedEnum>,
): ReadonlyMap<string, NamedEnum> {
  const old = new Set(before.tables.flatMap((table) => usesOf(table).map(({ column }) => column)));
  const changed = new Map<string, NamedEnum>();
  for (const { column, key, type } of after.tables.flatMap(usesOf)) {
    if (old.has(column)) continue;
    const standing = listed.get(key);
    if (standing === undefined || standing.values.join("\0") !== type.values.join("\0"))
      changed.set(key, type);
  }
  return changed;
}
