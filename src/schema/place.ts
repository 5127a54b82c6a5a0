import type { TableRef } from "./table.ts";

/**
 * Where a database has what is in a named schema. Models and migration files name tables by the schema of whoever
 * owns them; a database without schemas has them under a prefix.
 */
export type Place = (ref: TableRef) => TableRef;

/** `orders.line` as a database without schemas has it: `orders_line`. */
export function prefixed(ref: TableRef): TableRef {
  return ref.schema === null ? ref : { schema: null, name: `${ref.schema}_${ref.name}` };
}

/**
 * A schema, a table, an operation: whatever in it is the name of something that can be in a schema is put in its place.
 * What has no such name, or none that changes, is the very same value.
 */
export function placeRefs<T>(value: T, place: Place): T {
  if (Array.isArray(value)) return placeList(value, place) as T;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  let changed = false;
  const placed: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    placed[key] = placeRefs(inner, place);
    changed ||= placed[key] !== inner;
  }
  const { schema, name } = placed;
  if ((typeof schema === "string" || schema === null) && typeof name === "string") {
    const there = place({ schema, name });
    changed ||= there.schema !== schema || there.name !== name;
    placed["schema"] = there.schema;
    placed["name"] = there.name;
  }
  return changed ? (placed as T) : value;
}

function placeList(list: readonly unknown[], place: Place): readonly unknown[] {
  const placed = list.map((item) => placeRefs(item, place));
  return placed.every((item, at) => item === list[at]) ? list : placed;
}
