import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { databaseOn } from "../../../test/connections.ts";
import { type ColumnType, t } from "../../schema/index.ts";
import type { Connection, DriverValue } from "../connection.ts";
import { postgresqlCodec } from "./codec.ts";
import { openPglite, openPostgresql } from "./driver.ts";
import { typeName } from "./type-name.ts";

/** The server keeps every character of Unicode but NUL. */
const wellFormed = fc
  .string({ unit: "binary" })
  .filter((text) => !/\p{Surrogate}/u.test(text) && !text.includes("\0"));
const short = fc
  .string({ unit: "binary", maxLength: 30 })
  .filter((text) => !/\p{Surrogate}/u.test(text) && !text.includes("\0"));
const noMinusZero = (value: unknown): unknown => JSON.parse(JSON.stringify(value), (_, v) => v);
/** From 4713 BC on, to the last day that JavaScript knows. */
const instants = fc.date({ min: new Date(Date.UTC(-4711, 0, 1)), noInvalidDate: true });
const withoutZeros = (text: string): string => text.replace(/\.?0+$/, "");
const fourDigits = fc.date({
  min: new Date("0001-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59.999Z"),
  noInvalidDate: true,
});
/** Whole seconds have no point, and fractions no zeros at their end. */
const wallClocks = fourDigits.map((date) => withoutZeros(date.toISOString().slice(0, -1)));
const decimals = fc
  .tuple(fc.bigInt({ min: 1n - 10n ** 17n, max: 10n ** 17n - 1n }), fc.nat({ max: 999 }))
  .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(3, "0")}`);
const long = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 200n }), fc.bigInt({ min: 0n, max: 10n ** 100n }))
  .map(([whole, fraction]) => `${whole}.${fraction}`);
const doubles = fc.double().filter((value) => !Object.is(value, -0));
const floats = fc.float().filter((value) => !Object.is(value, -0));
const json = fc
  .jsonValue()
  .map(noMinusZero)
  .filter((value) => value !== null);
/** `jsonb` has no NUL in its texts, and numbers of its own. */
const jsonb = json.filter((value) => !JSON.stringify(value).includes("\\u0000"));
const bigints = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => {
  const isSafe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return isSafe ? Number(value) : value;
});

/** Every kind of column, and values in the stored form. */
const kinds: readonly (readonly [name: string, type: ColumnType, fc.Arbitrary<unknown>])[] = [
  ["smallint", t.smallint(), fc.integer({ min: -32768, max: 32767 })],
  ["integer", t.integer(), fc.integer()],
  ["bigint", t.bigint(), bigints],
  ["boolean", t.boolean(), fc.boolean()],
  ["real", t.real(), floats],
  ["double", t.double(), doubles],
  ["numeric", t.numeric(20, 3), decimals],
  ["numeric without precision", t.numeric(), long],
  ["char", t.char(30), short.map((text) => text.padEnd(30 + text.length - [...text].length))],
  ["varchar", t.varchar(), wellFormed],
  ["text", t.text(), wellFormed],
  ["bytes", t.bytes(), fc.uint8Array()],
  ["uuid", t.uuid(), fc.uuid()],
  ["date", t.date(), wallClocks.map((text) => text.slice(0, 10))],
  ["time", t.time(), wallClocks.map((text) => text.slice(11))],
  ["timestamp", t.timestamp(), wallClocks],
  ["timestamptz", t.timestamptz(), instants],
  ["interval", t.interval(), fc.integer({ min: 1, max: 10_000 }).map((n) => `P${n}DT${(n % 23) + 1}H0.5S`)],
  ["json", t.json(), json],
  ["jsonb", t.jsonb(), jsonb],
  ["array of text", t.array(t.text()), fc.array(fc.option(wellFormed))],
  ["array of bigint", t.array(t.bigint()), fc.array(bigints)],
  ["array of booleans", t.array(t.boolean()), fc.array(fc.boolean())],
  ["array of doubles", t.array(t.double()), fc.array(doubles)],
  ["array of bytes", t.array(t.bytes()), fc.array(fc.uint8Array())],
  ["array of instants", t.array(t.timestamptz()), fc.array(instants)],
  ["array of json", t.array(t.jsonb()), fc.array(jsonb)],
  ["array of arrays", t.array(t.array(t.integer())), rectangles(fc.integer())],
  ["enum", t.enum(["a", "it's", "c\\d"], { name: "mood" }), fc.constantFrom("a", "it's", "c\\d")],
  ["enum without a name", t.enum(["a", "b"]), fc.constantFrom("a", "b")],
  ["array of enum", t.array(t.enum(["a", "it's"], { name: "mood" })), fc.array(fc.constantFrom("a", "it's"))],
  ["user", t.user("Money", "./money.ts", t.numeric(20, 3)), decimals],
];

/** Arrays of arrays have one length here, and none is empty. */
function rectangles<T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[][]> {
  const size = fc.integer({ min: 1, max: 3 });
  return fc
    .tuple(size, size)
    .chain(([outer, inner]) =>
      fc.array(fc.array(of, { minLength: inner, maxLength: inner }), { minLength: outer, maxLength: outer }),
    );
}

const database = await databaseOn("postgresql");
const server = await openPostgresql(database.url);
const inProcess = await openPglite("pglite://");
after(async () => {
  await server.close();
  await inProcess.close();
  await database.remove();
});

for (const [where, source, runs] of [
  ["on a server", server, 100],
  ["in process", inProcess, 20],
] as const) {
  describe(`a value written and read is the same, ${where}`, async () => {
    const connection: Connection = await source.acquire();
    await connection.query("CREATE TYPE mood AS ENUM ('a', 'it''s', E'c\\\\d')");
    after(() => connection.release());

    for (const [index, [name, type, values]] of kinds.entries()) {
      test(name, async () => {
        const codec = postgresqlCodec(type);
        await connection.query(`CREATE TABLE t${index} (id int PRIMARY KEY, value ${typeName(type)})`);
        let id = 0;
        await fc.assert(
          fc.asyncProperty(values, async (value) => {
            id += 1;
            const insert = `INSERT INTO t${index} VALUES ($1, $2) RETURNING value`;
            const given = await connection.query(insert, [id, codec.encode(value)]);
            assert.deepEqual(plain(codec.decode(given.rows[0]?.[0] as DriverValue)), plain(value));
            const select = `SELECT value FROM t${index} WHERE id = $1`;
            for await (const [again] of connection.stream(select, [id])) {
              assert.deepEqual(plain(codec.decode(again as DriverValue)), plain(value));
            }
          }),
          { numRuns: runs },
        );
      });
    }
  });
}

/** Bytes are the same whatever class of bytes they come in; `json` makes objects without a prototype equal. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "object" && value !== null && !(value instanceof Date) ? noMinusZero(value) : value;
}
