import { camelize, pluralize, singularize } from "inflection";
import { snakeCase } from "../model/names.ts";
import type { TableRef } from "../schema/index.ts";

/** `order items` as `order_items`: what no identifier can hold is a break between words. */
function words(name: string): string {
  const plain = name.replaceAll(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "");
  return /^[\p{L}_$]/u.test(plain) ? plain : `_${plain}`;
}

/** The property for a column: camelCase, as `column:` has it where that does not convert back. */
export function propertyName(column: string): string {
  const plain = words(column);
  // Capitals inside are the writer's own words; a name in capitals alone is not.
  const parts = (/[a-z]/.test(plain) ? snakeCase(plain) : plain.toLowerCase()).split("_").filter(Boolean);
  const name = parts.map((part, at) => (at === 0 ? part : capitalized(part))).join("");
  return plain.startsWith("_") ? `_${name}` : name;
}

/** Whether the model's own rule makes the column of the property. */
export function convertsBack(property: string, column: string): boolean {
  return snakeCase(property) === column;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** The class for a table: one object of it, in PascalCase. */
export function className(table: TableRef, taken: ReadonlySet<string>): string {
  const pascal = (name: string): string => capitalized(propertyName(name).replace(/^_+/, ""));
  const last = words(table.name).split("_");
  const single = pascal([...last.slice(0, -1), singularize(last.at(-1) ?? "")].join("_"));
  const name = /^\p{L}/u.test(single) ? single : `Table${single}`;
  const candidates = [
    name,
    ...(table.schema === null ? [] : [`${pascal(table.schema)}${name}`]),
    pascal(table.name),
    `${name}Row`,
  ];
  return unused(
    candidates.filter((each) => !reservedClasses.has(each)),
    taken,
  );
}

/** What a class would hide from the rest of its file. */
const reservedClasses: ReadonlySet<string> = new Set([
  "Array",
  "Boolean",
  "Date",
  "Error",
  "Function",
  "Map",
  "Model",
  "Number",
  "Object",
  "Promise",
  "Set",
  "String",
  "Symbol",
  "Uint8Array",
  "Infinity",
  "NaN",
]);

/** The first of `candidates` that is free; else the first, with a number. */
export function unused(candidates: readonly string[], taken: ReadonlySet<string>): string {
  const free = candidates.find((each) => !taken.has(each));
  if (free !== undefined) return free;
  for (let number = 2; ; number++) {
    const name = `${candidates[0] ?? "it"}${number}`;
    if (!taken.has(name)) return name;
  }
}

/** A class's name as that of one object: `OrderItem` as `orderItem`. */
export function asOne(name: string): string {
  return camelize(snakeCase(name), true);
}

/** A class's name as that of many: `OrderItem` as `orderItems`. */
export function asMany(name: string): string {
  const parts = snakeCase(name).split("_");
  return camelize([...parts.slice(0, -1), pluralize(parts.at(-1) ?? "")].join("_"), true);
}

/** What a foreign key's column speaks of: `home_team_id` of a `homeTeam`; null where it does not say. */
export function stemOf(column: string): string | null {
  const stem = snakeCase(propertyName(column)).replace(/_(id|uuid|guid|fk|key|code|no|ref)$/, "");
  const property = propertyName(stem);
  return property === propertyName(column) || stem === "" || stem === "id" ? null : property;
}

/** The file of a table, without its ending: `order_items` as `order-items`. */
export function fileName(name: string): string {
  return snakeCase(words(name)).replaceAll(/_+/g, "-").replace(/^-+/, "") || "table";
}
