/** Long and wide histories: no stack runs out, and each revision is looked at once. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chain, rev } from "../../test/revisions.ts";
import { link } from "./build.ts";
import { RevisionGraph } from "./index.ts";
import { reach } from "./lineage.ts";
import { type GraphNode, requirements } from "./node.ts";
import { topological } from "./order.ts";

const length = 10_000;
const last = `r${length - 1}`;

/** `requirements`, and how often it was asked. */
function counted(): { calls: number; look: (node: GraphNode) => readonly GraphNode[] } {
  const counter = {
    calls: 0,
    look: (node: GraphNode) => {
      counter.calls++;
      return requirements(node);
    },
  };
  return counter;
}

describe("ten thousand revisions", () => {
  for (const [name, revisions] of [
    ["in order", chain(length)],
    ["the other way round", chain(length).toReversed()],
  ] as const) {
    test(`a chain declared ${name}`, () => {
      const graph = RevisionGraph.from(revisions);
      assert.equal(graph.order.at(-1), last);
      assert.deepEqual(graph.heads, [last]);
      assert.equal(graph.pending(["r99"]).length, length - 100);
      assert.equal(graph.upgrade([], "heads").steps.length, length);
      assert.equal(graph.downgrade([last], "base").steps.length, length);
      assert.deepEqual(graph.downgrade([last], `-${length - 1}`).heads, ["r0"]);
      assert.deepEqual(graph.stamp(["r0"], "head").heads, [last]);
      assert.equal(graph.range("r1:head-1").length, length - 2);
    });
  }

  test("a label at the top reaches the bottom", () => {
    const graph = RevisionGraph.from([...chain(length), rev("top", [last], { labels: ["late"] })]);
    assert.deepEqual(graph.branchLabels("r0"), ["late"]);
    assert.deepEqual(graph.resolve("late@head"), ["top"]);
  });

  test("a circle of them is named", () => {
    const circle = [rev("r0", [last]), ...chain(length).slice(1)];
    assert.throws(() => RevisionGraph.from(circle), { code: "REVISION.CYCLE" });
  });

  test("ordering and reaching look at each revision once, however they are linked", () => {
    const ladder = Array.from({ length }, (_, i) =>
      rev(
        `r${i}`,
        [i - 1, i - 2].filter((j) => j >= 0).map((j) => `r${j}`),
        i > 9 ? { needs: [`r${i - 9}`] } : {},
      ),
    );
    const { nodes } = link(ladder.toReversed());
    const ordering = counted();
    assert.equal(topological(nodes.toReversed(), ordering.look).order?.length, length);
    assert.equal(ordering.calls, length);
    const reaching = counted();
    assert.equal(reach(nodes.slice(-1), reaching.look).size, length);
    assert.equal(reaching.calls, length);
  });
});
