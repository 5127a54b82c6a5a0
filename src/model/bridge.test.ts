import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { isAthanorError } from "../errors/index.ts";
import { t } from "../schema/index.ts";
import { inlineSql } from "../sql/index.ts";
import { bridge } from "./bridge.ts";
import { field } from "./field.ts";
import { heldBy, jsonFault } from "./held.ts";
import { createRegistry, metadataOf } from "./index.ts";
import { asIs } from "./stored.ts";

/** What TypeScript makes of `enum Level { Low = 1, High = 2 }`. */
const Level = { Low: 1, High: 2, 1: "Low", 2: "High" } as const;

describe("what a schema holds", () => {
  it("is read from what is stored of it", () => {
    const cases: readonly (readonly [z.ZodType, string])[] = [
      [z.string().max(3).nullable().default("a"), "string"],
      [z.int32().optional(), "number"],
      [z.literal([1n, null]), "bigint"],
      [z.union([z.bigint(), z.null()]), "bigint"],
      [z.enum(Level), "number"],
      [z.enum(["a"]), "string"],
      [z.union([z.int(), z.bigint()]), "mixture"],
      [z.codec(z.bigint(), z.string(), { decode: String, encode: BigInt }).nullable(), "bigint"],
      [z.instanceof(Date), "date"],
      [z.instanceof(Uint8Array), "bytes"],
      [z.instanceof(URL), "other"],
      [z.custom<string>(), "anything"],
      [z.json(), "anything"],
      [z.set(z.string()), "other"],
      [z.record(z.string(), z.int()), "json"],
    ];
    for (const [at, [schema, held]] of cases.entries()) assert.equal(heldBy(schema), held, `case ${at}`);
  });

  it("is no JSON where something in it is not", () => {
    const node = z.object({
      name: z.string(),
      get children() {
        return z.array(node);
      },
    });
    const cases: readonly (readonly [z.ZodType, string | null])[] = [
      [z.object({ a: z.string().optional(), b: z.array(z.number()).nullable() }), null],
      [node, null],
      [z.json(), null],
      [
        z.object({ at: z.codec(z.iso.datetime(), z.date(), { decode: (s) => new Date(s), encode: String }) }),
        null,
      ],
      [z.object({ a: z.array(z.object({ b: z.date().nullable() })) }), "a[].b"],
      [z.record(z.string(), z.bigint()), "[]"],
      [z.tuple([z.string(), z.union([z.string(), z.map(z.string(), z.int())])]), "[]"],
      [z.discriminatedUnion("k", [z.object({ k: z.literal("a"), v: z.instanceof(URL) })]), "v"],
      [z.object({ a: z.string() }).and(z.object({ b: z.date() })), "b"],
    ];
    for (const [at, [schema, path]] of cases.entries())
      assert.equal(jsonFault(schema)?.path ?? null, path, `case ${at}`);
  });
});

describe("between a schema and its column", () => {
  it("stands nothing where both have the same form, and nothing leads from one to the other where values would be lost", () => {
    const same: readonly (readonly [z.ZodType, Parameters<typeof bridge>[1]])[] = [
      [z.string(), t.varchar(3)],
      [z.int(), t.bigint()],
      [z.union([z.int(), z.bigint()]), t.bigint()],
      [z.date(), t.timestamptz(3)],
      [z.string(), t.timestamp(3)],
      [z.unknown(), t.integer()],
      [z.array(z.string()), t.array(t.text())],
      [z.object({}), t.jsonb()],
    ];
    for (const [schema, type] of same) assert.equal(bridge(schema, type), asIs, type.kind);
    const apart: readonly (readonly [z.ZodType, Parameters<typeof bridge>[1]])[] = [
      [z.number(), t.text()],
      [z.date(), t.bigint()],
      [z.boolean(), t.text()],
      [z.string(), t.double()],
      [z.object({}), t.text()],
      [z.string(), t.array(t.text())],
      [z.array(z.date()), t.array(t.text())],
      [z.set(z.string()), t.json()],
      [z.union([z.string(), z.number()]), t.varchar(9)],
    ];
    for (const [schema, type] of apart) assert.equal(bridge(schema, type), null, type.kind);
  });

  it("stands what writes decimals as the column has them, and compares all that a number has", () => {
    const { toStored, fromStored, toCompared } = bridge(z.number(), t.numeric(10, 2)) ?? asIs;
    assert.deepEqual([0.1 + 0.2, 1e-7, 1e21, -2].map(toStored), [
      "0.30",
      "0.00",
      "1000000000000000000000",
      "-2.00",
    ]);
    assert.deepEqual([1.005, 1e-7].map(toCompared ?? toStored), ["1.005", "0.0000001"]);
    assert.equal(fromStored("12.50"), 12.5);
  });

  it("stands what refuses a text that is no number, a decimal that is no whole one, a time that is none", () => {
    const refused = (convert: () => unknown): void =>
      assert.throws(convert, (error) => isAthanorError(error, "DATABASE.BAD_VALUE"));
    refused(() => bridge(z.string(), t.integer())?.toStored("1.5"));
    refused(() => bridge(z.bigint(), t.numeric(9, 2))?.fromStored("1.50"));
    refused(() => bridge(z.string(), t.timestamptz(3))?.toStored("yesterday"));
    refused(() => bridge(z.string(), t.timestamptz(6))?.toStored("2026-03-08T02:30:00.123456Z"));
    assert.deepEqual(
      bridge(z.string(), t.timestamptz(6))?.toStored("2026-03-08T02:30:00.120000Z"),
      new Date("2026-03-08T02:30:00.120Z"),
    );
  });

  it("leaves decimals numbers in definitions, and lets them be compared with longer ones", () => {
    const { Model } = createRegistry("decimals");
    class Priced extends Model("priced", {
      id: field(z.int(), { primaryKey: true }),
      price: field(z.number(), { type: t.numeric(10, 2) }),
      exact: field(z.string(), { type: t.numeric(10, 2) }),
    }) {}
    const { price, exact } = Priced.c;
    assert.equal(
      inlineSql(price.gt(0.125).and(exact.le("7.50")).expression),
      "(price > 0.125) AND (exact <= 7.50)",
    );
    const typeOf = (value: string): unknown => {
      const { expression } = exact.eq(value);
      return expression.kind === "binary" && expression.right.kind === "parameter"
        ? expression.right.type
        : null;
    };
    const free = t.numeric();
    assert.deepEqual(["1.50", "1.500", "1.501", "12345678", "123456789"].map(typeOf), [
      t.numeric(10, 2),
      t.numeric(10, 2),
      free,
      t.numeric(10, 2),
      free,
    ]);
  });

  it("is an error of the model where nothing can", () => {
    const { Model } = createRegistry("bridges");
    class Apart extends Model("apart", {
      id: field(z.int(), { primaryKey: true }),
      x: field(z.number(), { type: t.text() }),
    }) {}
    assert.throws(() => metadataOf(Apart), {
      code: "MODEL.TYPE_MISMATCH",
      fields: { model: "Apart", property: "x", holds: "numbers", type: "text" },
    });
    class Dated extends Model("dated", {
      id: field(z.int(), { primaryKey: true }),
      x: field(z.object({ d: z.date() })),
    }) {}
    assert.throws(() => metadataOf(Dated), {
      code: "MODEL.NOT_JSON",
      fields: { model: "Dated", property: "x", path: "d", what: "dates" },
    });
  });
});
