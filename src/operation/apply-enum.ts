import type { ColumnType, EnumType, Schema, TableRef } from "../schema/index.ts";
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
export function renameEnumType(type: ColumnType, from: TableRef, to: TableRef): ColumnType {
  if (type.kind === "array") return { ...type, of: renameEnumType(type.of, from, to) };
  const named = type.kind === "enum" && type.name === from.name && type.schema === from.schema;
  return named ? { ...type, schema: to.schema, name: to.name } : type;
}

/** The key of an enum's name. */
export function enumKey(type: { readonly schema: string | null; readonly name: string }): string {
  return JSON.stringify([type.schema, type.name]);
}

function usedEnums(schema: Schema): ReadonlyMap<string, NamedEnum> {
  const used = new Map<string, NamedEnum>();
  for (const table of schema.tables) {
    for (const column of table.columns) {
      const type = namedEnum(column.type);
      if (type !== null) used.set(enumKey(type), type);
    }
  }
  return used;
}

/**
 * Named enums come with the first column that has them, change with any, and go with the last; those that no
 * column had before stay as they are.
 */
export function followEnums(before: Schema, after: Schema): Schema {
  if (before.tables === after.tables) return after;
  const old = usedEnums(before);
  const now = usedEnums(after);
  if (old.size === 0 && now.size === 0) return after;
  const known = new Map(before.enums.map((each) => [enumKey(each), each]));
  const changed = changedEnums(before, after, known);
  const stay = before.enums.filter((each) => !old.has(enumKey(each)) || now.has(enumKey(each)));
  const enums = new Map(stay.map((each) => [enumKey(each), each]));
  for (const [key, type] of now) if (!enums.has(key)) enums.set(key, type);
  for (const [key, type] of changed) enums.set(key, type);
  return canonicalOrder({ ...after, enums: [...enums.values()] });
}

/** Enums of columns whose type is another than before: the newest word on what the enum's values are. */
function changedEnums(
  before: Schema,
  after: Schema,
  known: ReadonlyMap<string, NamedEnum>,
): ReadonlyMap<string, NamedEnum> {
  const old = new Set(before.tables.flatMap((table) => table.columns));
  const changed = new Map<string, NamedEnum>();
  for (const table of after.tables) {
    for (const column of table.columns) {
      const type = old.has(column) ? null : namedEnum(column.type);
      if (type === null) continue;
      const standing = known.get(enumKey(type));
      if (standing === undefined || standing.values.join("\0") !== type.values.join("\0")) {
        changed.set(enumKey(type), type);
      }
    }
  }
  return changed;
}
