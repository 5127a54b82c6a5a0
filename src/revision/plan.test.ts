import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rev, twoBases } from "../../test/revisions.ts";
import { type Plan, RevisionGraph } from "./index.ts";

const graph = twoBases();
const steps = (plan: Plan): readonly string[] => plan.steps.map((step) => step.revision);

describe("upgrade", () => {
  test("brings what is needed, dependencies included, and says what to write", () => {
    assert.deepEqual(graph.upgrade(["ab20"], "e2"), {
      steps: [
        {
          revision: "c1",
          direction: "upgrade",
          writes: [{ kind: "update", from: "ab20", to: "c1" }],
          heads: ["c1"],
        },
        {
          revision: "e1",
          direction: "upgrade",
          writes: [{ kind: "insert", revision: "e1" }],
          heads: ["c1", "e1"],
        },
        {
          revision: "e2",
          direction: "upgrade",
          writes: [
            { kind: "delete", revision: "c1" },
            { kind: "update", from: "e1", to: "e2" },
          ],
          heads: ["e2"],
        },
      ],
      heads: ["e2"],
      chosenFrom: [],
    });
  });

  test("takes several targets", () => {
    assert.deepEqual(steps(graph.upgrade(["ab20"], ["d1", "right"])), ["c1", "d1", "c2"]);
    assert.deepEqual(steps(graph.upgrade(["ab20"], ["left@+1", "right@+1"])), ["c1", "c2"]);
    assert.throws(() => graph.upgrade([], ["d1", "c1"]), {
      code: "REVISION.OVERLAP",
      fields: { revision: "c1", revisions: ["d1"] },
    });
  });

  test("does nothing where it is there already, or where the target is base", () => {
    for (const target of ["aa10", "ab20", "base", "aa10-1"]) {
      assert.deepEqual(graph.upgrade(["c1"], target), { steps: [], heads: ["c1"], chosenFrom: [] }, target);
    }
  });

  test("refuses rows that lie below each other", () => {
    assert.throws(() => graph.upgrade(["aa10", "d1"], "heads"), {
      code: "REVISION.OVERLAP",
      fields: { revision: "aa10", revisions: ["d1"] },
    });
  });

  test("refuses to count down", () => {
    for (const target of ["-1", "left@-1"]) {
      assert.throws(() => graph.upgrade(["d1"], target), {
        code: "REVISION.WRONG_DIRECTION",
        fields: { identifier: target, direction: "upgrade" },
      });
    }
  });

  test("a step above the head is a step too far, where Alembic fails with an assertion", () => {
    assert.throws(() => RevisionGraph.from([rev("a")]).upgrade([], "head+1"), {
      code: "REVISION.WALK_TOO_FAR",
      fields: { identifier: "head+1", steps: 1, possible: 0 },
    });
  });

  test("an ambiguous prefix is called one, where Alembic calls it unknown", () => {
    assert.throws(() => graph.upgrade([], "a"), {
      code: "REVISION.AMBIGUOUS_PREFIX",
      fields: { identifier: "a", candidates: ["aa10", "ab20"] },
    });
  });
});

describe("downgrade", () => {
  test("takes back what follows the target, and what depends on that", () => {
    const plan = graph.downgrade(["d1", "d2", "e2"], "ab20");
    assert.deepEqual(steps(plan), ["e2", "d2", "c2", "d1", "c1"]);
    assert.deepEqual(new Set(plan.heads), new Set(["ab20", "e1"]));
  });

  test("limited to a branch", () => {
    assert.deepEqual(steps(graph.downgrade(["d1", "d2"], "right@ab20")), ["d2", "c2"]);
    assert.deepEqual(steps(graph.downgrade(["d1", "d2", "e2"], "other@base")), ["e2", "e1"]);
    assert.deepEqual(steps(graph.downgrade(["d1", "d2"], "left@-1")), ["d1"]);
    assert.throws(() => graph.downgrade(["d1", "d2"], "other@ab20"), {
      code: "REVISION.NOT_IN_BRANCH",
      fields: { revision: "ab20", branch: "e1" },
    });
  });

  test("base takes everything back, and is there already where nothing is applied", () => {
    assert.deepEqual(graph.downgrade(["d1", "d2", "e2"], "base").heads, []);
    assert.deepEqual(graph.downgrade([], "base").steps, []);
  });

  test("the target has to lie below", () => {
    assert.throws(() => graph.downgrade(["c1"], "d2"), {
      code: "REVISION.NOT_ANCESTOR",
      fields: { lower: "d2", upper: ["c1"] },
    });
    assert.deepEqual(graph.downgrade(["c1"], "c1").steps, []);
  });

  test("a bare -N takes the first row, and says that there was a choice", () => {
    const plan = graph.downgrade(["d2", "d1"], "-1");
    assert.deepEqual([steps(plan), plan.heads, plan.chosenFrom], [["d2"], ["d1", "c2"], ["d2", "d1"]]);
    assert.deepEqual(graph.downgrade(["d2"], "-1").chosenFrom, []);
  });

  test("refuses to count up", () => {
    assert.throws(() => graph.downgrade(["d1"], "+1"), {
      code: "REVISION.WRONG_DIRECTION",
      fields: { identifier: "+1", direction: "downgrade" },
    });
  });

  test("a merge comes apart", () => {
    const merged = RevisionGraph.from([rev("a"), rev("b1", ["a"]), rev("b2", ["a"]), rev("m", ["b1", "b2"])]);
    const [step] = merged.downgrade(["m"], "b1").steps;
    assert.deepEqual(step?.writes, [
      { kind: "update", from: "m", to: "b1" },
      { kind: "insert", revision: "b2" },
    ]);
    assert.throws(() => merged.downgrade(["m"], "-1"), { code: "REVISION.AMBIGUOUS_WALK" });
  });
});

describe("graphs in which Alembic loses its rows", () => {
  test("a merge whose parent lies below its own dependency", () => {
    const tangled = RevisionGraph.from([
      rev("r0"),
      rev("r1", ["r0"]),
      rev("r2", ["r0"]),
      rev("r3", ["r2"], { labels: ["L3"] }),
      rev("r4", ["r1", "r2"], { needs: ["L3"] }),
    ]);
    assert.deepEqual(tangled.upgrade(["r2"], "r4").heads, ["r4"]);
    assert.deepEqual(new Set(tangled.downgrade(["r4"], "r1").heads), new Set(["r1", "r3"]));
  });

  test("a merge of a revision with what follows it leaves one row when it is taken back", () => {
    const doubled = RevisionGraph.from([rev("a"), rev("b", ["a"]), rev("m", ["a", "b"]), rev("x")]);
    assert.deepEqual(doubled.downgrade(["m", "x"], "b").heads, ["x", "b"]);
  });
});

describe("stamp", () => {
  const heads = (current: readonly string[], targets: string | readonly string[]): readonly string[] =>
    graph.stamp(current, targets).heads;

  test("moves a branch up or down, and leaves the others", () => {
    assert.deepEqual(graph.stamp(["aa10", "e1"], "d1"), {
      steps: [
        {
          from: ["aa10"],
          to: "d1",
          writes: [{ kind: "update", from: "aa10", to: "d1" }],
          heads: ["e1", "d1"],
        },
      ],
      heads: ["e1", "d1"],
    });
    assert.deepEqual(heads(["d1", "e1"], "aa10"), ["e1", "aa10"]);
    assert.deepEqual(heads(["d1"], "d2"), ["d1", "d2"]);
  });

  test("joins the rows above and below into one", () => {
    assert.deepEqual(graph.stamp(["d1", "d2"], "ab20").steps[0]?.writes, [
      { kind: "delete", revision: "d2" },
      { kind: "update", from: "d1", to: "ab20" },
    ]);
    assert.deepEqual(heads(["c1", "e1"], "e2"), ["e2"]);
  });

  test("base clears, a branch's base clears that branch", () => {
    assert.deepEqual(heads(["d1", "d2", "e1"], "base"), []);
    assert.deepEqual(heads(["d1", "e1"], "other@base"), ["d1"]);
    assert.deepEqual(graph.stamp([], "base").steps, []);
  });

  test("takes several targets; what lies below another counts for nothing", () => {
    assert.deepEqual(new Set(heads(["aa10"], "heads")), new Set(["d1", "d2", "e2"]));
    assert.deepEqual(heads([], ["d1", "c1"]), ["d1"]);
    assert.deepEqual(heads([], ["c1", "d1"]), ["d1"]);
  });

  test("does nothing where the row is there", () => {
    assert.deepEqual(graph.stamp(["d1"], "d1"), { steps: [], heads: ["d1"] });
  });

  test("counts from the rows", () => {
    assert.deepEqual(heads(["d1"], "-1"), ["c1"]);
    assert.deepEqual(heads(["aa10"], "-1"), []);
    assert.deepEqual(heads(["c1", "d2"], "left@+1"), ["d2", "d1"]);
    assert.throws(() => heads(["d1", "d2"], "-1"), { code: "REVISION.AMBIGUOUS_WALK" });
  });
});
