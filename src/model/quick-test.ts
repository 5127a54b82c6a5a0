import { z } from "zod";

/**
 * Tests that say at once of most values that a schema lets them pass as they are, as text for `unrolled`: a test that
 * says no knows nothing, and the schema itself has the word. Zod runs every schema and every check of it through
 * functions of their own, with objects made for each value; a program's own comparison is many times faster.
 */

/** The text of a test of the variable with a name. */
export type Test = (value: string) => string;

/** What the texts refer to, by name. */
export type Constants = Record<string, unknown>;

type Comparable = "number" | "bigint" | "date" | null;

/** What values of a class of schemas are, and what its checks may look at. */
interface Kind {
  readonly test: Test;
  readonly hasLength: boolean;
  readonly compares: Comparable;
}

interface Definition {
  readonly coerce?: boolean;
  readonly checks?: readonly z.core.$ZodCheck[];
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly innerType?: z.core.$ZodType;
  readonly value?: unknown;
  readonly inclusive?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

const text: Kind = { test: (v) => `typeof ${v} === "string"`, hasLength: true, compares: null };
const number: Kind = { test: (v) => `Number.isFinite(${v})`, hasLength: false, compares: "number" };
const bigint: Kind = { test: (v) => `typeof ${v} === "bigint"`, hasLength: false, compares: "bigint" };
const boolean: Kind = { test: (v) => `typeof ${v} === "boolean"`, hasLength: false, compares: null };
const date: Kind = {
  test: (v) => `${v} instanceof Date && !Number.isNaN(${v}.getTime())`,
  hasLength: false,
  compares: "date",
};

/** By their very classes: one that was derived from them may do anything. */
const kinds: ReadonlyMap<unknown, Kind> = new Map<unknown, Kind>([
  [z.ZodString, text],
  [z.ZodUUID, text],
  [z.ZodGUID, text],
  [z.ZodEmail, text],
  [z.ZodISODate, text],
  [z.ZodISOTime, text],
  [z.ZodISODateTime, text],
  [z.ZodNumber, number],
  [z.ZodNumberFormat, number],
  [z.ZodBigInt, bigint],
  [z.ZodBigIntFormat, bigint],
  [z.ZodBoolean, boolean],
  [z.ZodDate, date],
]);

/** The formats of text that are a pattern and nothing else. */
const patterns: ReadonlySet<string> = new Set(["uuid", "guid", "email", "date", "time", "datetime", "regex"]);

/** The test of a schema, whose constants are added to those given; null where only the schema itself can say. */
export function testOf(schema: z.core.$ZodType, constants: Constants): Test | null {
  const def = definitionOf(schema);
  if (def.coerce === true) return null;
  const inner = wrappedTest(schema, def, constants) ?? valuesTest(schema, def, constants);
  if (inner !== null) return inner;
  const kind = kinds.get(schema.constructor);
  if (kind === undefined) return null;
  const checks = schema instanceof z.core.$ZodCheck ? [schema, ...(def.checks ?? [])] : (def.checks ?? []);
  const tests = checks.map((check) => checkTest(check as z.core.$ZodCheck, kind, constants));
  if (tests.includes(null)) return null;
  return (v) => [kind.test, ...(tests as Test[])].map((test) => test(v)).join(" && ");
}

function definitionOf(schema: z.core.$ZodType | z.core.$ZodCheck): Definition {
  return schema._zod.def as unknown as Definition;
}

/** Null and undefined, and what is wrapped. */
function wrappedTest(schema: z.core.$ZodType, def: Definition, constants: Constants): Test | null {
  const besides =
    schema.constructor === z.ZodNullable
      ? "null"
      : schema.constructor === z.ZodOptional
        ? "undefined"
        : undefined;
  const { innerType, checks = [] } = def;
  if (besides === undefined || innerType === undefined || checks.length > 0) return null;
  // One that puts something in the place of nothing.
  if (innerType._zod.optin === "defaulted") return null;
  const test = testOf(innerType, constants);
  return test === null ? null : (v) => `(${v} === ${besides} || ${test(v)})`;
}

/** One of several values. */
function valuesTest(schema: z.core.$ZodType, { checks = [] }: Definition, constants: Constants): Test | null {
  const isList = schema.constructor === z.ZodEnum || schema.constructor === z.ZodLiteral;
  const { values } = schema._zod;
  if (!isList || values === undefined || values.has(undefined) || checks.length > 0) return null;
  const name = constant(constants, values);
  return (v) => `${name}.has(${v})`;
}

function checkTest(check: z.core.$ZodCheck, kind: Kind, constants: Constants): Test | null {
  const def = definitionOf(check);
  if (check instanceof z.core.$ZodCheckStringFormat) return patternTest(def, kind, constants);
  if (check instanceof z.core.$ZodCheckNumberFormat) return numberTest(def, kind);
  if (check instanceof z.core.$ZodCheckBigIntFormat) return bigintTest(def, kind);
  if (check instanceof z.core.$ZodCheckMaxLength && kind.hasLength)
    return (v) => `${v}.length <= ${def.maximum}`;
  if (check instanceof z.core.$ZodCheckMinLength && kind.hasLength)
    return shortest(def.minimum ?? 0, constants);
  if (check instanceof z.core.$ZodCheckGreaterThan) return comparison(def, kind, ">");
  if (check instanceof z.core.$ZodCheckLessThan) return comparison(def, kind, "<");
  return null;
}

/** What is counted are code points: as many as there are units where none is half of a pair, and never more. */
function shortest(least: number, constants: Constants): Test {
  if (least <= 1) return (v) => `${v}.length >= ${least}`;
  const name = constant(constants, /^[^\ud800-\udfff]*$/);
  return (v) => `${v}.length >= ${least} && (${v}.length >= ${least * 2} || ${name}.test(${v}))`;
}

function patternTest({ format, pattern }: Definition, kind: Kind, constants: Constants): Test | null {
  const isPattern = kind === text && format !== undefined && patterns.has(format) && pattern !== undefined;
  if (!isPattern || pattern.global || pattern.sticky) return null;
  const name = constant(constants, pattern);
  return (v) => `${name}.test(${v})`;
}

/** `safeint`, `int32` and the like. */
function numberTest({ format }: Definition, kind: Kind): Test | null {
  const range = z.core.util.NUMBER_FORMAT_RANGES[format as keyof typeof z.core.util.NUMBER_FORMAT_RANGES];
  if (kind !== number || range === undefined || format === undefined) return null;
  const [least, most] = range;
  if (format === "int32") return (v) => `(${v} | 0) === ${v}`;
  const whole: Test = format.includes("int") ? (v) => `Number.isSafeInteger(${v}) && ` : () => "";
  return (v) => `${whole(v)}${v} >= ${least} && ${v} <= ${most}`;
}

function bigintTest({ format }: Definition, kind: Kind): Test | null {
  const range = z.core.util.BIGINT_FORMAT_RANGES[format as keyof typeof z.core.util.BIGINT_FORMAT_RANGES];
  if (kind !== bigint || range === undefined) return null;
  const [least, most] = range;
  return (v) => `${v} >= ${least}n && ${v} <= ${most}n`;
}

function comparison({ value, inclusive }: Definition, { compares }: Kind, operator: "<" | ">"): Test | null {
  const sign = inclusive === true ? `${operator}=` : operator;
  if (compares === "number" && typeof value === "number") return (v) => `${v} ${sign} ${value}`;
  if (compares === "bigint" && typeof value === "bigint") return (v) => `${v} ${sign} ${value}n`;
  if (compares === "date" && value instanceof Date) return (v) => `${v}.getTime() ${sign} ${value.getTime()}`;
  return null;
}

function constant(constants: Constants, value: unknown): string {
  const name = `k${Object.keys(constants).length}`;
  constants[name] = value;
  return name;
}
