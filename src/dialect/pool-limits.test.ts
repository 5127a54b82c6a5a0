import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionAges, poolLimits } from "./pool-limits.ts";

test("limits have defaults, and at least one connection", () => {
  assert.deepEqual(poolLimits({}), { size: 5, most: 5, timeout: 30_000, recycle: null });
  assert.equal(poolLimits({ poolSize: 2, maxOverflow: 3 }).most, 5);
  assert.equal(poolLimits({ poolSize: 0 }).most, 1);
  assert.equal(poolLimits({ poolRecycle: 0 }).recycle, null);
});

test("a connection is old from its first use on", () => {
  let now = 100;
  const ages = new ConnectionAges(poolLimits({ poolRecycle: 50 }), () => now);
  const [one, two] = [{}, {}];
  assert.equal(ages.isOld(one), false);
  now = 149;
  assert.equal(ages.isOld(one), false);
  assert.equal(ages.isOld(two), false);
  now = 150;
  assert.equal(ages.isOld(one), true);
  assert.equal(ages.isOld(two), false);
  const never = new ConnectionAges(poolLimits({}), () => now);
  assert.equal(never.isOld(one), false);
  now = Number.MAX_SAFE_INTEGER;
  assert.equal(never.isOld(one), false);
});
