import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { isAthanorError } from "../../errors/index.ts";
import { type ColumnType, t } from "../../schema/index.ts";
import type { Connection, DriverValue } from "../connection.ts";
import { sqliteCodec } from "./codec.ts";
import { openSqlite } from "./driver.ts";

const wellFormed = fc.string({ unit: "binary" }).filter((text) => !/\p{Surrogate}/u.test(text));
const noMinusZero = (value: unknown): unknown => JSON.parse(JSON.stringify(value), (_, v) => v);
const instants = fc.date({ noInvalidDate: true });
const wallClocks = instants.map((date) => date.toISOString().slice(0, -1));
const decimals = fc
  .tuple(fc.bigInt({ min: 1n - 10n ** 17n, max: 10n ** 17n - 1n }), fc.nat({ max: 999 }))
  .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(3, "0")}`);
const doubles = fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0));
const json = fc
  .jsonValue()
  .map(noMinusZero)
  .filter((value) => value !== null);
const bigints = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => {
  const isSafe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return isSafe ? Number(value) : value;
});

/** Every kind of column: its declared type as the DDL writes it, and values in the stored form. */
const kinds: readonly (readonly [name: string, type: ColumnType, declared: string, fc.Arbitrary<unknown>])[] =
  [
    ["smallint", t.smallint(), "SMALLINT", fc.integer({ min: -32768, max: 32767 })],
    ["integer", t.integer(), "INTEGER", fc.integer()],
    ["bigint", t.bigint(), "BIGINT", bigints],
    ["boolean", t.boolean(), "BOOLEAN", fc.boolean()],
    ["real", t.real(), "REAL", doubles.map((value) => Math.fround(value)).filter((v) => !Object.is(v, -0))],
    ["double", t.double(), "DOUBLE", doubles],
    ["numeric", t.numeric(20, 3), "DECIMAL_TEXT(20, 3)", decimals],
    ["numeric without scale", t.numeric(), "DECIMAL_TEXT", decimals],
    ["char", t.char(5), "CHAR(5)", wellFormed],
    ["varchar", t.varchar(), "VARCHAR", wellFormed],
    ["text", t.text(), "TEXT", wellFormed],
    ["bytes", t.bytes(), "BLOB", fc.uint8Array()],
    ["uuid", t.uuid(), "CHAR(36)", fc.uuid()],
    ["date", t.date(), "DATE", wallClocks.map((text) => text.split("T")[0]).filter((d) => d?.length === 10)],
    ["time", t.time(), "TIME", wallClocks.map((text) => text.split("T")[1])],
    ["timestamp", t.timestamp(), "DATETIME", wallClocks],
    ["timestamptz", t.timestamptz(), "TIMESTAMP", instants],
    ["interval", t.interval(), "DURATION", fc.nat().map((n) => `P${n}DT${n % 24}H`)],
    ["json", t.json(), "JSON", json],
    ["jsonb", t.jsonb(), "JSON", json],
    ["array of text", t.array(t.text()), "JSON", fc.array(fc.option(wellFormed))],
    ["array of bigint", t.array(t.bigint()), "JSON", fc.array(bigints)],
    ["array of bytes", t.array(t.bytes()), "JSON", fc.array(fc.uint8Array())],
    ["array of instants", t.array(t.timestamptz()), "JSON", fc.array(instants)],
    ["array of json", t.array(t.json()), "JSON", fc.array(json)],
    ["array of arrays", t.array(t.array(t.boolean())), "JSON", fc.array(fc.array(fc.boolean()))],
    ["enum", t.enum(["a", "b"]), "TEXT", fc.constantFrom("a", "b")],
    ["user", t.user("Money", "./money.ts", t.numeric(20, 3)), "DECIMAL_TEXT(20, 3)", decimals],
  ];

for (const scheme of ["sqlite", "sqlite+better-sqlite3"])
  test(`the least and the greatest integer of 64 bits are read whole, ${scheme}`, async () => {
    const source = await openSqlite(`${scheme}://`);
    const connection = await source.acquire();
    const codec = sqliteCodec(t.bigint());
    for (const value of [-(2n ** 63n), -(2n ** 63n) + 1n, 2n ** 63n - 1n]) {
      const { rows } = await connection.query(
        `SELECT ${value === -(2n ** 63n) ? `${value + 1n} - 1` : value}`,
      );
      assert.equal(codec.decode(rows[0]?.[0] as DriverValue), value);
    }
    await connection.release();
    await source.close();
  });

for (const scheme of ["sqlite", "sqlite+better-sqlite3"])
  describe(`a value written and read is the same, ${scheme}`, async () => {
    const source = await openSqlite(`${scheme}://`);
    const connection: Connection = await source.acquire();
    after(() => connection.release().then(() => source.close()));

    for (const [index, [name, type, declared, values]] of kinds.entries()) {
      test(name, async () => {
        const codec = sqliteCodec(type);
        await connection.query(`CREATE TABLE t${index} (value ${declared})`);
        await fc.assert(
          fc.asyncProperty(values, async (value) => {
            const sql = `INSERT INTO t${index} VALUES (?) RETURNING value`;
            const given = (await connection.query(sql, [codec.encode(value)])).rows[0]?.[0] as DriverValue;
            assert.deepEqual(plain(codec.decode(given)), plain(value));
            const read = await connection.query(`SELECT value FROM t${index} ORDER BY rowid DESC LIMIT 1`);
            assert.deepEqual(plain(codec.decode(read.rows[0]?.[0] as DriverValue)), plain(value));
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
  test("instants are read in every form in which SQLite and people write them", () => {
    const { decode } = sqliteCodec(t.timestamptz());
    const expected = new Date("2024-02-29T10:20:30.000Z");
    for (const text of [
      "2024-02-29 10:20:30",
      "2024-02-29T10:20:30Z",
      "2024-02-29 10:20:30.000",
      "2024-02-29T12:20:30+02:00",
      "2024-02-29 12:20:30+0200",
      "2024-02-29 12:20:30+02",
      1709202030,
    ]) {
      assert.deepEqual(decode(text), expected, String(text));
    }
    assert.deepEqual(decode("2024-02-29"), new Date("2024-02-29T00:00:00Z"));
  });

  test("equal decimals are equal texts, and none is rounded", () => {
    const { encode } = sqliteCodec(t.numeric(6, 2));
    for (const [given, kept] of [
      ["1.5", "1.50"],
      ["+01.50", "1.50"],
      [".5", "0.50"],
      ["-0", "0.00"],
      ["-7", "-7.00"],
      ["1.500", "1.50"],
      ["9999.99", "9999.99"],
    ]) {
      assert.equal(encode(given), kept);
    }
    for (const given of ["1.234", "12345", "x", "", ".", "1e3", "NaN"]) {
      assert.throws(
        () => encode(given),
        (error) => isAthanorError(error, "DATABASE.BAD_VALUE"),
        given,
      );
    }
  });

  test("what would be lost is refused", () => {
    const bad = (error: unknown): boolean => isAthanorError(error, "DATABASE.BAD_VALUE");
    assert.throws(() => sqliteCodec(t.double()).encode(Number.NaN), bad);
    assert.throws(() => sqliteCodec(t.timestamptz()).encode(new Date(Number.NaN)), bad);
    assert.throws(() => sqliteCodec(t.timestamptz()).decode("yesterday"), bad);
  });
});
