import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SmallMap } from "./small-map.ts";

const step = fc.tuple(fc.constantFrom("set", "delete"), fc.constantFrom("a", "b", "c"), fc.nat(9));

test("a small map holds what a map does", () => {
  fc.assert(
    fc.property(fc.array(step), fc.array(step), (steps, later) => {
      const map = new Map<string, number>();
      const small = new SmallMap<number>();
      apply(steps, map, small);
      const [before, copy] = [new Map(map), small.copy()];
      apply(later, map, small);
      same(small, map);
      same(copy, before);
    }),
  );
});

function apply(
  steps: readonly (readonly [string, string, number])[],
  ...maps: readonly (Map<string, number> | SmallMap<number>)[]
): void {
  for (const [name, key, value] of steps) {
    for (const map of maps) {
      if (name === "set") map.set(key, value);
      else map.delete(key);
    }
  }
}

function same(small: SmallMap<number>, map: ReadonlyMap<string, number>): void {
  assert.equal(small.size, map.size);
  for (const key of ["a", "b", "c"]) {
    assert.equal(small.get(key), map.get(key));
    assert.equal(small.has(key), map.has(key));
  }
}
