import { type ColumnType, t } from "../schema/index.ts";
import { type Code, call, text } from "../script/code.ts";
import type { EnumNames } from "./enums.ts";

/** How a column's values are said in a model: the Zod schema, and the column type that is inferred from it. */
export interface Spoken {
  readonly zod: Code;
  readonly type: ColumnType;
}

/** What Zod alone says, the likelier first: two of them can be one type to a database. */
export const plainTypes: readonly Spoken[] = [
  { zod: "z.boolean()", type: t.boolean() },
  { zod: "z.int32()", type: t.integer() },
  { zod: "z.int()", type: t.bigint() },
  { zod: "z.number()", type: t.double() },
  { zod: "z.float32()", type: t.real() },
  { zod: "z.string()", type: t.text() },
  { zod: "z.guid()", type: t.uuid() },
  { zod: "z.iso.date()", type: t.date() },
  { zod: "z.iso.time()", type: t.time() },
  { zod: "z.date()", type: t.timestamptz(3) },
  { zod: "z.iso.duration()", type: t.interval() },
  { zod: "z.json()", type: t.json() },
  { zod: "z.instanceof(Uint8Array)", type: t.bytes() },
];

/** What Zod alone says of a type with a length or with values; null where it says nothing. */
export function sizedType(type: ColumnType): Spoken | null {
  if (type.kind === "varchar" && type.length !== null) return { zod: `z.string().max(${type.length})`, type };
  if (type.kind === "enum") return { zod: enumOf(type.values), type: t.enum(type.values) };
  return null;
}

function enumOf(values: readonly string[]): Code {
  return call("z.enum", { kind: "array", items: values.map(text) });
}

/** The Zod schema for values of `type`, where the type itself has to be said beside it. */
export function zodFor(type: ColumnType, enums: EnumNames): Code {
  switch (type.kind) {
    case "smallint":
      return "z.int()";
    case "numeric":
      return "z.string()";
    case "char":
      return `z.string().max(${type.length})`;
    case "varchar":
      return type.length === null ? "z.string()" : `z.string().max(${type.length})`;
    case "timestamp":
      return type.timezone ? "z.date()" : "z.string()";
    case "time":
      return "z.string()";
    case "jsonb":
      return "z.json()";
    case "enum":
      return enums.nameOf(type) ?? enumOf(type.values);
    case "array":
      return call("z.array", zodFor(type.of, enums));
    case "native":
      return nativeZod(type.sql);
    case "user":
      return zodFor(type.base, enums);
    default:
      return plainTypes.find((each) => each.type.kind === type.kind)?.zod ?? "z.unknown()";
  }
}

/** Words in the names of types, and what drivers give for them. */
const nativeWords: readonly (readonly [RegExp, string])[] = [
  [/^set\b|char|text|clob|\[\]|range|point|interval/i, "z.string()"],
  [/^bigint/i, "z.union([z.int(), z.bigint()])"],
  [/int|serial|^year/i, "z.int()"],
  [/float|real|double/i, "z.number()"],
  [/numeric|decimal|^dec\b|money/i, "z.string()"],
  [/blob|binary|^bit\b|geometry|polygon/i, "z.instanceof(Uint8Array)"],
];

function nativeZod(sql: string): string {
  return nativeWords.find(([words]) => words.test(sql))?.[1] ?? "z.string()";
}
