import assert from "node:assert/strict";
import { test } from "node:test";
import { binaryArray } from "./binary-array.ts";

const words = (buffer: Buffer | null): number[] =>
  Array.from({ length: (buffer?.length ?? 0) / 4 }, (_, at) => (buffer as Buffer).readInt32BE(at * 4));

test("instants are microseconds since 2000, and nulls are said to be there", () => {
  assert.deepEqual(
    words(binaryArray("timestamptz", ["2000-01-01 00:00:00.001+00", null, "1999-12-31 23:59:59.999+00"])),
    [1, 1, 1184, 3, 1, 8, 0, 1000, -1, 8, -1, -1000],
  );
  const far = binaryArray("timestamptz", ["9999-12-31 23:59:59.999+00"]);
  assert.equal(
    far?.readBigInt64BE(24),
    BigInt(Date.parse("9999-12-31T23:59:59.999Z") - Date.parse("2000-01-01T00:00:00Z")) * 1000n,
  );
});

test("floats are as they are", () => {
  const buffer = binaryArray("float8", [1.5, -0]);
  assert.deepEqual(words(buffer).slice(0, 5), [1, 0, 701, 2, 1]);
  assert.equal(buffer?.readDoubleBE(24), 1.5);
  assert.ok(Object.is(buffer?.readDoubleBE(36), -0));
});

test("what is written in another way is left to the server", () => {
  for (const text of [
    "2000-01-01 00:00:00.000001+00",
    "2000-01-01 00:00:00+00",
    "infinity",
    "0001-01-01 00:00:00 BC",
  ])
    assert.equal(binaryArray("timestamptz", [text]), null);
  assert.equal(binaryArray("timestamptz", ["2000-13-01 00:00:00.000+00"]), null);
  assert.equal(binaryArray("float8", ["NaN"]), null);
  assert.equal(binaryArray("int4", [1]), null);
});
