import assert from "node:assert/strict";
import { test } from "node:test";
import { integerRangeOf } from "./integer-range.ts";

const listsOf = (...values: readonly (number | bigint | string | null)[]) => values.map((value) => [value]);

test("consecutive integers are a range, in whatever order", () => {
  assert.deepEqual(integerRangeOf(listsOf(4, 2, 3)), { first: 2, last: 4 });
  assert.deepEqual(integerRangeOf(listsOf(-1, 0, 1)), { first: -1, last: 1 });
});

test("what has gaps, is short, or is something else than integers is none", () => {
  assert.equal(integerRangeOf(listsOf(1, 2, 4)), null);
  assert.equal(integerRangeOf(listsOf(1, 2)), null);
  assert.equal(integerRangeOf(listsOf(1, 1.5, 3)), null);
  assert.equal(integerRangeOf(listsOf("1", "2", "3")), null);
  assert.equal(integerRangeOf(listsOf(1n, 2n, 3n)), null);
  assert.equal(integerRangeOf(listsOf(1, null, 3)), null);
  assert.equal(
    integerRangeOf([
      [1, 1],
      [2, 1],
      [3, 1],
    ]),
    null,
  );
});
