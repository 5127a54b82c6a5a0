import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rev } from "../../test/revisions.ts";
import { link } from "./build.ts";
import { HeadRows } from "./heads.ts";
import type { GraphNode } from "./node.ts";

const revisions = fc
  .array(fc.array(fc.nat({ max: 99 }), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((list) =>
    list.map((picks, i) => {
      const earlier = i === 0 ? [] : [...new Set(picks.map((pick) => `r${pick % i}`))];
      return rev(`r${i}`, earlier.slice(0, 2), { needs: earlier.slice(2) });
    }),
  );

test("what is applied one by one and taken back one by one leaves the same rows at each height", () => {
  fc.assert(
    fc.property(revisions, (list) => {
      const { nodes } = link(list);
      const rows = new HeadRows([]);
      const heights: ReadonlySet<string>[] = [];
      for (const node of nodes) {
        heights.push(new Set(rows.ids));
        rows.apply(node);
      }
      for (const node of nodes.toReversed()) {
        rows.takeBack(node);
        assert.deepEqual(new Set(rows.ids), heights.pop());
      }
    }),
  );
});

test("rows that lie below each other, as a broken table may have them, are taken back all the same", () => {
  const { nodes } = link([rev("a"), rev("b", ["a"]), rev("c", ["b"])]);
  const [a, , c] = nodes as readonly [GraphNode, GraphNode, GraphNode];
  const rows = new HeadRows([a, c]);
  assert.deepEqual(rows.takeBack(c), [{ kind: "update", from: "c", to: "b" }]);
  assert.deepEqual(rows.takeBack(nodes[1] as GraphNode), [{ kind: "delete", revision: "b" }]);
  assert.deepEqual(rows.takeBack(a), [{ kind: "delete", revision: "a" }]);
  assert.deepEqual(rows.ids, []);
});
