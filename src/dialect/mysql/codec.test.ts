import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { databaseOn } from "../../../test/connections.ts";
import { isAthanorError } from "../../errors/index.ts";
import { type ColumnType, t } from "../../schema/index.ts";
import type { DriverValue } from "../connection.ts";
import { mysqlCodec } from "./codec.ts";
import { openMysql } from "./driver.ts";
import { parseVersion } from "./flavor.ts";
import { typeName } from "./type-name.ts";

const wellFormed = fc.string({ unit: "binary" }).filter((text) => !/\p{Surrogate}/u.test(text));
const short = fc.string({ unit: "binary", maxLength: 30 }).filter((text) => !/\p{Surrogate}/u.test(text));
const noMinusZero = (value: unknown): unknown => JSON.parse(JSON.stringify(value), (_, v) => v);
const instants = fc.date({
  min: new Date("0001-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59.999Z"),
  noInvalidDate: true,
});
const withoutZeros = (text: string): string => text.replace(/\.?0+$/, "");
const wallClocks = instants.map((date) => date.toISOString().slice(0, -1));
/** Whole seconds have no point, and fractions no zeros at their end. */
const trimmed = wallClocks.map((text) => withoutZeros(text));
const decimals = fc
  .tuple(fc.bigInt({ min: 1n - 10n ** 17n, max: 10n ** 17n - 1n }), fc.nat({ max: 999 }))
  .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(3, "0")}`);
const doubles = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((value) => !Object.is(value, -0) && !(Math.abs(value) < 2.3e-308 && value !== 0));
const floats = fc
  .float({ noNaN: true, noDefaultInfinity: true })
  .filter((value) => !Object.is(value, -0) && !(Math.abs(value) < 1.2e-38 && value !== 0));
const json = fc
  .jsonValue()
  .map(noMinusZero)
  .filter((value) => value !== null);
/** MariaDB's type refuses those of version 8, which anybody may make up. */
const uuids = fc.oneof(
  fc.uuid({ version: [1, 2, 3, 4, 5, 6, 7] }),
  fc.constantFrom("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
);
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
  ["numeric without precision", t.numeric(), decimals.map(withoutZeros)],
  ["char", t.char(30), short.map((text) => text.trimEnd())],
  ["varchar", t.varchar(), wellFormed],
  ["text", t.text(), wellFormed],
  ["bytes", t.bytes(), fc.uint8Array()],
  ["bytes of a length", t.bytes(20), fc.uint8Array({ maxLength: 20 })],
  ["uuid", t.uuid(), uuids],
  ["date", t.date(), wallClocks.map((text) => text.slice(0, 10))],
  ["time", t.time(), trimmed.map((text) => text.slice(11))],
  ["timestamp", t.timestamp(), trimmed],
  ["timestamptz", t.timestamptz(), instants],
  ["interval", t.interval(), fc.nat().map((n) => `P${n}DT${n % 24}H`)],
  ["json", t.json(), json],
  ["jsonb", t.jsonb(), json],
  ["array of text", t.array(t.text()), fc.array(fc.option(wellFormed))],
  ["array of bigint", t.array(t.bigint()), fc.array(bigints)],
  ["array of bytes", t.array(t.bytes()), fc.array(fc.uint8Array())],
  ["array of instants", t.array(t.timestamptz()), fc.array(instants)],
  ["array of json", t.array(t.json()), fc.array(json)],
  ["array of arrays", t.array(t.array(t.boolean())), fc.array(fc.array(fc.boolean()))],
  ["enum", t.enum(["a", "it's", "c\\d"]), fc.constantFrom("a", "it's", "c\\d")],
  ["user", t.user("Money", "./money.ts", t.numeric(20, 3)), decimals],
];

describe("a value written and read is the same", async () => {
  const database = await databaseOn("mariadb");
  const source = await openMysql(database.url);
  const connection = await source.acquire();
  after(async () => {
    await connection.release();
    await source.close();
    await database.remove();
  });
  const version = await connection.query("SELECT VERSION()");
  const binding = parseVersion(String(version.rows[0]?.[0]));

  for (const [index, [name, type, values]] of kinds.entries()) {
    test(name, async () => {
      const codec = mysqlCodec(type);
      await connection.query(`CREATE TABLE t${index} (id int PRIMARY KEY, value ${typeName(type, binding)})`);
      let id = 0;
      await fc.assert(
        fc.asyncProperty(values, async (value) => {
          id += 1;
          await connection.query(`INSERT INTO t${index} VALUES (?, ?)`, [id, codec.encode(value)]);
          const read = await connection.query(`SELECT value FROM t${index} WHERE id = ?`, [id]);
          assert.deepEqual(plain(codec.decode(read.rows[0]?.[0] as DriverValue)), plain(value));
          const streamed: unknown[] = [];
          for await (const [again] of connection.stream(`SELECT value FROM t${index} WHERE id = ?`, [id])) {
            streamed.push(codec.decode(again as DriverValue));
          }
          assert.deepEqual(plain(streamed), plain([value]));
        }),
      );
    });
  }
});

/** Bytes are the same whatever class of bytes they come in; `json` makes objects without a prototype equal. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "object" && value !== null && !(value instanceof Date) ? noMinusZero(value) : value;
}

describe("codecs", () => {
  test("what would be lost is refused", () => {
    const bad = (error: unknown): boolean => isAthanorError(error, "DATABASE.BAD_VALUE");
    assert.throws(() => mysqlCodec(t.double()).encode(Number.NaN), bad);
    assert.throws(() => mysqlCodec(t.real()).encode(Number.POSITIVE_INFINITY), bad);
    assert.throws(() => mysqlCodec(t.timestamptz()).encode(new Date(Number.NaN)), bad);
    assert.throws(() => mysqlCodec(t.timestamptz()).encode(new Date(Date.UTC(12_000, 1))), bad);
    assert.throws(() => mysqlCodec(t.timestamptz()).decode("0000-00-00 00:00:00"), bad);
    assert.throws(() => mysqlCodec(t.numeric(6, 2)).encode("1.234"), bad);
    assert.throws(() => mysqlCodec(t.numeric()).encode(`0.${"1".repeat(31)}`), bad);
    assert.throws(() => mysqlCodec(t.numeric()).encode("1".repeat(36)), bad);
  });

  test("what tables of others hold is understood", () => {
    assert.equal(mysqlCodec(t.boolean()).decode(Buffer.from([1])), true);
    assert.equal(mysqlCodec(t.boolean()).decode(0), false);
    assert.equal(mysqlCodec(t.uuid()).decode("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11")?.toString().at(0), "a");
    assert.deepEqual(mysqlCodec(t.json()).decode('{"a":1}'), { a: 1 });
    assert.equal(mysqlCodec(t.text()).decode(Buffer.from("ä")), "ä");
  });
});
