import type { z } from "zod";
import { definition } from "./zod-definition.ts";
import { isBytes } from "./zod-type.ts";

/**
 * What the values of a schema are, where they are stored as they are; of a pipe or codec, its encoded side. `anything`
 * is what the schema does not say, `mixture` several of the others, `other` what no column holds.
 */
export type Held =
  | "string"
  | "number"
  | "bigint"
  | "boolean"
  | "date"
  | "bytes"
  | "json"
  | "anything"
  | "mixture"
  | "other";

const plain: Readonly<Record<string, Held>> = {
  string: "string",
  template_literal: "string",
  number: "number",
  int: "number",
  bigint: "bigint",
  boolean: "boolean",
  success: "boolean",
  date: "date",
  object: "json",
  array: "json",
  tuple: "json",
  record: "json",
  intersection: "json",
  any: "anything",
  unknown: "anything",
  lazy: "anything",
};

/** What the values of a schema are. Null is no value. */
export function heldBy(schema: z.core.$ZodType): Held {
  const def = definition(schema);
  const known = plain[def.type];
  if (known !== undefined) return known;
  const within = def.type === "pipe" ? def.in : def.innerType;
  if (within !== undefined) return heldBy(within);
  if (def.type === "custom") return heldByCustom(schema);
  if (def.type === "enum") return together([...(schema._zod.values ?? [])].map(heldByValue));
  if (def.type === "literal") return together((def.values ?? []).map(heldByValue));
  if (def.type !== "union") return "other";
  return together((def.options ?? []).filter((each) => !isNothing(each)).map(heldBy));
}

/** The schema of a list's items. */
export function itemsOf(schema: z.core.$ZodType): z.core.$ZodType | null {
  const def = definition(schema);
  const within = def.type === "pipe" ? def.in : def.innerType;
  return within === undefined ? (def.element ?? null) : itemsOf(within);
}

function isNothing(schema: z.core.$ZodType): boolean {
  return ["null", "undefined"].includes(definition(schema).type);
}

function heldByCustom(schema: z.core.$ZodType): Held {
  const { Class } = schema._zod.bag as { Class?: unknown };
  if (isBytes(schema)) return "bytes";
  return Class === undefined || Class === Object ? "anything" : Class === Date ? "date" : "other";
}

function heldByValue(value: unknown): Held {
  return value === null || value === undefined ? "anything" : (plain[typeof value] ?? "other");
}

function together(all: readonly Held[]): Held {
  const [first, ...others] = new Set(all.filter((held) => held !== "anything"));
  if (first === undefined) return "anything";
  return others.length === 0 ? first : "mixture";
}

/** Where a schema holds, inside what is written as JSON, what JSON has no word for. */
export interface JsonFault {
  readonly path: string;
  readonly what: string;
}

/** The first such place; null where there is none. */
export function jsonFault(schema: z.core.$ZodType): JsonFault | null {
  return faultIn(schema, "", new Set());
}

function faultIn(schema: z.core.$ZodType, path: string, seen: Set<z.core.$ZodType>): JsonFault | null {
  if (seen.has(schema)) return null;
  seen.add(schema);
  const def = definition(schema);
  const held = heldBy(schema);
  if (["date", "bigint", "bytes", "other"].includes(held)) return { path, what: wordsOf(def.type, held) };
  const parts: (readonly [z.core.$ZodType | null | undefined, string])[] = [
    ...Object.entries(def.shape ?? {}).map(
      ([key, each]) => [each, path === "" ? key : `${path}.${key}`] as const,
    ),
    ...[...(def.items ?? []), def.rest, def.element].map((each) => [each, `${path}[]`] as const),
    [def.valueType, `${path}[]`],
    ...(def.options ?? []).map((each) => [each, path] as const),
    ...[def.innerType, def.in, def.left, def.right, def.catchall].map((each) => [each, path] as const),
    ...(def.type === "lazy" ? [[def.getter?.(), path] as const] : []),
  ];
  for (const [part, at] of parts) {
    if (part === null || part === undefined || ["never", "null", "undefined"].includes(definition(part).type))
      continue;
    const fault = faultIn(part, at, seen);
    if (fault !== null) return fault;
  }
  return null;
}

/** What such values are called. */
export function wordsOf(type: string, held: Held): string {
  if (held === "other" && type !== "custom") return `${type} values`;
  return words[held];
}

const words: Readonly<Record<Held, string>> = {
  string: "strings",
  number: "numbers",
  bigint: "bigints",
  boolean: "booleans",
  date: "dates",
  bytes: "bytes",
  json: "objects or lists",
  anything: "values of any kind",
  mixture: "values of several kinds",
  other: "instances of a class",
};
