import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { unrolled } from "../util/unrolled.ts";
import { type Constants, testOf } from "./quick-test.ts";

const known: Readonly<Record<string, z.ZodType>> = {
  string: z.string(),
  "string of a length": z.string().min(2).max(3),
  "string that is not empty": z.string().min(1),
  uuid: z.uuid(),
  "uuid of a version": z.uuidv7(),
  guid: z.guid(),
  email: z.email(),
  "email as a check": z.string().email(),
  pattern: z.string().regex(/^[a-z]+$/),
  date: z.iso.date(),
  time: z.iso.time(),
  datetime: z.iso.datetime(),
  number: z.number(),
  "number in a range": z.number().min(-1).lt(10),
  int: z.int(),
  "int as a check": z.number().int(),
  int32: z.int32(),
  "positive int32": z.int32().positive(),
  uint32: z.uint32(),
  float32: z.float32(),
  bigint: z.bigint(),
  "bigint in a range": z.bigint().gt(0n).max(10n),
  int64: z.int64(),
  boolean: z.boolean(),
  instant: z.date(),
  "instant in a range": z.date().min(new Date(0)),
  enum: z.enum(["a", "bc"]),
  literal: z.literal(["a", 1]),
  nullable: z.string().max(3).nullable(),
  optional: z.int32().optional(),
  nullish: z.boolean().nullish(),
  described: z.string().describe("what it is").brand<"name">(),
};

const unknown: Readonly<Record<string, z.ZodType>> = {
  coerced: z.coerce.number(),
  trimmed: z.string().trim(),
  "in lower case": z.string().toLowerCase(),
  refined: z.string().refine((value) => value !== "a"),
  "nullable and refined": z
    .string()
    .nullable()
    .refine((value) => value !== "a"),
  defaulted: z.string().default("a"),
  "optional with a default": z.string().default("a").optional(),
  caught: z.string().catch("a"),
  "a multiple": z.number().multipleOf(2),
  "one that may be left out": z.literal(["a", undefined]),
  "a pattern with a memory": z.string().regex(/a/g),
  url: z.url(),
  array: z.array(z.string()),
  object: z.object({ a: z.string() }),
  pipe: z.string().pipe(z.string().max(2)),
  codec: z.codec(z.string(), z.number(), { decode: Number, encode: String }),
  any: z.any(),
};

const id = "0198f2a4-5b7c-7d3e-8f10-2a3b4c5d6e7f";
const values: readonly unknown[] = [
  ...[undefined, null, true, false, "", "a", "ab", "bc", "abc", "abcd", "A1", "😀😀", "😀😀😀", "😀😀😀😀"],
  ...[id, id.toUpperCase(), `${id} `, "a@example.org", "a@", "2026-02-28", "2026-02-30", "12:30:00", "25:00"],
  ...[
    "2026-02-28T12:30:00Z",
    "2026-02-28T12:30:00",
    0,
    -0,
    1,
    -1,
    1.5,
    9,
    10,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
  ],
  ...[2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 3.5e38, Number.MAX_VALUE, Number.NaN, Infinity, -Infinity],
  ...[0n, 1n, 10n, 11n, -1n, 2n ** 63n - 1n, 2n ** 63n, new Date(0), new Date(-1), new Date(Number.NaN)],
  ...[{}, [], ["a"], new String("a"), new Number(1), Symbol.iterator, () => "a"],
];

function compiled(schema: z.ZodType): (value: unknown) => boolean {
  const constants: Constants = {};
  const text = testOf(schema, constants)?.("value");
  assert.ok(text !== undefined);
  const made = unrolled<(value: unknown) => boolean>(["value"], `return ${text};`, constants);
  assert.ok(made !== null);
  return made;
}

test("what a test lets pass, its schema lets pass as it is; what it refuses is seldom right", () => {
  for (const [name, schema] of Object.entries(known)) {
    const passes = compiled(schema);
    const missed: unknown[] = [];
    for (const value of values) {
      const result = schema.safeParse(value);
      if (passes(value))
        assert.ok(result.success && Object.is(result.data, value), `${name}: ${String(value)}`);
      else if (result.success) missed.push(value);
    }
    assert.ok(
      missed.every((value) => typeof value === "string" && /[^ -~]/.test(value)),
      `${name}: ${missed.map(String).join()}`,
    );
  }
});

test("a schema that changes values, or has a function of its own, is asked itself", () => {
  for (const [name, schema] of Object.entries(unknown)) assert.equal(testOf(schema, {}), null, name);
  class Own extends z.ZodString {}
  assert.equal(testOf(new Own({ type: "string" }), {}), null);
});
