import assert from "node:assert/strict";
import { test } from "node:test";
import { componentsOf } from "./components.ts";

const links: Readonly<Record<string, readonly string[]>> = {
  a: ["b"],
  b: ["c", "d"],
  c: ["a"],
  d: ["e", "d"],
  e: [],
  f: ["e", "c"],
};

test("what reaches each other is one component, after those it leads to", () => {
  const components = componentsOf(Object.keys(links), (name) => links[name] ?? []);
  assert.deepEqual(
    components.map((each) => each.join("")),
    ["e", "d", "abc", "f"],
  );
});

test("a long chain overflows no stack", () => {
  const count = 200_000;
  const nodes = Array.from({ length: count }, (_, at) => at);
  const chain = componentsOf(nodes, (at) => (at + 1 < count ? [at + 1] : []));
  assert.equal(chain.length, count);
  assert.deepEqual(chain[0], [count - 1]);
  assert.equal(componentsOf(nodes, (at) => [(at + 1) % count]).length, 1);
});
