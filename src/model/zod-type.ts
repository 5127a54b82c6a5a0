import type { z } from "zod";
import { type ColumnType, t } from "../schema/index.ts";
import { type Definition, definition } from "./zod-definition.ts";

/** What a Zod schema says of a column: its type, and whether it takes null or may be left out. */
export interface InferredColumn {
  /** Null where nothing can be inferred. */
  readonly type: ColumnType | null;
  readonly nullable: boolean;
}

const declared = new WeakMap<z.core.$ZodType, ColumnType>();

/** Says what column a schema is stored in, where its own words would say something else. */
export function declareType(schema: z.core.$ZodType, type: ColumnType): void {
  declared.set(schema, type);
}

const wrappers: ReadonlySet<string> = new Set([
  "optional",
  "nullable",
  "nonoptional",
  "default",
  "prefault",
  "catch",
  "readonly",
]);

/** The column type of the values a schema stores: of a pipe or codec, its encoded side. */
export function inferColumn(schema: z.core.$ZodType): InferredColumn {
  const known = declared.get(schema);
  if (known !== undefined) return { type: known, nullable: false };
  const def = definition(schema);
  if (wrappers.has(def.type) && def.innerType !== undefined) {
    const inner = inferColumn(def.innerType);
    const adds = def.type === "nullable" || def.type === "optional";
    return { type: inner.type, nullable: inner.nullable || adds };
  }
  if (def.type === "pipe" && def.in !== undefined) return inferColumn(def.in);
  if (def.type === "lazy" && def.getter !== undefined) return inferLazy(def.getter());
  return { type: inferType(schema, def), nullable: def.type === "null" || acceptsNull(def) };
}

/** `z.json()` and schemas that contain themselves are lazy unions: whatever they hold is JSON. */
function inferLazy(schema: z.core.$ZodType): InferredColumn {
  const def = definition(schema);
  return def.type === "union" ? { type: t.json(), nullable: false } : inferColumn(schema);
}

function acceptsNull(def: Definition): boolean {
  return def.type === "union" && (def.options ?? []).some((option) => definition(option).type === "null");
}

function inferType(schema: z.core.$ZodType, def: Definition): ColumnType | null {
  switch (def.type) {
    case "string":
      return stringType(def);
    case "number":
      return numberType(def);
    case "bigint":
      return t.bigint();
    case "boolean":
      return t.boolean();
    case "date":
      return t.timestamptz(3);
    case "enum":
      return enumType([...(schema._zod.values ?? [])]);
    case "literal":
      return enumType(def.values ?? []);
    case "template_literal":
      return t.text();
    case "object":
    case "array":
    case "tuple":
    case "record":
      return t.json();
    case "union":
      return unionType(def);
    case "custom":
      return isBytes(schema) ? t.bytes() : null;
    default:
      return null;
  }
}

/** Whether a schema holds binary data. */
export function isBytes(schema: z.core.$ZodType): boolean {
  const { Class } = schema._zod.bag as { Class?: unknown };
  return Class === Uint8Array || Class === Buffer;
}

const stringFormats: Readonly<Record<string, ColumnType>> = {
  uuid: t.uuid(),
  guid: t.uuid(),
  date: t.date(),
  time: t.time(),
  duration: t.interval(),
};

function stringType(def: Definition): ColumnType {
  const format = def.format === undefined ? undefined : stringFormats[def.format];
  if (format !== undefined) return format;
  if (def.format === "datetime") return t.varchar(40);
  const longest = (def.checks ?? [])
    .map(({ _zod }) => _zod.def)
    .flatMap((check) => {
      if (check.check === "max_length") return [check.maximum ?? 0];
      return check.check === "length_equals" ? [check.length ?? 0] : [];
    });
  return longest.length === 0 ? t.text() : t.varchar(Math.min(...longest));
}

const integerFormats: Readonly<Record<string, ColumnType>> = {
  safeint: t.bigint(),
  int32: t.integer(),
  uint32: t.bigint(),
  float32: t.real(),
  float64: t.double(),
};

function numberType(def: Definition): ColumnType {
  const formats = [def.format, ...(def.checks ?? []).map(({ _zod }) => _zod.def.format)];
  const known = formats.flatMap((format) => (format === undefined ? [] : (integerFormats[format] ?? [])));
  return known.find((type) => type.kind === "integer") ?? known[0] ?? t.double();
}

function enumType(values: readonly unknown[]): ColumnType | null {
  if (values.length === 0) return null;
  if (values.every((value) => typeof value === "string")) return t.enum(values as string[]);
  if (values.every((value) => Number.isSafeInteger(value))) return t.integer();
  return values.every((value) => typeof value === "boolean") ? t.boolean() : null;
}

/** A union of literals is an enum, of one type that type; of objects, JSON. Null only makes it nullable. */
function unionType(def: Definition): ColumnType | null {
  const options = (def.options ?? []).filter((option) => definition(option).type !== "null");
  const literals = options.flatMap((option) => definition(option).values ?? []);
  if (options.length > 0 && options.every((option) => definition(option).type === "literal"))
    return enumType(literals);
  const types = options.map((option) => inferColumn(option).type);
  const [first] = types;
  if (first === undefined || types.some((type) => type === null)) return null;
  const same = types.every((type) => JSON.stringify(type) === JSON.stringify(first));
  if (same) return first;
  return types.every((type) => type?.kind === "text" || type?.kind === "varchar") ? t.text() : t.json();
}
