import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Entry } from "./entry.ts";
import { IdentityMap } from "./identity-map.ts";

type Key = number | string | bigint;

const near = fc.integer({ min: 0, max: 300 });
const far = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 31 }),
  fc.integer({ min: -5, max: -1 }),
  fc.constantFrom<Key>(-0, 0.5, Number.MAX_SAFE_INTEGER, 2n ** 60n, "", "7", "a,b"),
);
const keys = fc.oneof({ weight: 4, arbitrary: near }, { weight: 1, arbitrary: far });

const steps = fc.array(fc.record({ key: keys, isGone: fc.boolean() }), { maxLength: 600, size: "max" });

function entry(): Entry {
  return new Entry({}, null as never, null as never, "persistent");
}

describe("entries by their keys", () => {
  it("are those of a Map, in its order, whatever comes and goes", () => {
    fc.assert(
      fc.property(steps, (steps) => {
        const map = new IdentityMap();
        const model = new Map<Key, Entry>();
        for (const { key, isGone } of steps) {
          const known = model.get(key);
          assert.equal(map.get(key), known);
          if (known === undefined) {
            const added = entry();
            map.add(key, added);
            model.set(key, added);
          } else if (isGone) {
            map.delete(key, known);
            model.delete(key);
          }
        }
        for (const [key, each] of model) assert.equal(map.get(key), each);
        assert.deepEqual(map.values(), [...model.values()]);
        const listed = map.list.filter((each) => each !== undefined);
        assert.deepEqual(listed, [...model.values()]);
      }),
      { numRuns: 300 },
    );
  });

  it("are found where many keys lie far apart, and near each other afterwards", () => {
    const map = new IdentityMap();
    const all = [...Array(2000).keys()].flatMap((n) => [n * 7919, 1_000_000_007 - n]);
    const entries = new Map([...new Set(all)].map((key) => [key, entry()]));
    for (const [key, each] of entries) map.add(key, each);
    for (const [key, each] of entries) assert.equal(map.get(key), each);
    for (const [key, each] of entries) if (key % 2 === 0) map.delete(key, each);
    for (const [key, each] of entries) assert.equal(map.get(key), key % 2 === 0 ? undefined : each);
    assert.equal(map.values().length, [...entries.keys()].filter((key) => key % 2 !== 0).length);
  });

  it("keeps nothing of what has gone", () => {
    const map = new IdentityMap();
    for (let key = 0; key < 100_000; key += 1) {
      const each = entry();
      map.add(key, each);
      if (key > 50) map.delete(key, each);
    }
    assert.equal(map.values().length, 51);
    assert.equal(map.list.filter((each) => each !== undefined).length, 51);
    assert.ok(map.list.length < 1000);
  });
});
